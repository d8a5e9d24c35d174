import Hardware
import Reporting
public import Workload

extension AnchorStudy {
  /// Errors of one group.
  public struct Score: Sendable, Equatable {
    public var group: AnchorGroup
    /// Of the lines that test something; nil where the group has none.
    public var tests: FidelityScore
    /// Of the lines that constants were chosen with in view.
    public var inView: FidelityScore
    /// Lines that set a constant, or cannot be predicted but for a bound.
    public var others: Int
  }

  /// The scores of all groups, in their order.
  public var scores: [Score] {
    AnchorGroup.allCases.map { group in
      let lines = lines.filter { $0.group == group }
      return Score(
        group: group,
        tests: FidelityScore(lines.pairs(.test)),
        inView: FidelityScore(lines.pairs(.inView)),
        others: lines.count { $0.role == .set || $0.role == .bound }
      )
    }
  }

  /// The score of all lines that test something.
  public var overall: FidelityScore { FidelityScore(lines.pairs(.test)) }

  /// The tables, for people.
  public var text: String {
    var text = ""
    for group in AnchorGroup.allCases {
      var table = TextTable(leftColumns: 4)
      table.append([
        group.rawValue, "says", "by", "source", "predicted", "measured", "", "error",
      ])
      var remarks = ["conditions"]
      for line in lines where line.group == group {
        table.append(line.cells)
        remarks.append(line.remark)
      }
      text += table.text(remarks: remarks) + "\n"
    }
    return text + summary + "\n" + omissions
  }

  private var summary: String {
    var table = TextTable(leftColumns: 1)
    table.append([
      "|predicted ÷ measured − 1|", "tests", "median", "bias", "in view", "median", "other",
    ])
    for score in scores {
      table.append([
        score.group.rawValue, "\(score.tests.count)", FidelityScore.percent(score.tests.median),
        FidelityScore.percent(score.tests.bias, signed: true), "\(score.inView.count)",
        FidelityScore.percent(score.inView.median), "\(score.others)",
      ])
    }
    table.append([
      "all", "\(overall.count)", FidelityScore.percent(overall.median),
      FidelityScore.percent(overall.bias, signed: true),
    ])
    return table.text
      + "\ntest: no constant was chosen by it; in view: constants were chosen by hand with it in "
      + "view;\nset: a constant was set to meet it; bound: taken under speculation of unknown "
      + "acceptance.\n"
  }

  private var omissions: String {
    var table = TextTable(leftColumns: 2)
    table.append(["not replayed", "reason"])
    for omitted in unreplayed { table.append(["  \(omitted.anchor.id)", omitted.reason]) }
    return table.text
  }

  public var json: JSONValue {
    .object([
      ("anchors", .array(lines.map(\.json))),
      (
        "groups",
        .object(
          scores.map { score in
            (
              score.group.rawValue,
              .object([
                ("tests", score.tests.json), ("inView", score.inView.json),
                ("others", .integer(Int64(score.others))),
              ])
            )
          }
        )
      ),
      ("overall", overall.json),
      (
        "notReplayed",
        .array(
          unreplayed.map { omitted in
            .object([
              ("id", .string(omitted.anchor.id)), ("reason", .string(omitted.reason)),
            ])
          }
        )
      ),
    ])
  }
}

extension [AnchorLine] {
  fileprivate func pairs(_ role: AnchorLine.Role) -> [(predicted: Double?, measured: Double)] {
    filter { $0.role == role }.map { ($0.predicted, $0.measured) }
  }
}

extension AnchorLine {
  fileprivate var cells: [String] {
    [
      "  " + id, role.rawValue, method.rawValue, source, StepQuantity.digits(predicted),
      StepQuantity.digits(measured), unit, FidelityScore.percent(error, signed: true),
    ]
  }

  fileprivate var remark: String {
    let point = id.contains("@") ? ", \(what)" : ""
    return conditions + point + (note.isEmpty ? "" : " (\(note))")
  }

  fileprivate var json: JSONValue {
    .object([
      ("group", .string(group.rawValue)), ("id", .string(id)), ("what", .string(what)),
      ("predicted", .number(predicted)), ("measured", .number(measured)),
      ("unit", .string(unit)), ("error", .number(error)), ("says", .string(role.rawValue)),
      ("by", .string(method.rawValue)), ("source", .string(source)),
      ("conditions", .string(conditions)), ("note", .string(note)),
    ])
  }
}
