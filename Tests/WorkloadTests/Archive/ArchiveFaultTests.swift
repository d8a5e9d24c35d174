import Foundation
import Testing

@testable import Workload

/// Damaged archives: an error, or the same rows. Never fewer of them, and never a trap.
@Suite struct `Damaged archives` {
  private let folder: TemporaryFolder
  private let trace: InMemoryTrace
  private let path: String
  private let bytes: [UInt8]
  private let file: TraceArchive

  init() throws {
    folder = try TemporaryFolder()
    trace = try smallTrace()
    path = try archive(inGroupsOf: trace, in: folder)
    bytes = Array(try Data(contentsOf: URL(filePath: path)))
    file = try TraceArchive(path: path)
  }

  /// The rows of a damaged file, read as a pipe is; nil for an error.
  private func rows(_ bytes: some Sequence<UInt8>) throws -> RowGroup? {
    let path = try folder.file("damaged", bytes)
    return try? joined(InMemoryTrace(reading: TraceFile(path: path)))
  }

  /// The error that a damaged file gives when it is read like a pipe.
  private func problem(_ bytes: some Sequence<UInt8>) throws -> String {
    let path = try folder.file("damaged", bytes)
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: path))
    }
    #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceArchive(path: path))
    }
    return error?.problem ?? ""
  }

  @Test func `a file cut at any byte is an error`() throws {
    for length in 0..<bytes.count {
      #expect(try rows(bytes[..<length]) == nil)
      #expect(throws: TraceError.self) { try TraceArchive(path: folder.path("damaged")) }
    }
    #expect(try rows(bytes) != nil)
    #expect(try problem(bytes[..<(bytes.count - 1)]).contains("truncated"))
    #expect(try problem(bytes + [0]).contains("truncated"))
    #expect(try problem(bytes + bytes).contains("behind the index"))
  }

  @Test func `a flipped bit anywhere is an error or changes no row`() throws {
    var random = SplitMix64(seed: 77)
    let whole = try rows(bytes)
    var equal = 0
    for round in 0..<4_000 {
      var damaged = bytes
      // Every byte once, the rest at random.
      let byte = round < bytes.count ? round : Int(random.next() % UInt64(bytes.count))
      damaged[byte] ^= 1 << UInt8(random.next() % 8)
      guard let found = try rows(damaged) else { continue }
      // Some bits of a zstd frame mean nothing, and its checksum is one of the content.
      #expect(found == whole, "byte \(byte)")
      #expect((Int(file.groupsStart)..<indexStart).contains(byte))
      equal += 1
    }
    #expect(equal < 100)
  }

  @Test func `a wrong checksum of a frame is named with its place`() throws {
    var damaged = bytes
    let group = file.index[1]
    damaged[Int(group.offset + group.packedBytes) - 1] ^= 0x40
    let problem = try problem(damaged)
    #expect(problem.contains("frame at byte offset \(group.offset) is corrupt"))
    #expect(problem.contains("checksum"))
  }

  @Test func `a version from the future asks for a newer replay`() throws {
    var damaged = bytes
    damaged[16] = 2
    let problem = try problem(damaged)
    #expect(problem.contains("version 2"))
    #expect(problem.contains("reads version 1; update replay"))
    damaged[16] = 0
    #expect(try self.problem(damaged).contains("version 0"))
  }

  @Test func `counts in the header are compared with the rows`() throws {
    let start = ArchiveFormat.skippableHeaderBytes
    let size = Int(file.groupsStart) - start
    for (edit, expected) in [
      ({ (header: inout ArchiveHeader) in header.rows += 1 }, "rows"),
      ({ $0.rows -= 1 }, "rows that the header says"), ({ $0.groups += 1 }, "groups"),
      ({ $0.sessions += 1 }, "sessions"), ({ $0.span += 1 }, "header says"),
      ({ $0.digest ^= 1 }, "for a digest"), ({ $0.blockTokens = 8 }, "digest"),
    ] as [((inout ArchiveHeader) -> Void, String)] {
      var header = file.header
      edit(&header)
      let payload = header.payload(size: size)
      let problem = try problem(
        bytes[..<start] + payload + bytes[(start + size)..<indexStart]
          + ArchiveIndex.frame(file.index, header: payload)
      )
      #expect(problem.contains(expected), "\(problem)")
    }
  }

  private var indexStart: Int {
    file.index.last.map { Int($0.offset + $0.packedBytes) } ?? 0
  }

  private func frame(_ group: Int) -> ArraySlice<UInt8> {
    let place = file.index[group]
    return bytes[Int(place.offset)..<Int(place.offset + place.packedBytes)]
  }

  @Test(arguments: [[0, 1], [1, 2], [0, 2], [1, 0, 2], [0, 1, 1, 2], [0, 1, 2, 0], [], [2]])
  func `frames removed, swapped or repeated are an error`(order: [Int]) throws {
    let header = Array(bytes[..<Int(file.groupsStart)])
    let frames = order.flatMap { frame($0) }
    #expect(try rows(header + frames + bytes[indexStart...]) == nil)
    // With an index that fits, and even a header that does but for the digest.
    var index: [ArchiveGroup] = []
    var offset = file.groupsStart
    var row: Int64 = 0
    for number in order {
      var entry = file.index[number]
      entry.offset = offset
      entry.firstRow = row
      offset += entry.packedBytes
      row += Int64(entry.rows)
      index.append(entry)
    }
    var edited = file.header
    edited.rows = row
    edited.groups = order.count
    edited.span = index.map(\.end).max() ?? 0
    for header in [file.header, edited] {
      let start = ArchiveFormat.skippableHeaderBytes
      let payload = header.payload(size: Int(file.groupsStart) - start)
      let whole =
        bytes[..<start] + payload + frames + ArchiveIndex.frame(index, header: payload)
      #expect(try rows(whole) == nil)
    }
  }

  @Test func `an index that disagrees with the frames is an error`() throws {
    let header = Array(
      bytes[ArchiveFormat.skippableHeaderBytes..<Int(file.groupsStart)]
    )
    for edit in [
      { $0.offset += 1 }, { $0.packedBytes -= 1 }, { $0.plainBytes += 1 }, { $0.firstRow += 1 },
      { $0.rows += 1 }, { $0.start += 1 }, { $0.end -= 1 }, { $0.packedBytes = .max },
      { $0.rows = .min }, { $0.offset = -1 },
    ] as [(inout ArchiveGroup) -> Void] {
      var index = file.index
      edit(&index[1])
      let problem = try problem(
        bytes[..<indexStart] + ArchiveIndex.frame(index, header: header)
      )
      #expect(problem.contains("index"))
    }
    for (index, expected) in [
      ([], "index has 0 groups"), (Array(file.index.dropLast()), "index has 2 groups"),
      (file.index + file.index.suffix(1), "claims 264 bytes; expected at most 208"),
    ] {
      let problem = try problem(bytes[..<indexStart] + ArchiveIndex.frame(index, header: header))
      #expect(problem.contains(expected), "\(problem)")
    }
  }

  @Test func `a frame that claims too much is refused before room is made`() throws {
    let start = Int(file.index[1].offset)
    // A descriptor with an 8-byte size and a checksum, then 2⁶⁰ bytes.
    let claim: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE4, 0, 0, 0, 0, 0, 0, 0, 0x10]
    #expect(
      try problem(bytes[..<start] + claim).contains("claims a content of 1152921504606846976")
    )
    // 2³⁰ bytes of which the only block, raw, repeated or compressed, can give a few.
    var large = claim
    large[5...12] = [0, 0, 0, 0x40, 0, 0, 0, 0]
    for (block, given) in [
      ([0x09, 0, 0, 0x52], 1), ([0x23, 0, 0, 0x52], 4), ([0x0D, 0, 0, 0x52], 131_072),
    ] as [([UInt8], Int)] {
      let frames = FrameReader(Bytes(large + block + [0, 0, 0, 0]), at: 0)
      #expect(try frames.nextKind() == .group)
      let error = #expect(throws: TraceError.self) { try frames.restOfGroup() }
      let expected = "claims a content of 1073741824 bytes, of which its blocks can give \(given)"
      #expect(error?.problem.contains(expected) == true)
      #expect(try problem(bytes[..<start] + large + block + [0, 0, 0, 0]).contains(expected))
    }
    // Without a size, or without a checksum.
    for descriptor: UInt8 in [0x04, 0xE0, 0xE5, 0xEC] {
      var frame = claim
      frame[4] = descriptor
      #expect(try problem(bytes[..<start] + frame).contains("descriptor \(descriptor)"))
    }
    // A skippable frame of 4 GiB in the place of the index.
    let index: [UInt8] = [0x51, 0x2A, 0x4D, 0x18, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(try problem(bytes[..<indexStart] + index).contains("claims 4294967295 bytes"))
    // A block of the reserved type, and one that is longer than what it could hold.
    var small = claim
    small[5...12] = [16, 0, 0, 0, 0, 0, 0, 0]
    #expect(try problem(bytes[..<start] + small + [0x07, 0, 0]).contains("block of type 3"))
    #expect(try problem(bytes[..<start] + small + [0x01, 0, 0x10]).contains("cannot be"))
  }

  @Test func `a reader that failed keeps failing`() throws {
    var damaged = bytes
    damaged[Int(file.index[1].offset) + 20] ^= 1
    let reader = try TraceFile(path: folder.file("damaged", damaged)).makeReader()
    var errors: [TraceError] = []
    for _ in 0..<6 {
      do throws(TraceError) { _ = try reader.next() } catch { errors.append(error) }
    }
    #expect(errors.count >= 4)
    #expect(errors.allSatisfy { $0 == errors[0] })
  }
}

/// Bytes in memory.
private final class Bytes: ByteSource {
  let file = "bytes"
  private var left: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { left = bytes[...] }

  func fill(_ bytes: inout [UInt8], from position: Int) -> Int {
    let count = min(left.count, bytes.count - position)
    bytes.replaceSubrange(position..<position + count, with: left.prefix(count))
    left = left.dropFirst(count)
    return count
  }
}
