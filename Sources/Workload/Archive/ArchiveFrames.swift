/// The frames of a file that is being written.
final class ArchiveFrames {
  private let file: OutputFile
  private let trace: String
  private let encoder: FrameEncoder
  private var tally = ArchiveTally()
  private var headerBytes = 0
  private var offset: Int64 = 0

  init(_ file: OutputFile, trace: String, level: Int32) throws(TraceWriteError) {
    self.file = file
    self.trace = trace
    encoder = try FrameEncoder(level: level, file: file.path)
  }

  private func append(_ bytes: [UInt8]) throws(TraceWriteError) {
    try file.append(bytes, count: bytes.count)
    offset += Int64(bytes.count)
  }

  /// Makes room for the header, whose counts are known at the end.
  func start(
    _ provenance: TraceProvenance,
    epoch: String?
  ) throws(TraceWriteError) -> ArchiveHeader {
    var header = ArchiveHeader(provenance: provenance)
    if provenance.epoch.isEmpty { header.provenance.epoch = epoch ?? "" }
    headerBytes = header.payloadBytes
    guard headerBytes <= ArchiveFormat.mostHeaderBytes else {
      throw TraceWriteError(
        file: file.path,
        problem: "the provenance makes a header of \(headerBytes) bytes; expected at most "
          + "\(ArchiveFormat.mostHeaderBytes)"
      )
    }
    var frame: [UInt8] = []
    frame.append(littleEndian: ArchiveFormat.headerMagic)
    frame.append(littleEndian: UInt32(headerBytes))
    try append(frame + header.payload(size: headerBytes))
    return header
  }

  func append(_ group: borrowing RowGroup, _ names: TraceNames) throws {
    let content: [UInt8]
    do throws(GroupFault) {
      content = try RowGroupCodec.encode(group, names: names)
      try tally.add(group, names)
    } catch {
      throw TraceError(
        .badData,
        file: trace,
        problem: "group \(tally.groups.count) cannot be written: \(error.description)"
      )
    }
    try expectWithinLimits(group, content)
    try encoder.encode(content)
    tally.place(offset: offset, packedBytes: encoder.frame.count, plainBytes: content.count)
    try append(encoder.frame)
  }

  private func expectWithinLimits(
    _ group: borrowing RowGroup,
    _ content: [UInt8]
  ) throws(TraceError) {
    if group.count <= ArchiveFormat.mostRows, group.edges.count <= ArchiveFormat.mostEdges,
      group.prefixes.count <= ArchiveFormat.mostNodes,
      content.count <= ArchiveFormat.mostGroupBytes
    {
      return
    }
    throw TraceError(
      .badData,
      file: trace,
      problem: "a row group has \(group.count) rows, \(group.edges.count) edges, "
        + "\(group.prefixes.count) prefix nodes and \(content.count) bytes, which is beyond the "
        + "format's limits; is it one session?"
    )
  }

  func finish(_ started: ArchiveHeader) throws(TraceWriteError) -> ArchiveHeader {
    var header = started
    header.rows = tally.rows
    header.groups = tally.groups.count
    header.sessions = tally.sessions
    header.span = tally.span
    header.blockTokens = tally.digest.blockTokens
    header.digest = tally.digest.value
    let payload = header.payload(size: headerBytes)
    try append(ArchiveIndex.frame(tally.groups, header: payload))
    try file.overwrite(payload, at: ArchiveFormat.skippableHeaderBytes)
    try file.complete()
    return header
  }
}
