import Foundation
import Testing
import Workload

@Suite struct `Gzip files` {
  private func trace(_ bytes: [UInt8]) throws -> InMemoryTrace {
    let folder = try TemporaryFolder()
    return try InMemoryTrace(reading: TraceFile(path: folder.file("trace", bytes)))
  }

  private func failure(_ bytes: [UInt8]) -> TraceError? {
    #expect(throws: TraceError.self) { try trace(bytes) }
  }

  @Test(arguments: TraceFormat.all.map(\.name))
  func `every format reads as if it were plain`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let example = try ExampleFile(format)
    let packed = try gzipped(Array(format.example.utf8))
    let trace = try InMemoryTrace(reading: example.trace(packed, isDetected: true))
    #expect(trace.groups == (try ExampleFile.read(format).groups))
  }

  @Test func `a long file reads as if it were plain`() throws {
    var random = SplitMix64(seed: 4)
    var text = "arrival_seconds,prompt_tokens,output_tokens\n"
    for row in 0..<150_000 {
      let tokens = Int.random(in: 1...9_999, using: &random)
      text += "\(row),\(tokens),\(Int.random(in: 1...999, using: &random))\n"
    }
    #expect(try trace(gzipped(Array(text.utf8))).groups == read(text).groups)
  }

  @Test func `members that follow each other read as one file, wherever they part`() throws {
    let bytes = Array(TraceFormat.csv.example.utf8)
    let whole = try read(TraceFormat.csv.example).groups
    let empty = try gzipped([])
    for cut in stride(from: 0, through: bytes.count, by: 7) {
      let members =
        try gzipped(Array(bytes[..<cut])) + empty + gzipped(Array(bytes[cut...])) + empty
      #expect(try trace(members).groups == whole)
    }
  }

  @Test func `a file of many small members is read across blocks`() throws {
    var packed = try gzipped(Array("arrival_seconds,prompt_tokens,output_tokens\n".utf8))
    for row in 0..<20_000 { packed += try gzipped(Array("\(row),5,7\n".utf8)) }
    let read = try trace(packed)
    #expect(read.groups.map(\.count) == [20_000])
    #expect(read.groups.first?.arrival.last == 19_999 * SimTime.nanosecondsPerSecond)
  }

  @Test func `a wrong checksum and a wrong length are errors at the end of their member`() throws {
    let packed = try gzipped(Array(TraceFormat.csv.example.utf8))
    for (offset, reason) in [(8, "data check"), (4, "length check")] {
      var bytes = packed
      bytes[packed.count - offset] ^= 1
      let problem = failure(bytes + packed)?.problem ?? ""
      #expect(problem.contains("gzip data is corrupt at byte offset"), "\(problem)")
      #expect(problem.contains(reason), "\(problem)")
      let place = problem.split(separator: " ").compactMap { Int($0) }.first
      #expect(place.map { packed.count - 8...packed.count ~= $0 } == true)
    }
  }

  @Test func `a truncated member and what is no member name the byte in the compressed file`()
    throws
  {
    let packed = try gzipped(Array(TraceFormat.csv.example.utf8))
    let empty = try gzipped([])
    for length in 1..<empty.count {
      let problem = failure(packed + empty.prefix(length))?.problem ?? ""
      #expect(
        problem.contains("inside a member at byte offset \(packed.count + length);"),
        "\(problem)"
      )
    }
    let problem = failure(packed + Array("tail".utf8))?.problem ?? ""
    // Two bytes make what is no magic number.
    #expect(problem.contains("corrupt at byte offset \(packed.count + 2) "), "\(problem)")
  }
}
