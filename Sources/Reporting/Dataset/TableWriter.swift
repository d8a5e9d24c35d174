import Workload

/// Writes a table to its file row by row, in large pieces.
struct TableWriter<Row> {
  private let file: TextFileWriter
  private var text: TableText<Row>
  private let pieceBytes: Int

  /// - Parameters:
  ///   - folder: The folder of the file.
  ///   - schema: The name of the file, and whether it is compressed.
  ///   - columns: What is written.
  ///   - pieceBytes: How much text is collected before it is compressed and written.
  /// - Throws: `TraceWriteError` where the file cannot be created.
  init(
    in folder: String,
    _ schema: TableSchema,
    columns: [TableColumn<Row>],
    pieceBytes: Int = 1 << 14
  ) throws(TraceWriteError) {
    file = try TextFileWriter(
      path: "\(folder)/\(schema.file)",
      compression: schema.isCompressed ? .zstd(level: 1) : .none
    )
    text = TableText(columns, capacity: pieceBytes)
    self.pieceBytes = pieceBytes
  }

  mutating func write(_ row: inout Row) throws(TraceWriteError) {
    text.append(&row)
    if text.bytes.count >= pieceBytes { try file.append(text.take()) }
  }

  /// Writes what is left and gives the file its name.
  mutating func complete() throws(TraceWriteError) {
    try file.append(text.take())
    try file.complete()
  }
}
