public import Workload

extension TraceComparison {
  private static let shares = [0.1, 0.5, 0.9, 0.99]

  /// The comparison as a table, for people: two lines per statistic.
  public var text: String {
    var table = TextTable(leftColumns: 2)
    table.append(["statistic", "trace", "n", "mean", "p10", "p50", "p90", "p99", "KS"])
    for row in rows {
      let distance = row.distance.map { Quantity.fixed($0, decimals: 3) } ?? "–"
      let cells = [row.first, row.second].map { row.statistic.cells($0, Self.shares) }
      table.append([row.statistic.title, first.name] + cells[0] + [distance])
      table.append(["", second.name] + cells[1])
    }
    let hits = [first, second].compactMap { samples in
      samples.sessionHitShare.map { "\(samples.name) \(Quantity.percent($0))" }
    }
    let note =
      hits.isEmpty
      ? "" : "\nblocks that an earlier prompt of the session had: \(hits.joined(separator: ", "))\n"
    return table.text + note
  }

  /// One row per statistic and trace, in long form; nanoseconds as seconds, hits as shares.
  public var csv: String {
    var text = "statistic,unit,trace,count,mean,p10,p50,p90,p99,ks_distance\n"
    for row in rows {
      for (name, counts) in [(first.name, row.first), (second.name, row.second)] {
        let scale = row.statistic.scale
        let figures =
          counts.count > 0
          ? ([counts.mean] + Self.shares.map(counts.quantile)).map { "\($0 / scale)" }
          : [String](repeating: "", count: 1 + Self.shares.count)
        let cells =
          [row.statistic.rawValue, row.statistic.unitName, Self.quoted(name), "\(counts.count)"]
          + figures + [row.distance.map { "\($0)" } ?? ""]
        text += cells.joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private static func quoted(_ name: String) -> String {
    let isPlain = !name.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain
      ? name
      : "\""
        + name.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
  }

  public var json: JSONValue {
    .object([
      ("traces", .array([Self.json(first), Self.json(second)])),
      (
        "statistics",
        .array(
          rows.map { row in
            .object([
              ("name", .string(row.statistic.rawValue)),
              ("unit", .string(row.statistic.unitName)),
              ("ksDistance", .optional(row.distance)),
              (
                "traces",
                .array([row.first, row.second].map { row.statistic.json($0, Self.shares) })
              ),
            ])
          }
        )
      ),
    ])
  }

  private static func json(_ samples: TraceSamples) -> JSONValue {
    .object([
      ("name", .string(samples.name)),
      ("requests", .integer(samples.requests)),
      ("sessions", .integer(samples.sessions)),
      ("sessionHitShare", .optional(samples.sessionHitShare)),
    ])
  }

  /// Distribution functions, a picture per statistic, on one page.
  public var svg: String {
    LinePlot.page(
      rows.map { row in
        let isShare = row.statistic.unit == .millionths
        let series = [(first.name, row.first), (second.name, row.second)].map { name, counts in
          LinePlot.Series(
            name: name,
            points: Self.curve(counts, row.statistic.scale),
            isStepped: true
          )
        }
        let distance = row.distance.map { ", KS \(Quantity.fixed($0, decimals: 3))" } ?? ""
        let unit = row.statistic.unitName
        return LinePlot(
          title: row.statistic.title + distance,
          x: LinePlot.Axis(
            unit,
            scale: isShare || row.statistic.unit == .compactions ? .linear : .log
          ),
          y: LinePlot.Axis("share at most", range: 0...1),
          series: series
        )
      }
    )
  }

  /// Points of a distribution function, as many as a picture can show.
  private static func curve(_ counts: ValueCounts, _ scale: Double) -> [(x: Double, y: Double)] {
    let most = 2_000
    let total = Double(counts.count)
    var points: [(x: Double, y: Double)] = []
    var drawn = 0.0
    for index in counts.values.indices {
      let share = Double(counts.ranks[index]) / total
      let isEnd = index == 0 || index == counts.values.count - 1
      guard isEnd || counts.values.count <= most || share - drawn >= 1 / Double(most) else {
        continue
      }
      let x = Double(counts.values[index]) / scale
      if points.isEmpty { points.append((x, 0)) }
      points.append((x, share))
      drawn = share
    }
    return points
  }
}

extension TraceStatistic {
  /// What tables and pictures call it.
  fileprivate var title: String {
    rawValue.split(separator: "_").joined(separator: " ")
  }

  fileprivate var unitName: String {
    switch unit {
    case .nanoseconds: "seconds"
    case .millionths: "share"
    case .tokens, .requests, .compactions: unit.rawValue
    }
  }

  /// How many make up one of the unit that is shown.
  fileprivate var scale: Double {
    switch unit {
    case .nanoseconds: 1e9
    case .millionths: 1e6
    case .tokens, .requests, .compactions: 1
    }
  }

  fileprivate func cells(_ counts: ValueCounts, _ shares: [Double]) -> [String] {
    guard counts.count > 0 else { return ["0"] + [String](repeating: "–", count: shares.count + 1) }
    let figures = [counts.mean] + shares.map(counts.quantile)
    return [Quantity.count(counts.count)]
      + figures.map { value in
        switch unit {
        case .nanoseconds: Quantity.time(nanoseconds: value)
        case .millionths: Quantity.percent(value / 1e6)
        case .tokens, .requests, .compactions: Quantity.whole(value)
        }
      }
  }

  fileprivate func json(_ counts: ValueCounts, _ shares: [Double]) -> JSONValue {
    guard counts.count > 0 else { return .object([("count", .integer(0))]) }
    let names = ["p10", "p50", "p90", "p99"]
    return .object(
      [("count", .integer(counts.count)), ("mean", .number(counts.mean / scale))]
        + zip(names, shares).map { ($0, .number(counts.quantile($1) / scale)) }
    )
  }
}
