/// What a reader of a dataset has to know of a column.
public struct ColumnSchema: Sendable, Equatable {
  /// The types of Frictionless Data's Table Schema that datasets use.
  public enum Kind: String, Sendable {
    case integer, number, string, boolean
  }

  /// In snake_case; ends in its unit where that is seconds or bytes.
  public let name: String
  public let kind: Kind
  /// What its numbers count; empty for names, truths and identities.
  public let unit: String
  public let summary: String
}

/// What a reader of a dataset has to know of one of its tables.
public struct TableSchema: Sendable, Equatable {
  public let name: String
  /// The file's name in the dataset's folder; one that ends in `.zst` is compressed by zstd.
  public let file: String
  public let summary: String
  /// In the order of the file.
  public let columns: [ColumnSchema]

  var isCompressed: Bool { file.hasSuffix(".zst") }
}

/// How the cell of a column is written: a structure, since an array of bare functions would wrap
/// each of them.
struct TableCell<Row>: Sendable {
  /// Captures nothing, so that a call costs no reference counting; takes the row by its address, so
  /// that it is not copied for every cell.
  let write: @Sendable (inout Row, inout RowBytes) -> Void
}

/// A column of a table whose rows are made of `Row`: what it is, and how its cell is written.
struct TableColumn<Row>: Sendable {
  let schema: ColumnSchema
  let cell: TableCell<Row>

  private init(
    _ name: String,
    _ kind: ColumnSchema.Kind,
    _ unit: String,
    _ summary: String,
    _ write: @escaping @Sendable (inout Row, inout RowBytes) -> Void
  ) {
    schema = ColumnSchema(name: name, kind: kind, unit: unit, summary: summary)
    cell = TableCell(write: write)
  }

  static func integer(
    _ name: String,
    _ unit: String,
    _ summary: String,
    write: @escaping @Sendable (inout Row, inout RowBytes) -> Void
  ) -> TableColumn {
    TableColumn(name, .integer, unit, summary, write)
  }

  static func number(
    _ name: String,
    _ unit: String,
    _ summary: String,
    write: @escaping @Sendable (inout Row, inout RowBytes) -> Void
  ) -> TableColumn {
    TableColumn(name, .number, unit, summary, write)
  }

  /// A time or duration, written with 9 decimals.
  static func seconds(
    _ name: String,
    _ summary: String,
    write: @escaping @Sendable (inout Row, inout RowBytes) -> Void
  ) -> TableColumn {
    TableColumn(name, .number, "seconds", summary, write)
  }

  static func string(
    _ name: String,
    _ summary: String,
    write: @escaping @Sendable (inout Row, inout RowBytes) -> Void
  ) -> TableColumn {
    TableColumn(name, .string, "", summary, write)
  }

  static func boolean(
    _ name: String,
    _ summary: String,
    write: @escaping @Sendable (inout Row, inout RowBytes) -> Void
  ) -> TableColumn {
    TableColumn(name, .boolean, "", summary, write)
  }
}
