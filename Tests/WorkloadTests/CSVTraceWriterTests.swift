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
    var ragged = try read(Self.everyColumn)
    ragged.groups += try read("arrival_seconds,prompt_tokens,output_tokens\n0,1,1\n").groups
    for trace in [try read(TraceFormat.mooncake.example), broken, ragged] {
      #expect(throws: TraceWriteError.self) { try CSVTraceWriter(path: path).write(trace) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()).isEmpty)
    }
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
