/// Where a row group stands in a trace file, and what it holds.
public struct ArchiveGroup: Sendable, Equatable {
  /// Byte of the file at which its zstd frame starts.
  public var offset: Int64
  /// Bytes of the frame, and of its content.
  public var packedBytes: Int64
  public var plainBytes: Int64
  /// Rows of all groups before it.
  public var firstRow: Int64
  public var rows: Int
  /// The earliest start of a session in it, in nanoseconds since the first arrival.
  public var start: SimTime
  /// The latest arrival in it.
  public var end: SimTime
}

/// The index at a trace file's end: an entry per group, a checksum, and where the index starts.
enum ArchiveIndex {
  private static let entryBytes = 7 * 8
  private static let fixedBytes =
    ArchiveFormat.indexMarker.count + 16 + ArchiveFormat.trailerBytes

  static func payloadBytes(groups: Int) -> Int { fixedBytes + groups * entryBytes }

  /// The whole frame. Its checksum covers the header too; so none of what a file says of its rows is
  /// unguarded, row groups having checksums of their own.
  static func frame(_ groups: [ArchiveGroup], header: [UInt8]) -> [UInt8] {
    let size = payloadBytes(groups: groups.count)
    var frame: [UInt8] = []
    frame.append(littleEndian: ArchiveFormat.indexMagic)
    frame.append(littleEndian: UInt32(size))
    frame.append(contentsOf: ArchiveFormat.indexMarker)
    for group in groups {
      frame.append(littleEndian: group.offset)
      frame.append(littleEndian: group.packedBytes)
      frame.append(littleEndian: group.plainBytes)
      frame.append(littleEndian: group.firstRow)
      frame.append(littleEndian: Int64(group.rows))
      frame.append(littleEndian: group.start)
      frame.append(littleEndian: group.end)
    }
    frame.append(littleEndian: checksum(of: groups, header: header))
    frame.append(littleEndian: Int64(size + ArchiveFormat.skippableHeaderBytes))
    frame.append(contentsOf: ArchiveFormat.endMarker)
    return frame
  }

  private static func checksum(of groups: [ArchiveGroup], header: [UInt8]) -> UInt128 {
    var digest = Digest128()
    digest.add(text: header)
    for group in groups {
      digest.add(group.offset)
      digest.add(group.packedBytes)
      digest.add(group.plainBytes)
      digest.add(group.firstRow)
      digest.add(group.rows)
      digest.add(group.start)
      digest.add(group.end)
    }
    return digest.value
  }

  /// Reads a frame's content and checks it against the header.
  static func groups(
    payload: [UInt8],
    header: [UInt8],
    file: String
  ) throws(TraceError) -> [ArchiveGroup] {
    func bad(_ problem: String) -> TraceError {
      TraceError(.badData, file: file, problem: "index \(problem); fetch or write the file again")
    }
    let count = (payload.count - fixedBytes) / entryBytes
    guard payload.count >= fixedBytes, payload.count == payloadBytes(groups: count) else {
      throw bad("has \(payload.count) bytes, which is no whole number of entries")
    }
    guard payload.starts(with: ArchiveFormat.indexMarker),
      payload.suffix(8).elementsEqual(ArchiveFormat.endMarker)
    else { throw bad("lacks its markers") }
    var offset = ArchiveFormat.indexMarker.count
    func next() -> Int64 {
      defer { offset += 8 }
      return payload.littleEndian(at: offset, as: Int64.self)
    }
    var groups: [ArchiveGroup] = []
    groups.reserveCapacity(count)
    for _ in 0..<count {
      groups.append(
        ArchiveGroup(
          offset: next(),
          packedBytes: next(),
          plainBytes: next(),
          firstRow: next(),
          rows: Int(next()),
          start: next(),
          end: next()
        )
      )
    }
    let expected = payload.littleEndian(at: offset, as: UInt128.self)
    guard checksum(of: groups, header: header) == expected else {
      throw bad("or header does not have the checksum in the index")
    }
    let length = payload.littleEndian(at: offset + 16, as: Int64.self)
    guard length == Int64(payload.count + ArchiveFormat.skippableHeaderBytes) else {
      throw bad("says it is \(length) bytes long")
    }
    return groups
  }

  /// Checks that groups follow each other from one byte of the file to another, and add up to what
  /// the header says.
  static func check(
    _ groups: [ArchiveGroup],
    against header: ArchiveHeader,
    bytes: Range<Int64>,
    file: String
  ) throws(TraceError) {
    var next = bytes.lowerBound
    var (rows, start, span): (Int64, SimTime, SimTime) = (0, 0, 0)
    for (number, group) in groups.enumerated() {
      // A group within these limits cannot make the sums below overflow before they are compared.
      let isSound =
        group.offset == next && group.firstRow == rows && group.start >= start
        && group.end >= group.start && (1...ArchiveFormat.mostRows).contains(group.rows)
        && (1...Int64(ArchiveFormat.mostGroupBytes)).contains(group.plainBytes)
        && group.packedBytes >= 1 && group.packedBytes <= bytes.upperBound - next
      guard isSound else {
        throw TraceError(
          .badData,
          file: file,
          problem: "index entry \(number) does not follow the one before it; fetch or write the "
            + "file again"
        )
      }
      next += group.packedBytes
      rows += Int64(group.rows)
      start = group.start
      span = max(span, group.end)
    }
    guard next == bytes.upperBound, rows == header.rows, groups.count == header.groups,
      span == header.span
    else {
      throw TraceError(
        .badData,
        file: file,
        problem: "index has \(groups.count) groups and \(rows) rows up to byte \(next); the header "
          + "says \(header.groups) and \(header.rows), and the index starts at \(bytes.upperBound)"
      )
    }
  }
}
