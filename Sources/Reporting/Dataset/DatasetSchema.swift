public import Workload

/// What a dataset folder holds: the same files for every run.
public enum DatasetSchema {
  /// The tables, in the order in which a reader meets them.
  public static let tables = [
    RequestTable.schema, SessionTable.schema, InstanceTable.schema, TimelineTable.schema,
    SummaryTable.schema,
  ]

  /// The printed summary, a value per row.
  public static let summaryFile = SummaryTable.schema.file
  /// What the run was: versions, arguments, digests.
  public static let manifestFile = "manifest.json"
  /// The tables' columns, for programs.
  public static let packageFile = "datapackage.json"

  /// The names of the files that a manifest has the digests of: all but itself.
  public static let digestedFiles = tables.map(\.file) + [packageFile]
  /// The names of all files of a dataset.
  static let files = digestedFiles + [manifestFile]

  /// The content of `datapackage.json`, as the Frictionless Data Package standard has it.
  ///
  /// - Parameter title: What the run was, in a line.
  /// - Returns: An object with a resource per table.
  public static func package(title: String) -> JSONValue {
    .object([
      ("profile", .string("tabular-data-package")),
      ("name", .string("replay-run")),
      ("title", .string(title)),
      ("resources", .array(tables.map(\.resource))),
    ])
  }
}

extension TableSchema {
  fileprivate var resource: JSONValue {
    let compression: [(String, JSONValue)] = isCompressed ? [("compression", .string("zst"))] : []
    return .object(
      [
        ("profile", .string("tabular-data-resource")),
        ("name", .string(name)),
        ("path", .string(file)),
        ("description", .string(summary)),
        ("format", .string("csv")),
        ("mediatype", .string("text/csv")),
        ("encoding", .string("utf-8")),
      ] + compression + [
        (
          "schema",
          .object([
            ("fields", .array(columns.map(\.field))),
            ("missingValues", .array([.string("")])),
          ])
        )
      ]
    )
  }
}

extension ColumnSchema {
  fileprivate var field: JSONValue {
    let unit: [(String, JSONValue)] = unit.isEmpty ? [] : [("unit", .string(unit))]
    return .object(
      [
        ("name", .string(name)), ("type", .string(kind.rawValue)),
        ("description", .string(summary)),
      ] + unit
    )
  }
}
