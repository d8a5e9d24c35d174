/// Reads a trace file from its first row group to its last, in the order of the file: sessions are
/// whole, and come by their start.
///
/// Works on a pipe too: the index is compared with what was read when it is met.
final class ArchiveReader: TraceReader {
  /// Those of the groups read so far, numbered anew.
  private(set) var names = TraceNames()
  private var numberedNames = ArchiveNames()
  let header: ArchiveHeader
  private let headerContent: [UInt8]
  private let frames: FrameReader
  private let decoder: FrameDecoder
  private var tally: ArchiveTally
  /// Where the first row group of the file starts.
  private let groupsStart: Int64
  /// Whether rows were read from the first on, so that the digest can be compared.
  private let isWhole: Bool
  private var isAtEnd = false
  private var failure: TraceError?

  var epoch: String? { header.provenance.epoch.isEmpty ? nil : header.provenance.epoch }
  var provenance: TraceProvenance? { header.provenance }

  /// Reads the header of a file.
  init(_ source: any ByteSource) throws(TraceError) {
    frames = FrameReader(source, at: 0)
    decoder = try FrameDecoder(file: source.file)
    (header, headerContent) = try Self.header(frames)
    names.blockTokens = header.blockTokens
    groupsStart = frames.offset
    tally = ArchiveTally()
    isWhole = true
  }

  /// Goes on behind groups that are not read, from a source that starts where the last of them ends.
  init(_ source: any ByteSource, of archive: TraceArchive, behind groups: ArraySlice<ArchiveGroup>)
    throws(TraceError)
  {
    groupsStart = archive.groupsStart
    let start = groups.last.map { $0.offset + $0.packedBytes } ?? groupsStart
    frames = FrameReader(source, at: start)
    decoder = try FrameDecoder(file: source.file)
    header = archive.header
    headerContent = archive.headerContent
    names.blockTokens = header.blockTokens
    tally = ArchiveTally(behind: groups)
    isWhole = groups.isEmpty
  }

  static func header(
    _ frames: FrameReader
  ) throws(TraceError) -> (header: ArchiveHeader, content: [UInt8]) {
    guard try frames.nextKind() == .header else {
      throw frames.bad("is no header; expected a trace file (NAME.replay.zst)", at: 0)
    }
    let content = try frames.skippableContent(most: ArchiveFormat.mostHeaderBytes)
    guard content.starts(with: ArchiveFormat.headerMarker) else {
      throw frames.bad("is no header; expected a trace file (NAME.replay.zst)", at: 0)
    }
    return (try ArchiveHeader(payload: content, file: frames.file), content)
  }

  func next() throws(TraceError) -> RowGroup? {
    if let failure { throw failure }
    if isAtEnd { return nil }
    do throws(TraceError) {
      let group = try read()
      isAtEnd = group == nil
      return group
    } catch {
      failure = error
      throw error
    }
  }

  private func read() throws(TraceError) -> RowGroup? {
    let start = frames.offset
    switch try frames.nextKind() {
    case .group: return try readGroup(start)
    case .index:
      try finish(start)
      return nil
    case .header: throw frames.bad("is a second header", at: start)
    case nil:
      throw TraceError(
        .badData,
        file: frames.file,
        problem: "ends at byte offset \(start) without an index; the file is truncated, fetch or "
          + "write it again"
      )
    }
  }

  private func readGroup(_ start: Int64) throws(TraceError) -> RowGroup {
    let plainBytes = try frames.restOfGroup()
    if let problem = decoder.decode(frames.frame, contentBytes: plainBytes) {
      throw frames.bad("is corrupt (\(problem))", at: start)
    }
    let number = tally.groups.count
    do throws(GroupFault) {
      let group = try RowGroupCodec.decode(decoder.content, names: &numberedNames)
      names = numberedNames.traceNames(blockTokens: header.blockTokens)
      try tally.add(group, names)
      guard tally.rows <= header.rows else {
        throw GroupFault(problem: "goes beyond the \(header.rows) rows that the header says")
      }
      tally.place(offset: start, packedBytes: frames.frame.count, plainBytes: plainBytes)
      return group
    } catch {
      throw TraceError(
        .badData,
        file: frames.file,
        problem: "group \(number) at byte offset \(start): \(error.description)"
      )
    }
  }

  /// Compares the index, and then the header, with what was read.
  private func finish(_ start: Int64) throws(TraceError) {
    let content = try frames.skippableContent(
      most: ArchiveIndex.payloadBytes(groups: tally.groups.count)
    )
    let index = try ArchiveIndex.groups(payload: content, header: headerContent, file: frames.file)
    if try frames.nextKind() != nil {
      throw frames.bad("stands behind the index, which is the last", at: frames.offset - 4)
    }
    try ArchiveIndex.check(index, against: header, bytes: groupsStart..<start, file: frames.file)
    if let number = zip(index, tally.groups).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      throw TraceError(
        .badData,
        file: frames.file,
        problem: "index entry \(number) differs from the group at byte offset "
          + "\(tally.groups[number].offset); fetch or write the file again"
      )
    }
    guard isWhole else { return }
    try expect(header.sessions, tally.sessions, "sessions")
    try expect(header.digest.hex, tally.digest.value.hex, "for a digest")
  }

  private func expect<Value: Equatable>(
    _ said: Value,
    _ found: Value,
    _ what: String
  ) throws(TraceError) {
    if said == found { return }
    throw TraceError(
      .badData,
      file: frames.file,
      problem:
        "header says \(said) \(what), and the rows have \(found); fetch or write the file again"
    )
  }
}
