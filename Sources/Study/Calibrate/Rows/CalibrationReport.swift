import Hardware
import Reporting
public import Workload

extension RowsCalibration {
  /// What was fitted and how well that does, for people.
  public var text: String {
    var heading = TextTable(leftColumns: 2)
    heading.append(["profile", profile.name])
    heading.append(["rows", "\(fittedRows) fitted of \(rowCount)"])
    heading.append([
      "constants", "\(profile.constantCount) over \(profile.levels.count) levels",
    ])
    heading.append([
      "versions", "\(profile.versions.count) of engines, \(profile.versionConstantCount) constants",
    ])
    let tables = validations.map { "\($0.title)\n\n\($0.report.text)" }
    return ([heading.text, levels] + tables).joined(separator: "\n")
  }

  /// A line per level: its constants and its errors on rows that they were not fitted to.
  private var levels: String {
    let shown = FittedConstant.allCases.filter { constant in
      profile.levels.contains { $0.constants[constant] != nil }
    }
    var table = TextTable()
    table.append(
      ["level"] + shown.map(\.rawValue) + ["rows", "TPOT p50", "p90", "TTFT p50", "p90"]
    )
    for level in profile.levels {
      let values = shown.map { constant in
        level.constants[constant].map { Decimal4.text(constant.inFile($0)) } ?? "–"
      }
      let qualities = [level.timePerOutputToken, level.timeToFirstToken].flatMap { quality in
        [quality?.median, quality?.ninetieth].map { FidelityScore.percent($0) }
      }
      table.append([level.scope.text] + values + ["\(level.rows)"] + qualities)
    }
    return table.text
  }

  public var json: JSONValue {
    .object([
      ("profile", .string(profile.name)),
      ("rows", .integer(Int64(rowCount))),
      ("fittedRows", .integer(Int64(fittedRows))),
      ("constants", .integer(Int64(profile.constantCount))),
      ("levels", .array(profile.levels.map(\.json))),
      (
        "validations",
        .object(validations.map { ($0.title, $0.report.json) })
      ),
    ])
  }
}

extension Profile.Level {
  fileprivate var json: JSONValue {
    .object([
      ("level", .string(scope.text)),
      (
        "constants",
        .object(constants.all.map { ($0.constant.rawValue, .number($0.constant.inFile($0.value))) })
      ),
      ("rows", .integer(Int64(rows))),
      ("tpot", Self.json(timePerOutputToken)), ("ttft", Self.json(timeToFirstToken)),
    ])
  }

  private static func json(_ quality: Profile.Quality?) -> JSONValue {
    guard let quality else { return .null }
    return .object([("median", .number(quality.median)), ("p90", .number(quality.ninetieth))])
  }
}
