import Foundation
import Testing
import Workload

@Suite struct `CSV trace writer` {
  private static let everyColumn = """
    arrival_seconds,prompt_tokens,output_tokens,max_output_tokens,session,turn,class,tenant,\
    priority,model,adapter,ttft_slo_seconds,tpot_slo_seconds,deadline_seconds,\
    reasoning_tokens,gap_kind,tool
    0,1,2,3,4,5,c,t,-6,m,a,0.7,0.08,19.5,1,tool,grep
    0.000000001,1,2,0,,0,"c, ""d""\",,0,,,0,0,,0,none,
    11.25,2147483647,2,0,0,0,c,t,6,m,a,1,1,11.25,2,human,

    """

  @Test(arguments: [CSVTraceWriter.Compression.none, .zstd(level: 1), .archive])
  func `a trace with every column comes back as it was`(
    compression: CSVTraceWriter.Compression
  ) throws {
    let folder = try TemporaryFolder()
    let trace = try read(Self.everyColumn)
    let path = folder.path("out.csv")
    #expect(try CSVTraceWriter(path: path, compression: compression).write(trace) == 3)
    let back = try InMemoryTrace(reading: TraceFile(path: path))
    #expect(back.groups == trace.groups)
    #expect(back.names == trace.names)
    if compression == .none {
      #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.everyColumn)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()) == ["out.csv"])
  }

  @Test func `parents come back as they were, wherever they stand`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("out.csv")
    let text = """
      arrival_seconds,prompt_tokens,output_tokens,session,turn,parents
      0,1,1,4,0,
      0.5,1,1,4,3,0:0.000000001:dispatch;2:3.25
      1,1,1,4,1,0
      2,1,1,,0,
      3,1,1,4,2,0:0:dispatch;1

      """
    let trace = try read(text)
    try CSVTraceWriter(path: path, compression: .none).write(trace)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    #expect(try InMemoryTrace(reading: TraceFile(path: path)).groups == trace.groups)
  }

  @Test func `delays come back as parents, and records as lines`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("out.csv")
    // The second session starts before the first, and the records say which line was which.
    let trace = try read(
      """
      {"session_id": "b", "timestamp": 9, "input_length": 5, "output_length": 1}
      {"session_id": "b", "delay": 4, "input_length": 6, "output_length": 1}
      {"session_id": "a", "timestamp": 1, "input_length": 7, "output_length": 1}
      {"session_id": "a", "delay": 9.5, "input_length": 8, "output_length": 1}
      """
    )
    try CSVTraceWriter(path: path, compression: .none).write(trace)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8) == """
        arrival_seconds,prompt_tokens,output_tokens,session,turn,parents
        0,7,1,1,0,
        0.008,5,1,0,0,
        0.0095,8,1,1,1,0:0.0095
        0.012,6,1,0,1,1:0.004

        """
    )
  }

  @Test func `a parent in a later group is found, and one that is nowhere is an error`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("out.csv")
    func group(_ record: Int64, waitsFor edge: TurnEdge? = nil) -> RowGroup {
      var group = RowGroup()
      group.record = [record]
      group.arrival = [0]
      group.promptTokens = [1]
      group.outputTokens = [1]
      group.session = [6]
      group.edges = ContiguousArray([edge].compactMap { $0 })
      group.edgeStart = [0, Int32(group.edges.count)]
      return group
    }
    let sound = [group(31, waitsFor: with(47, 5)), group(47)]
    try CSVTraceWriter(path: path).write(InMemoryTrace(name: "sound", groups: sound))
    #expect(try edges(of: InMemoryTrace(reading: TraceFile(path: path))) == [0: [with(1, 5)]])
    let lost = InMemoryTrace(name: "lost", groups: [group(31, waitsFor: after(4)), group(47)])
    let error = #expect(throws: TraceError.self) { try CSVTraceWriter(path: path).write(lost) }
    #expect(error?.description.hasPrefix("lost: record 31 of session 6 names record 4") == true)
  }

  @Test(arguments: [CSVTraceWriter.Compression.none, .zstd(level: 3)])
  func `many groups come back as they were`(compression: CSVTraceWriter.Compression) throws {
    let folder = try TemporaryFolder()
    var generator = ChatGenerator()
    generator.requests = 150_000
    let path = folder.path("out.csv")
    try CSVTraceWriter(path: path, compression: compression).write(generator)
    let back = try InMemoryTrace(reading: TraceFile(path: path))
    #expect(try back.groups == InMemoryTrace(reading: generator).groups)
  }

  @Test func `what the format cannot hold is an error that leaves nothing behind`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("out.csv")
    var broken = try read(Self.everyColumn)
    broken.names.classes[0] = "two\nlines"
    for trace in [try read(TraceFormat.mooncake.example), broken] {
      #expect(throws: TraceWriteError.self) { try CSVTraceWriter(path: path).write(trace) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()).isEmpty)
    }
  }

  @Test func `a column that only some groups have is empty in the others`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("out.csv")
    var ragged = try read("arrival_seconds,prompt_tokens,output_tokens\n0,1,1\n")
    var later = try rows("arrival_seconds,prompt_tokens,output_tokens,class,session\n0,1,1,c,4\n")
    later.record = [1]
    later.arrival = [500_000_000]
    ragged.groups.append(later)
    ragged.names.classes = ["c"]
    try CSVTraceWriter(path: path, compression: .none).write(ragged)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8) == """
        arrival_seconds,prompt_tokens,output_tokens,session,class
        0,1,1,,
        0.5,1,1,4,c

        """
    )
  }

  @Test func `an error of the source leaves the old file in place`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("out.csv", "old".utf8)
    let bad = try folder.file("bad", "arrival_seconds,prompt_tokens,output_tokens\n0,1,x\n".utf8)
    #expect(throws: TraceError.self) {
      try CSVTraceWriter(path: path).write(TraceFile(path: bad))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }

  @Test func `a folder that does not exist is an error`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("nowhere/out.csv")
    let error = #expect(throws: TraceWriteError.self) {
      try CSVTraceWriter(path: path).write(ChatGenerator())
    }
    #expect(error?.description.contains(path) == true)
  }
}
