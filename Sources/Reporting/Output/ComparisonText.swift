import Simulation
import Workload

extension ComparisonTable {
  /// The heading and the table, aligned.
  var text: String {
    guard !columns.isEmpty else { return "" }
    var heading = TextTable(leftColumns: 2)
    for line in self.heading { heading.append(line) }
    var table = TextTable()
    for row in cells { table.append(row) }
    return heading.text + "\n" + table.text
  }

  /// The heading as a list and the table as GitHub renders it.
  var markdown: String {
    let list = heading.map { "- \($0[0]): \(Self.escaped($0[1]))\n" }.joined()
    var lines = cells.map { "| " + $0.map(Self.escaped).joined(separator: " | ") + " |\n" }
    let rule = cells.first.map { ["---"] + $0.dropFirst().map { _ in "---:" } } ?? []
    lines.insert("| " + rule.joined(separator: " | ") + " |\n", at: min(1, lines.count))
    return list + "\n" + lines.joined()
  }

  /// A text that stays in its cell or list item, whatever a name has in it.
  private static func escaped(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
      .split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  /// What the columns are, and what they have in common.
  private var heading: [[String]] {
    var lines = [["trace", trace]]
    let (fleets, policies) = (columns.map(\.fleet), columns.map(\.policyNote))
    // What all columns share has a line of its own; the others are told by what is left.
    let sharesFleet = Self.areEqual(fleets)
    let sharesPolicy = !sharesFleet && Self.areEqual(policies)
    if sharesFleet, let fleet = fleets.first { lines.append(["fleet", fleet]) }
    if sharesPolicy, let policy = policies.first { lines.append(["policy", policy]) }
    lines += Self.lines("options", columns.map(\.optionsNote))
    lines += Self.lines("slo", columns.map(\.objectives.note))
    lines += Self.lines("measured", columns.map(\.measuredNote)).filter { !$0[1].isEmpty }
    for index in columns.indices {
      let name =
        sharesFleet
        ? policies[index]
        : sharesPolicy ? fleets[index] : "\(fleets[index]), \(policies[index])"
      lines.append([Self.letter(index), name])
    }
    return lines
  }

  /// One line for what is the same in every column, else a line for each.
  private static func lines(_ label: String, _ notes: [String]) -> [[String]] {
    if areEqual(notes) { return notes.prefix(1).map { [label, $0] } }
    return notes.enumerated().map { ["\(label) \(letter($0))", $1] }
  }

  private static func areEqual(_ texts: [String]) -> Bool {
    texts.allSatisfy { $0 == texts.first }
  }

  /// A, B, …, Z, AA, AB, …
  static func letter(_ index: Int) -> String {
    let last = String(UnicodeScalar(UInt8(65 + index % 26)))
    return index < 26 ? last : letter(index / 26 - 1) + last
  }

  /// The table, its header first.
  private var cells: [[String]] {
    let runs = columns.map(ComparedRuns.init)
    var seen: Set<String> = []
    let pools = runs.flatMap(\.pools).filter { seen.insert($0).inserted }
    var rows = [Self.withChanges([""], columns.indices.map { (Self.letter($0), "v A") })]
    for row in ComparisonRow.all(pools: pools) {
      let values = runs.map { $0.compared(row.key) }
      guard let base = values.first, row.isWorthPrinting(values) else { continue }
      rows.append(
        Self.withChanges([row.label], values.map { (row.text($0), row.change($0, from: base)) })
      )
    }
    let verdicts = runs.map { Self.summed($0.texts(MetricKey(metric: "queues"))) }
    rows.append(Self.withChanges(["queues"], verdicts.map { ($0, "") }))
    return rows
  }

  /// A cell per column, and behind all but the first another for the change.
  private static func withChanges(
    _ label: [String],
    _ columns: [(text: String, change: String)]
  ) -> [String] {
    label
      + columns.enumerated().flatMap { index, column in
        index == 0 ? [column.text] : [column.text, column.change]
      }
  }

  /// The text of all runs, or how many say what.
  private static func summed(_ texts: [String]) -> String {
    guard let first = texts.first else { return "–" }
    if areEqual(texts) { return first }
    let different = texts.filter { $0 != first }
    return "\(texts.count - different.count) \(first), \(different.count) \(different[0])"
  }
}

extension ComparisonColumn {
  fileprivate var policyNote: String {
    clairvoyance == .observable ? policy : "\(policy) (\(clairvoyance.label))"
  }

  fileprivate var optionsNote: String {
    let label = seeds.count == 1 ? "seed" : "seeds"
    return "\(label) \(seeds.map(String.init).joined(separator: ", ")), \(options.noteBesidesSeed)"
  }

  /// What was measured; blank where everything was. Closed loops may offer other requests.
  fileprivate var measuredNote: String {
    guard let window else { return "" }
    let runs = ComparedRuns(self)
    let counts = ["offered", "offered_in_all"].map { metric in
      runs.compared(MetricKey(metric: metric)).map { ComparisonRow.count($0.mean) } ?? "–"
    }
    return "\(counts[0]) of \(counts[1]) requests, \(window.note)"
  }
}

extension ComparisonTable {
  /// Every metric of every run.
  var json: JSONValue {
    .object([
      ("trace", .string(trace)),
      ("columns", .array(columns.map(\.json))),
    ])
  }
}

extension ComparisonColumn {
  fileprivate var json: JSONValue {
    let runs = ComparedRuns(self)
    return .object([
      ("fleet", .string(fleet)),
      ("policy", .string(policy)),
      ("clairvoyance", .string(clairvoyance.rawValue)),
      ("seeds", .array(seeds.map { .unsigned($0) })),
      ("rateScale", .number(options.rateScale)),
      ("slo", .string(objectives.description)),
      (
        "metrics",
        .array(
          runs.keys.map { key in
            .object([
              ("metric", .string(key.metric)),
              ("class", .string(key.requestClass)),
              ("pool", .string(key.pool)),
              ("reason", .string(key.reason)),
              ("unit", .string(runs.units[key] ?? "")),
              ("values", .array(runs.values(key).map { $0?.json ?? .null })),
            ])
          }
        )
      ),
    ])
  }
}
