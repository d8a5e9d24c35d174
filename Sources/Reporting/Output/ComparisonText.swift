import Simulation
public import Workload

/// Several runs side by side, with the change of each against the first.
public struct ComparisonReport: Sendable {
  public let summaries: [Summary]

  /// - Parameter summaries: Runs of one trace on one fleet; the first is the base of the changes.
  public init(_ summaries: [Summary]) { self.summaries = summaries }

  public var text: String {
    guard let first = summaries.first else { return "" }
    var heading = TextTable(leftColumns: 2)
    heading.append(["trace", first.description.trace])
    heading.append(["fleet", first.description.fleet])
    heading.append(["options", first.description.options.note])
    heading.append(["slo", first.objectives.note])
    for note in measuredNotes { heading.append(note) }
    for (index, summary) in summaries.enumerated() {
      heading.append([Self.letter(index), summary.description.policy + bound(summary)])
    }
    return heading.text + "\n" + table
  }

  public var json: JSONValue { .object([("runs", .array(summaries.map(\.json)))]) }

  /// What was measured; a line per run where it differs, as closed loops may offer other requests.
  private var measuredNotes: [[String]] {
    let notes = summaries.map { $0.measured?.note ?? "" }
    guard let first = notes.first, !first.isEmpty else { return [] }
    if notes.allSatisfy({ $0 == first }) { return [["measured", first]] }
    return notes.enumerated().map { ["measured \(Self.letter($0))", $1] }
  }

  private func bound(_ summary: Summary) -> String {
    let clairvoyance = summary.description.clairvoyance
    return clairvoyance == .observable ? "" : " (\(clairvoyance.label))"
  }

  /// A, B, …, Z, AA, AB, …
  static func letter(_ index: Int) -> String {
    let last = String(UnicodeScalar(UInt8(65 + index % 26)))
    return index < 26 ? last : letter(index / 26 - 1) + last
  }

  private var table: String {
    var table = TextTable()
    var header = [""]
    for index in summaries.indices {
      header.append(Self.letter(index))
      if index > 0 { header.append("v A") }
    }
    table.append(header)
    let columns = summaries.map(ComparedValue.all(of:))
    for row in columns.first?.indices ?? 0..<0
    where columns.contains(where: { $0[row].isWorthARow }) {
      var cells = [columns[0][row].label]
      for (index, column) in columns.enumerated() {
        cells.append(column[row].text)
        if index > 0 { cells.append(column[row].change(from: columns[0][row])) }
      }
      table.append(cells)
    }
    table.append(
      ["queues"]
        + summaries.enumerated().flatMap { index, summary in
          index == 0 ? [summary.stability.verdict] : [summary.stability.verdict, ""]
        }
    )
    return table.text
  }
}

/// One number of a run, comparable with that of another.
private struct ComparedValue {
  var label: String
  var value: Double?
  var text: String
  /// Whether 0 goes without saying, unless another run has more.
  private let isRare: Bool

  init(_ label: String, _ value: Double?, isRare: Bool = false, _ format: (Double) -> String) {
    self.label = label
    self.value = value
    self.isRare = isRare
    text = value.map(format) ?? "–"
  }

  var isWorthARow: Bool { isRare ? value ?? 0 != 0 : value != nil }

  /// The relative change; blank where either run lacks the value or the base is 0.
  func change(from base: ComparedValue) -> String {
    guard let value, let from = base.value, from != 0 else { return "" }
    return Quantity.change(value / from - 1)
  }

  static func all(of summary: Summary) -> [ComparedValue] {
    let (metrics, sessions) = (summary.overall, summary.startedSessions)
    func count(_ value: Double) -> String { Quantity.count(Int64(value)) }
    func time(_ value: Double) -> String { Quantity.time(nanoseconds: value) }
    var values = [
      ComparedValue("offered", Double(metrics.offered), count),
      ComparedValue("completed", Double(metrics.completed), count),
      ComparedValue("rejected", Double(metrics.rejected), count),
      ComparedValue("failed", Double(metrics.failed), isRare: true, count),
      ComparedValue("cancelled", Double(metrics.cancelled), isRare: true, count),
      ComparedValue("unfinished", Double(metrics.unfinished), count),
      ComparedValue("TTFT met", metrics.ttftAttainment.share, Quantity.percent),
      ComparedValue("TPOT met", metrics.tpotAttainment.share, Quantity.percent),
      ComparedValue("both met", metrics.jointAttainment.share, Quantity.percent),
      ComparedValue("sessions completed", sessions.map { Double($0.outcome(.completed)) }, count),
      ComparedValue("sessions met", sessions?.attainment.share, Quantity.percent),
      ComparedValue("goodput, requests/s", summary.goodput, Quantity.number),
      ComparedValue("output, tokens/s", summary.tokensPerSecond, Quantity.number),
    ]
    let session = sessions.map { [("", "session", $0.completion)] } ?? []
    for latency in metrics.latencies + session {
      for quantile in LatencyQuantile.all {
        let value = latency.distribution.quantile(percent: quantile.percent).map(Double.init)
        values.append(ComparedValue("\(latency.label) \(quantile.name)", value, time))
      }
      let mean = latency.distribution.mean.map(Double.init)
      values.append(ComparedValue("\(latency.label) mean", mean, time))
    }
    for pool in summary.pools {
      values.append(ComparedValue("\(pool.name) busy", pool.busyShare, Quantity.percent))
      if let estimate = pool.estimatedShare {
        values.append(ComparedValue("\(pool.name) estimate", estimate, Quantity.percent))
      }
      values.append(ComparedValue("\(pool.name) batch", pool.meanBatch, Quantity.threeDigits))
      values.append(ComparedValue("\(pool.name) KV mean", pool.meanKVShare, Quantity.percent))
    }
    let joules = summary.pools.reduce(0) { $0 + $1.joules }
    values.append(ComparedValue("energy", joules) { Quantity.energy(joules: $0) })
    return values
  }
}
