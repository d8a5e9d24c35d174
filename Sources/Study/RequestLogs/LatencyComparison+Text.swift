import Reporting
import Workload

extension LatencyComparison {
  /// Rows of a table: the figures, measured and predicted, their error, and the requests' own.
  static func append(_ comparisons: [LatencyComparison], to table: inout TextTable) {
    for comparison in comparisons {
      let unit = comparison.metric == .timePerOutputToken ? (1e3, "ms") : (1.0, "s")
      let figures = zip(comparison.measured.all, comparison.predicted.all)
      for (row, (measured, predicted)) in figures.enumerated() {
        var cells = [
          row == 0 ? comparison.metric.rawValue : "", measured.name,
          fixed(measured.value * unit.0) + " " + unit.1,
          fixed(predicted.value * unit.0) + " " + unit.1,
          FidelityScore.percent(predicted.value / measured.value - 1, signed: true),
        ]
        if row == 0 {
          let score = comparison.score
          cells += [FidelityScore.percent(score.median), FidelityScore.percent(score.ninetieth)]
        }
        table.append(cells)
      }
    }
  }

  /// The head of such a table.
  static let head = [
    "", "", "measured", "predicted", "error", "requests: median", "p90",
  ]

  var json: JSONValue {
    .object([
      ("metric", .string(metric.rawValue)),
      ("requests", .integer(Int64(score.count))),
      ("missing", .integer(Int64(score.missing))),
      ("measured_seconds", .object(measured.all.map { ($0.name, .number($0.value)) })),
      ("predicted_seconds", .object(predicted.all.map { ($0.name, .number($0.value)) })),
      ("request_error_median", .optional(score.median)),
      ("request_error_p90", .optional(score.ninetieth)),
    ])
  }

  /// A number with three decimals.
  static func fixed(_ value: Double) -> String {
    let thousandths = (value * 1_000).rounded()
    guard thousandths.magnitude < 1e15 else { return value.description }
    let whole = Int64(thousandths)
    let rest = String(whole.magnitude % 1_000)
    let zeros = String(repeating: "0", count: 3 - rest.count)
    return "\(whole < 0 ? "-" : "")\(whole.magnitude / 1_000).\(zeros)\(rest)"
  }
}
