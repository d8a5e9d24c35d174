import Foundation
import Testing
import Workload

@Suite struct `Trace files` {
  @Test(arguments: TraceFormat.all)
  func `a byte order mark in front of a trace says nothing`(_ format: TraceFormat) throws {
    let example = try ExampleFile(format)
    let marked = try InMemoryTrace(
      reading: example.trace([0xEF, 0xBB, 0xBF] + format.example.utf8, isDetected: true)
    )
    let plain = try ExampleFile.read(format)
    #expect(marked.groups.map(\.arrival) == plain.groups.map(\.arrival))
    #expect(marked.groups.map(\.promptTokens) == plain.groups.map(\.promptTokens))
  }

  @Test func `a missing file is named`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("nowhere.csv")
    let error = #expect(throws: TraceError.self) { try TraceFile(path: path).makeReader() }
    #expect(error?.kind == .noSuchFile)
    #expect(error?.description.hasPrefix(path) == true)
  }

  @Test func `a folder is not a trace`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: TraceError.self) {
      try TraceFile(path: folder.url.path()).makeReader()
    }
    #expect(error?.kind == .noSuchFile)
    #expect(error?.problem.contains("folder") == true)
  }

  @Test func `a path below a file is no such file`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", "x".utf8)
    let error = #expect(throws: TraceError.self) { try TraceFile(path: path + "/b").makeReader() }
    #expect(error?.kind == .noSuchFile)
  }

  @Test func `a loop of links is unreadable`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("loop")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    let error = #expect(throws: TraceError.self) { try TraceFile(path: path).makeReader() }
    #expect(error?.kind == .unreadable)
  }

  @Test func `an empty file is bad data`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("empty.csv", [])
    let error = #expect(throws: TraceError.self) { try TraceFile(path: path).makeReader() }
    #expect(error == TraceError(.badData, file: path, problem: "is empty"))
  }

  @Test func `an unknown format lists the known ones`() throws {
    let error = #expect(throws: TraceError.self) { try read("time;tokens\n1;2\n") }
    #expect(error?.line == 1)
    for format in TraceFormat.all {
      #expect(error?.problem.contains(format.name) == true)
    }
  }

  @Test func `the name is the last component of the path`() {
    #expect(TraceFile(path: "a/b/chat.csv.zst").name == "chat.csv.zst")
    #expect(TraceFile(path: "chat.csv").name == "chat.csv")
  }

  @Test(arguments: TraceFormat.all.map(\.name))
  func `every format is found by its name and recognizes its own example alone`(
    name: String
  ) throws {
    let format = try #require(TraceFormat.named(name))
    let start = Array(format.example.utf8)
    let recognizing = TraceFormat.all.filter { $0.recognizes(start: start) }
    #expect(recognizing.count == 1)
    #expect((recognizing.first?.name == name) == format.isRecognizable)
    #expect(!format.summary.isEmpty && format.summary.hasSuffix("."))
  }

  @Test func `compression is recognized by content and not by suffix`() throws {
    let folder = try TemporaryFolder()
    let plain = try folder.file("plain.csv.zst", TraceFormat.csv.example.utf8)
    let base = try InMemoryTrace(reading: TraceFile(path: plain))
    let packed = folder.path("packed.csv")
    try CSVTraceWriter(path: packed).write(base)
    #expect(
      try Data(contentsOf: URL(filePath: packed)).prefix(4) == Data([0x28, 0xB5, 0x2F, 0xFD])
    )
    #expect(try InMemoryTrace(reading: TraceFile(path: packed)).groups == base.groups)
  }

  @Test func `concatenated and skippable frames read as one file`() throws {
    let folder = try TemporaryFolder()
    let base = try read(TraceFormat.csv.example)
    let path = folder.path("frames")
    try CSVTraceWriter(path: path).write(base)
    let frame = try Data(contentsOf: URL(filePath: path))
    let skippable = Data([0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3])
    _ = try folder.file("frames", skippable + frame + skippable)
    #expect(try InMemoryTrace(reading: TraceFile(path: path)).groups == base.groups)
    _ = try folder.file("frames", frame + frame)
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: path))
    }
    #expect(error?.line == base.groups.reduce(2) { $0 + $1.count })
  }

  @Test func `a line without an end is bounded`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("zeros")
    try Data(count: 65 << 20).write(to: URL(filePath: path))
    let error = #expect(throws: TraceError.self) { try TraceFile(path: path).makeReader() }
    #expect(error?.problem.contains("longer than") == true)
  }

  @Test func `lines longer than a block are read`() throws {
    let ids = (0..<120_000).map(String.init).joined(separator: ", ")
    let group = try rows(
      #"{"timestamp": 1, "input_length": 61440000, "output_length": 2, "hash_ids": [\#(ids)]}"#
    )
    #expect(group.prefixBlocks == [120_000])
  }

  @Test func `a reader that failed keeps failing`() throws {
    let folder = try TemporaryFolder()
    let text = "arrival_seconds,prompt_tokens,output_tokens\n0,1,1\n1,x,1\n2,1,1\n"
    let reader = try TraceFile(path: folder.file("bad", text.utf8)).makeReader()
    for _ in 0..<3 {
      let error = #expect(throws: TraceError.self) { try reader.next() }
      #expect(error?.line == 3)
    }
  }

  @Test func `groups hold 65,536 rows and count on`() throws {
    let count = RowGroup.preferredRows * 2 + 5
    var text = "arrival_seconds,prompt_tokens,output_tokens\n"
    for row in 0..<count { text += "\(row),\(row + 1),7\n" }
    let trace = try read(text)
    #expect(trace.groups.map(\.count) == [RowGroup.preferredRows, RowGroup.preferredRows, 5])
    #expect(violations(of: trace).isEmpty)
    #expect(trace.groups.last?.record.last == Int64(count - 1))
    #expect(trace.groups.last?.promptTokens.last == Int32(count))
  }
}
