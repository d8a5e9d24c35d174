/// Writes a trace as this project's CSV, the format that `TraceFormat.csv` reads.
///
/// The columns are those that some row group has, so a trace is read twice: first to find them.
/// Rows are numbered anew by their lines. A trace with edges whose rows have other numbers is held in
/// memory, because a row's parent may stand behind it.
public struct CSVTraceWriter: Sendable {
  public enum Compression: Equatable, Sendable {
    case none
    /// One zstd frame of the given level, 1 to 22; decompression is as fast at any level.
    case zstd(level: Int32)

    /// For traces that are kept: slow to write, small.
    public static let archive = Compression.zstd(level: 19)
  }

  public let path: String
  public let compression: Compression

  public init(path: String, compression: Compression = .archive) {
    self.path = path
    self.compression = compression
  }

  /// Writes beside the path, then renames, so that a failure leaves nothing under the final name.
  ///
  /// - Returns: The number of rows.
  /// - Throws: `TraceError` from the trace; `TraceWriteError` where the file cannot be written or
  ///   the trace has what the format cannot hold: prefixes, names with line breaks, or no rows.
  @discardableResult
  public func write(_ trace: some Trace) throws -> Int {
    try Self.write(trace, to: TextFileWriter(path: path, compression: compression))
  }

  /// Writes to a file to which nothing has been written, and completes it.
  ///
  /// - Returns: The number of rows.
  /// - Throws: As the other `write` does; the file is then never complete.
  @discardableResult
  public static func write(_ trace: some Trace, to file: TextFileWriter) throws -> Int {
    let census = try TraceCensus(reading: trace)
    guard !census.holds(.prefixNode) else {
      throw TraceWriteError(file: file.path, problem: "CSV traces hold no prefixes")
    }
    return try write(trace, census, dropping: [], to: file)
  }

  /// Writes the columns that the format has, but for those that are to be dropped.
  static func write(
    _ trace: some Trace,
    _ census: TraceCensus,
    dropping: Set<TraceColumn>,
    to file: TextFileWriter
  ) throws -> Int {
    let dropped = dropping.union([.record, .prefixNode, .prefixBlocks])
    let columns = census.present.filter { !dropped.contains($0) }
    try file.expectRows(of: census)
    var groups = try LinkedGroups(trace, census, hasParents: columns.contains(.parents))
    var lines = CSVRowText(columns, parents: groups.parents)
    var text = lines.header
    var rows = 0
    while let group = try groups.next() {
      lines.use(try names(of: groups.reader, in: columns, for: file))
      for row in 0..<group.count { lines.append(row, of: group, position: rows + row, to: &text) }
      rows += group.count
      try file.append(text)
      text.removeAll(keepingCapacity: true)
    }
    try file.complete()
    return rows
  }

  private static func names(
    of reader: any TraceReader,
    in columns: [TraceColumn],
    for file: TextFileWriter
  ) throws(TraceWriteError) -> TraceNames {
    let names = reader.names
    for (column, texts) in [
      (TraceColumn.requestClass, names.classes), (.tenant, names.tenants), (.model, names.models),
      (.adapter, names.adapters), (.tool, names.tools),
    ] where columns.contains(column) {
      if texts.contains(where: { $0.utf8.contains { $0 == 10 || $0 == 13 } }) {
        throw TraceWriteError(
          file: file.path,
          problem: "a name of the column \(column.rawValue) holds a line break; rename it"
        )
      }
    }
    return names
  }
}

extension TextFileWriter {
  /// Makes sure that a trace has rows; readers take a text file without any for a mistake.
  func expectRows(of census: TraceCensus) throws(TraceWriteError) {
    guard census.rows == 0 else { return }
    throw TraceWriteError(
      file: path,
      problem: "the trace holds no requests, which only a trace file (NAME.replay.zst) can say"
    )
  }
}

/// The groups of a trace, read ahead to the end where parents need the numbers of later lines.
private struct LinkedGroups {
  /// nil where parents are called as they are, or there are none.
  let parents: ParentTable?
  let reader: any TraceReader
  private var held: [RowGroup] = []
  private var position = 0

  init(_ trace: some Trace, _ census: TraceCensus, hasParents: Bool) throws(TraceError) {
    reader = try trace.makeReader()
    guard hasParents, !census.isNumberedByPosition else {
      parents = nil
      return
    }
    while let group = try reader.next() { held.append(group) }
    parents = try ParentTable(held, of: trace.name)
  }

  mutating func next() throws(TraceError) -> RowGroup? {
    guard position < held.count else { return try reader.next() }
    defer { position += 1 }
    return held[position]
  }
}
