/// A table as text: its header line, and rows as they are appended.
struct TableText<Row> {
  private(set) var bytes: RowBytes
  private let cells: [TableCell<Row>]

  /// - Parameters:
  ///   - columns: What is written.
  ///   - capacity: How much text is expected before it is taken, in bytes.
  init(_ columns: [TableColumn<Row>], capacity: Int) {
    cells = columns.map(\.cell)
    bytes = RowBytes(capacity: capacity, columns: columns.count)
    for column in columns {
      bytes.append(text: column.schema.name)
      bytes.append(UInt8(ascii: ","))
    }
    bytes.endRow()
  }

  /// Appends a row, which is left as it is.
  mutating func append(_ row: inout Row) {
    bytes.makeRoom()
    for cell in cells {
      cell.write(&row, &bytes)
      bytes.append(UInt8(ascii: ","))
    }
    bytes.endRow()
  }

  /// The text since the last time.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll() }
    return bytes.contents
  }
}
