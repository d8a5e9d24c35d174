/// Writes a trace as this project's own file, `NAME.replay.zst`.
///
/// Sessions are sorted by their start, in bounded memory; a trace without sessions streams through.
public struct ArchiveWriter {
  /// Writes to a file to which nothing has been written, and completes it.
  ///
  /// Rows keep their values, records and the indices of their names; where only some groups have a
  /// column, rows of the others may get its default. What the provenance lacks is taken from the
  /// trace's reader.
  ///
  /// - Parameters:
  ///   - trace: What to write.
  ///   - file: Where to.
  ///   - provenance: What the header says of the trace's origin.
  ///   - level: Of zstd, 1 to 22; the files of any level are read as fast.
  /// - Returns: The header of the file.
  /// - Throws: `TraceError` from the trace, and where its rows break the rules of the format;
  ///   `TraceWriteError` where the file cannot be written. The file is then never complete.
  @discardableResult
  public static func write(
    _ trace: some Trace,
    to file: OutputFile,
    provenance: TraceProvenance,
    level: Int32 = 19
  ) throws -> ArchiveHeader {
    let source = SessionMajor(try trace.makeReader(), file: trace.name)
    let frames = try ArchiveFrames(file, trace: trace.name, level: level)
    // Some readers know the epoch only once they have read rows.
    let said = provenance.filled(from: source.reader.provenance ?? TraceProvenance())
    func start() throws -> ArchiveHeader {
      // How many requests failed is known at the end, when the header has its place already.
      let widest = source.reader.failures == nil ? nil : FailureCount.widest
      return try frames.start(said.noting(widest), epoch: source.reader.epoch)
    }
    var header: ArchiveHeader?
    while let group = try source.next() {
      if header == nil { header = try start() }
      try frames.append(group, source.names)
    }
    var written = try header ?? start()
    written.provenance.note = said.noting(source.reader.failures).note
    return try frames.finish(written)
  }
}

/// The rows of a trace in the order of a file: sessions whole, by their start.
private final class SessionMajor {
  let reader: any TraceReader
  private let file: String
  /// A group that was read, but not taken.
  private var ahead: RowGroup?
  private var sorter: SessionSorter?
  /// Those of the reader, and the empty ones that sorting took.
  private var sortedNames: TraceNames?

  var names: TraceNames { sortedNames ?? reader.names }

  init(_ reader: any TraceReader, file: String) {
    self.reader = reader
    self.file = file
  }

  /// Rows without sessions are in this order as they come; from the first session on, all are sorted.
  func next() throws(TraceError) -> RowGroup? {
    if let sorter { return try sorter.next() }
    if let group = try nextLoneRows() { return group }
    guard let first = ahead.take() else { return nil }
    let sorter = SessionSorter(file: file)
    try sorter.add(first)
    while let group = try reader.next() { try sorter.add(group) }
    sortedNames = try sorter.finish(reader.names)
    self.sorter = sorter
    return try sorter.next()
  }

  /// Joins small groups without sessions; nil at the end and where rows are to be sorted or cut.
  private func nextLoneRows() throws(TraceError) -> RowGroup? {
    var parts: [RowGroup] = []
    var rows = 0
    while rows < RowGroup.preferredRows {
      if ahead == nil { ahead = try reader.next() }
      guard let group = ahead else { break }
      let isFree = group.session.isEmpty && group.count <= 2 * RowGroup.preferredRows
      let joins = parts.first.map { part in
        rows + group.count <= RowGroup.preferredRows && part.hasNames(like: group)
      }
      guard group.count == 0 || (isFree && joins ?? true) else { break }
      ahead = nil
      if group.count > 0 { parts.append(group) }
      rows += group.count
    }
    return parts.isEmpty ? nil : RowGroup(joining: parts)
  }
}

extension RowGroup {
  /// Whether another group has the same columns of names; a row without one has no name, which an
  /// index cannot say.
  fileprivate func hasNames(like other: borrowing RowGroup) -> Bool {
    requestClass.isEmpty == other.requestClass.isEmpty && tenant.isEmpty == other.tenant.isEmpty
      && model.isEmpty == other.model.isEmpty && adapter.isEmpty == other.adapter.isEmpty
      && tool.isEmpty == other.tool.isEmpty
  }

  /// The rows of one or more groups, one after another.
  fileprivate init(joining groups: [RowGroup]) {
    if groups.count == 1, let group = groups.first {
      self = group
      return
    }
    var places: [RowPlace] = []
    for (index, group) in groups.enumerated() {
      for row in 0..<Int32(group.count) {
        places.append(RowPlace(group: Int32(index), row: row))
      }
    }
    self.init(places[...], of: groups)
    var catalog = PrefixCatalog(of: groups)
    prefixes = catalog.nodes(touchedBy: self)
  }
}
