import Hardware
import Reporting
public import Workload

/// How well predictions do, overall and by group.
public struct FidelityReport: Sendable {
  /// What rows are grouped by.
  public enum Grouping: String, Sendable, CaseIterable {
    case model, chip, engine, precision, mode, lengths
  }

  /// The scores of one group.
  public struct Line: Sendable, Equatable {
    /// What its rows have in common.
    public var name: String
    public var timeToFirstToken: FidelityScore
    public var timePerOutputToken: FidelityScore
  }

  public let overall: Line
  /// The groups by what they are grouped by; in each the most rows first.
  public let groups: [(grouping: Grouping, lines: [Line])]
  /// Rows by what became of them, from the most frequent on.
  public let statuses: [(status: String, rows: Int)]

  public init(_ cells: [FidelityStudy.Cell]) {
    overall = Line("all", cells)
    groups = Grouping.allCases.map { grouping in
      (grouping, Self.groups(cells) { grouping.name(of: $0) }.map { Line($0.name, $0.cells) })
    }
    statuses = Self.groups(cells) { String($0.prediction.status.prefix { $0 != ";" }) }
      .map { ($0.name, $0.cells.count) }
  }

  /// Cells by a name: the largest group first, equal ones by name.
  static func groups(
    _ cells: [FidelityStudy.Cell],
    by name: (FidelityStudy.Cell) -> String
  ) -> [(name: String, cells: [FidelityStudy.Cell])] {
    Dictionary(grouping: cells, by: name)
      .map { (name: $0.key, cells: $0.value) }
      .sorted { ($1.cells.count, $0.name) < ($0.cells.count, $1.name) }
  }

  /// The tables, for people.
  public var text: String {
    var table = TextTable()
    let scores = ["rows", "median", "p90", "bias"]
    table.append(["", "TPOT", "", "", "", "TTFT"])
    table.append(["|predicted ÷ measured − 1|"] + scores + scores)
    table.append(overall.cells)
    for (grouping, lines) in groups {
      table.append([""])
      table.append([grouping.rawValue])
      for line in lines { table.append(["  " + line.name] + line.cells.dropFirst()) }
    }
    var outcomes = TextTable()
    outcomes.append(["status", "rows"])
    for (status, rows) in statuses { outcomes.append([status, "\(rows)"]) }
    return table.text + "\n" + outcomes.text
  }

  public var json: JSONValue {
    .object([
      ("overall", overall.json),
      (
        "groups",
        .object(
          groups.map { grouping, lines in
            (grouping.rawValue, .object(lines.map { ($0.name, $0.json) }))
          }
        )
      ),
      ("statuses", .object(statuses.map { ($0.status, .integer(Int64($0.rows))) })),
    ])
  }
}

extension FidelityReport.Grouping {
  /// The group of a cell, in the catalogue's names where it knows the row's.
  func name(of cell: FidelityStudy.Cell) -> String {
    switch self {
    case .model: cell.stack?.model ?? cell.row.model
    case .chip: cell.stack?.chip ?? cell.row.chip
    case .engine: cell.row.engine
    case .precision: cell.stack?.precision ?? cell.row.precision
    case .mode: cell.row.mode.rawValue
    case .lengths: cell.row.lengths
    }
  }
}

extension FidelityReport.Line {
  init(_ name: String, _ cells: [FidelityStudy.Cell]) {
    self.name = name
    timeToFirstToken = FidelityScore(
      cells.compactMap { cell in
        cell.row.timeToFirstToken.map { (cell.prediction.timeToFirstToken, $0) }
      }
    )
    timePerOutputToken = FidelityScore(
      cells.compactMap { cell in
        cell.row.timePerOutputToken.map { (cell.prediction.timePerOutputToken, $0) }
      }
    )
  }

  /// The name, then the scores of TPOT and of TTFT.
  var cells: [String] { [name] + timePerOutputToken.cells + timeToFirstToken.cells }

  var json: JSONValue {
    .object([("tpot", timePerOutputToken.json), ("ttft", timeToFirstToken.json)])
  }
}

extension FidelityScore {
  /// Rows, median, p90 and bias.
  var cells: [String] {
    ["\(count)", Self.percent(median), Self.percent(ninetieth), Self.percent(bias, signed: true)]
  }

  static func percent(_ share: Double?, signed: Bool = false) -> String {
    guard let share else { return "–" }
    let tenths = (share * 1_000).rounded()
    guard tenths.magnitude < 1e15 else { return "–" }
    let whole = Int64(tenths)
    let sign = whole < 0 ? "−" : signed && whole > 0 ? "+" : ""
    return "\(sign)\(whole.magnitude / 10).\(whole.magnitude % 10) %"
  }

  var json: JSONValue {
    .object([
      ("rows", .integer(Int64(count))), ("missing", .integer(Int64(missing))),
      ("median", .optional(median)), ("p90", .optional(ninetieth)), ("bias", .optional(bias)),
    ])
  }
}
