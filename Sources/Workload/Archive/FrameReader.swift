/// Takes the frames of a trace file from a source of its bytes, one after another.
///
/// Frame and block headers (RFC 8878, sections 3.1.1 and 3.1.2) say where a frame ends, so a pipe
/// is read like a file, and what a header claims is compared with the limits before room is made.
final class FrameReader {
  private let source: any ByteSource
  /// Bytes of the file taken so far.
  private(set) var offset: Int64
  /// The frame taken last, as it is in the file.
  private(set) var frame: [UInt8] = []

  var file: String { source.file }

  /// Reads a source that starts at some offset of the file.
  init(_ source: any ByteSource, at offset: Int64) {
    self.source = source
    self.offset = offset
  }

  /// What starts a frame.
  enum Kind: Equatable { case header, group, index }

  /// Takes a frame's magic number; nil at the end of the file.
  func nextKind() throws(TraceError) -> Kind? {
    frame.removeAll(keepingCapacity: true)
    let start = offset
    frame.append(contentsOf: repeatElement(0, count: 1))
    let count = try source.fill(&frame, from: 0)
    frame.removeLast(1 - count)
    offset += Int64(count)
    if count == 0 { return nil }
    try take(3)
    switch frame.littleEndian(at: 0, as: UInt32.self) {
    case ArchiveFormat.headerMagic: return .header
    case ArchiveFormat.groupMagic: return .group
    case ArchiveFormat.indexMagic: return .index
    case let magic:
      throw bad(
        "starts with \(String(magic, radix: 16)), which is no frame of a trace file",
        at: start
      )
    }
  }

  /// Takes the rest of a header or index, of at most so many bytes, and returns its content.
  func skippableContent(most: Int) throws(TraceError) -> [UInt8] {
    let start = offset - 4
    try take(4)
    let size = Int(frame.littleEndian(at: 4, as: UInt32.self))
    guard size <= most else {
      throw bad("claims \(size) bytes; expected at most \(most)", at: start)
    }
    try take(size)
    return Array(frame[ArchiveFormat.skippableHeaderBytes...])
  }

  /// Takes the rest of a row group's frame.
  ///
  /// - Returns: The size of its content, which is no more than its blocks can give.
  func restOfGroup() throws(TraceError) -> Int {
    let start = offset - 4
    try take(1)
    let descriptor = frame[4]
    let sizeFlag = descriptor >> 6
    let isSingleSegment = descriptor & 0x20 != 0
    guard descriptor & 0x0B == 0, descriptor & 0x04 != 0, sizeFlag > 0 || isSingleSegment else {
      throw bad(
        "has descriptor \(descriptor); expected a content size, a checksum and no dictionary",
        at: start
      )
    }
    try take((isSingleSegment ? 0 : 1) + 1 << Int(sizeFlag))
    let contentBytes = try contentBytes(flag: sizeFlag, start: start)
    // No encoder makes a frame that is much larger than what it holds.
    let most = contentBytes + contentBytes / 128 + 1_024
    var given = 0
    var isLast = false
    while !isLast {
      try take(3)
      let at = frame.count - 3
      let block = Int(frame[at]) | Int(frame[at + 1]) << 8 | Int(frame[at + 2]) << 16
      isLast = block & 1 != 0
      let type = block >> 1 & 3
      let size = type == 1 ? 1 : block >> 3
      guard type < 3, block >> 3 <= ArchiveFormat.mostBlockBytes, frame.count + size <= most else {
        throw bad("has a block of type \(type) and \(block >> 3) bytes that cannot be", at: start)
      }
      // Raw bytes, or one byte so many times, or compressed ones, which can be few for any number.
      given += type < 2 ? block >> 3 : ArchiveFormat.mostBlockBytes
      try take(size)
    }
    guard contentBytes <= given else {
      throw bad(
        "claims a content of \(contentBytes) bytes, of which its blocks can give \(given)",
        at: start
      )
    }
    try take(4)
    return contentBytes
  }

  private func contentBytes(flag: UInt8, start: Int64) throws(TraceError) -> Int {
    let claimed: UInt64 =
      switch flag {
      case 0: UInt64(frame[frame.count - 1])
      case 1: UInt64(frame.littleEndian(at: frame.count - 2, as: UInt16.self)) + 256
      case 2: UInt64(frame.littleEndian(at: frame.count - 4, as: UInt32.self))
      default: frame.littleEndian(at: frame.count - 8, as: UInt64.self)
      }
    guard claimed <= UInt64(ArchiveFormat.mostGroupBytes) else {
      throw bad(
        "claims a content of \(claimed) bytes; expected at most \(ArchiveFormat.mostGroupBytes)",
        at: start
      )
    }
    return Int(claimed)
  }

  /// Appends bytes of the source to the frame at hand.
  private func take(_ count: Int) throws(TraceError) {
    var left = count
    while left > 0 {
      // In steps, so that a claimed size takes no memory before the bytes are there.
      let step = min(left, 1 << 20)
      let position = frame.count
      frame.append(contentsOf: repeatElement(0, count: step))
      let read = try source.fill(&frame, from: position)
      frame.removeLast(step - read)
      offset += Int64(read)
      left -= read
      if read == 0 {
        throw TraceError(
          .badData,
          file: file,
          problem: "ends at byte offset \(offset) inside a frame; the file is truncated, fetch or "
            + "write it again"
        )
      }
    }
  }

  func bad(_ problem: String, at offset: Int64) -> TraceError {
    TraceError(
      .badData,
      file: file,
      problem: "frame at byte offset \(offset) \(problem); fetch or write the file again"
    )
  }
}
