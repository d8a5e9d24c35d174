import Foundation
import Reporting
import Workload

/// What one benchmark found, beside what was hoped for.
struct Row {
  /// Without commas, so that simple tools can split the CSV.
  let name: String
  let value: Double
  let unit: String
  var budget: Budget?
  var timing = Timing()
  /// Of the run that was measured; a faster engine must not change it.
  var digest: UInt128?
  var note = ""

  /// A row for something that cannot be measured here.
  static func skipped(_ name: String, unit: String, because reason: String) -> Row {
    Row(name: name, value: .nan, unit: unit, note: "skipped: \(reason)")
  }
}

/// What a value should not fall below, or exceed.
struct Budget {
  enum Bound { case atLeast, atMost }

  let bound: Bound
  let limit: Double

  static func atLeast(_ limit: Double) -> Budget { Budget(bound: .atLeast, limit: limit) }
  static func atMost(_ limit: Double) -> Budget { Budget(bound: .atMost, limit: limit) }

  func holds(for value: Double) -> Bool {
    switch bound {
    case .atLeast: value >= limit
    case .atMost: value <= limit
    }
  }

  var sign: String {
    switch bound {
    case .atLeast: "≥"
    case .atMost: "≤"
    }
  }
}

/// Rows as people and programs read them.
enum RowReport {
  static func table(_ rows: [Row]) -> String {
    var table = TextTable()
    table.append([
      "benchmark", "value", "unit", "budget", "holds", "÷ budget", "min", "median", "digest",
      "note",
    ])
    for row in rows {
      table.append([
        row.name, number(row.value), row.unit,
        row.budget.map { "\($0.sign) \(number($0.limit))" } ?? "–", verdict(row),
        ratio(row).map { String(format: "%.2f", $0) } ?? "–",
        row.timing.count > 0 ? milliseconds(row.timing.minimum) : "–",
        row.timing.count > 0 ? milliseconds(row.timing.median) : "–",
        row.digest.map { String($0.hex.prefix(12)) } ?? "–", row.note,
      ])
    }
    return table.text
  }

  static func csv(_ rows: [Row]) -> String {
    var text =
      "benchmark,value,unit,bound,budget,holds,value_per_budget,min_seconds,median_seconds,"
      + "repetitions,result_digest,note\n"
    for row in rows {
      let fields: [String] = [
        row.name, exact(row.value), row.unit, row.budget?.sign ?? "",
        row.budget.map { exact($0.limit) } ?? "", row.budget == nil ? "" : verdict(row),
        ratio(row).map(exact) ?? "", exact(row.timing.minimum), exact(row.timing.median),
        String(row.timing.count), row.digest?.hex ?? "", row.note,
      ]
      text += fields.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",") + "\n"
    }
    return text
  }

  private static func verdict(_ row: Row) -> String {
    guard let budget = row.budget, !row.value.isNaN else { return "–" }
    return budget.holds(for: row.value) ? "yes" : "no"
  }

  private static func ratio(_ row: Row) -> Double? {
    row.value.isNaN ? nil : row.budget.map { row.value / $0.limit }
  }

  private static func number(_ value: Double) -> String {
    switch value.magnitude {
    case 1e6...: String(format: "%.2f M", value / 1e6)
    case 1e4...: String(format: "%.0f k", value / 1e3)
    case 100...: String(format: "%.0f", value)
    case 0...: String(format: "%.3g", value)
    default: "–"
    }
  }

  private static func milliseconds(_ seconds: Double) -> String {
    String(format: "%.1f ms", seconds * 1e3)
  }

  private static func exact(_ value: Double) -> String { value.isNaN ? "" : "\(value)" }
}
