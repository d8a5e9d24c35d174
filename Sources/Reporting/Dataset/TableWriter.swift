import Workload

/// Writes a table to its file row by row, in large pieces. The file's name ends in `.partial` until
/// its folder is complete.
struct TableWriter<Row> {
  private let name: String
  private let file: TextFileWriter
  private var text: TableText<Row>
  private var digest = TextDigest()
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
    name = schema.file
    file = try TextFileWriter(
      path: DatasetFolder.partialName(of: "\(folder)/\(schema.file)"),
      compression: schema.isCompressed ? .zstd(level: 1) : .none
    )
    text = TableText(columns, capacity: pieceBytes)
    self.pieceBytes = pieceBytes
  }

  mutating func write(_ row: inout Row) throws(TraceWriteError) {
    text.append(&row)
    if text.bytes.count >= pieceBytes { try writeText() }
  }

  /// Writes what is left, ends the file and returns what it is.
  mutating func complete() throws(TraceWriteError) -> DatasetFile {
    try writeText()
    try file.complete()
    return DatasetFile(name: name, digest: digest.value)
  }

  private mutating func writeText() throws(TraceWriteError) {
    let piece = text.take()
    digest.add(piece[...])
    try file.append(piece)
  }
}
