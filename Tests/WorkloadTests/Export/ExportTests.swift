import Foundation
import Testing
import Workload

/// Traces that are written in a text format and read back.
@Suite struct `Trace export` {
  private static let everyColumn = """
    arrival_seconds,prompt_tokens,output_tokens,max_output_tokens,session,turn,parents,class,tenant,\
    priority,model,adapter,ttft_slo_seconds,tpot_slo_seconds,deadline_seconds,\
    reasoning_tokens,gap_kind,tool
    3,1,2,3,4,5,1:0.25:dispatch,c,t,-6,m,a,0.7,0.08,22.5,1,tool,grep
    3.000000001,1,2,0,4,0,,"c, ""d\""",,0,,,0,0,,0,none,
    14.25,2147483647,2,0,0,0,,c,t,6,m,a,1,1,14.25,2,human,

    """

  @Test func `a CSV trace with every column keeps its content`() throws {
    try expectSameContent(of: read(Self.everyColumn), as: .csv)
  }

  @Test func `the published traces keep their content`() throws {
    for (file, format) in [
      ("azure-llm-2023/AzureLLMInferenceTrace_code.csv", TraceExport.csv),
      ("mooncake-fast25/conversation_trace.jsonl", .mooncake),
    ] {
      guard let path = Folders.published(file) else { continue }
      try expectSameContent(of: InMemoryTrace(reading: TraceFile(path: path)), as: format)
    }
  }

  @Test func `the Mooncake conversation comes back byte for byte`() throws {
    guard let path = Folders.published("mooncake-fast25/conversation_trace.jsonl") else { return }
    let folder = try TemporaryFolder()
    let out = folder.path("out.jsonl")
    let rows = try TraceExport.mooncake.write(
      TraceFile(path: path),
      to: TextFileWriter(path: out, compression: .none)
    )
    #expect(rows == 12_031)
    let (published, written) = (try lines(path), try lines(out))
    #expect(published.count == written.count)
    let differing = zip(published, written).first { $0 != $1 }
    #expect(differing == nil)
  }

  @Test(arguments: [UInt64(11), 12, 13])
  func `block ids are numbered as they were`(seed: UInt64) throws {
    let text = RandomPrompts.mooncake(rows: 300, seed: seed)
    let folder = try TemporaryFolder()
    let out = folder.path("out.jsonl")
    try TraceExport.mooncake.write(
      read(text),
      to: TextFileWriter(path: out, compression: .none)
    )
    #expect(try String(contentsOfFile: out, encoding: .utf8) == text)
  }

  @Test(arguments: [
    """
    {"session_id": "0", "timestamp": 9, "input_length": 513, "output_length": 1, "hash_ids": [0, 1]}
    {"session_id": "0", "delay": 4, "input_length": 1025, "output_length": 1, "hash_ids": [0, 1, 2]}
    {"timestamp": 0, "input_length": 7, "output_length": 1, "hash_ids": [3]}
    {"session_id": "1", "timestamp": 1, "input_length": 7, "output_length": 1, "hash_ids": [0]}
    {"session_id": "1", "delay": 9.500001, "input_length": 8, "output_length": 1, "hash_ids": [4]}
    {"session_id": "0", "timestamp": 90, "delay": 2, "input_length": 8, "output_length": 1, \
    "hash_ids": [5]}

    """,
    """
    {"session_id": "0", "timestamp": 0, "input_length": 513, "output_length": 1}
    {"session_id": "0", "delay": 0, "input_length": 1025, "output_length": 1}

    """,
    """
    {"timestamp": 0, "input_length": 513, "output_length": 1, "hash_ids": [0, 1], "priority": 0, \
    "policy_class": ""}
    {"timestamp": 5, "input_length": 13, "output_length": 1, "hash_ids": [2], "priority": -7, \
    "policy_class": "gold"}

    """,
  ])
  func `sessions, priorities and classes come back as they were`(text: String) throws {
    let folder = try TemporaryFolder()
    let out = folder.path("out.jsonl")
    let trace = try read(text)
    try TraceExport.mooncake.write(trace, to: TextFileWriter(path: out, compression: .none))
    #expect(try String(contentsOfFile: out, encoding: .utf8) == text)
    try expectSameContent(of: trace, as: .mooncake)
  }

  @Test func `what a format cannot hold is named, and left out only where it is dropped`() throws {
    let chat = try read(
      """
      arrival_seconds,prompt_tokens,output_tokens,tenant,session,turn,parents
      0,1,1,acme,7,0,
      2,1,1,acme,7,1,0:1

      """
    )
    #expect(try losses(of: chat, as: .mooncake) == [.sessionNumbers, .tenant])
    #expect(try losses(of: chat, as: .mooncake, dropping: [.tenant]) == [.sessionNumbers])
    let folder = try TemporaryFolder()
    let out = folder.path("out.jsonl")
    try TraceExport.mooncake.write(
      chat,
      dropping: [.tenant, .sessionNumbers],
      to: TextFileWriter(path: out, compression: .none)
    )
    #expect(
      try String(contentsOfFile: out, encoding: .utf8) == """
        {"session_id": "7", "timestamp": 0, "input_length": 1, "output_length": 1}
        {"session_id": "7", "timestamp": 2000, "delay": 1000, "input_length": 1, "output_length": 1}

        """
    )
  }

  @Test func `CSV has no place for prefixes and for records that are not lines`() throws {
    let sessions = try read(
      """
      {"session_id": "0", "timestamp": 9, "input_length": 5, "output_length": 1, "hash_ids": [0]}
      {"session_id": "1", "timestamp": 1, "input_length": 5, "output_length": 1, "hash_ids": [0]}
      """
    )
    #expect(try losses(of: sessions, as: .csv) == [.record, .prefix])
    #expect(try losses(of: sessions, as: .csv, dropping: [.record, .prefix]) == [])
    let linked = try read(Self.everyColumn)
    #expect(try losses(of: linked, as: .csv, dropping: [.session]) == [.parents])
    #expect(try losses(of: linked, as: .csv, dropping: [.session, .parents]) == [])
  }

  @Test func `sessions that are no chains, and tries that are cut otherwise, are named`() throws {
    let fork = try read(
      """
      arrival_seconds,prompt_tokens,output_tokens,session,turn,parents
      0,1,1,0,0,
      1,1,1,0,1,0:1
      2,1,1,0,2,0:1

      """
    )
    #expect(try losses(of: fork, as: .mooncake) == [.session])
    let text = """
      {"timestamp": 0, "input_length": 5, "output_length": 1, "hash_ids": [0]}
      {"timestamp": 1, "input_length": 515, "output_length": 1, "hash_ids": [1, 2]}

      """
    let cut = CutTrace(try read(text), to: 1_000_000..<2_000_000)
    #expect(try losses(of: cut, as: .mooncake) == [.record, .prefixNumbers])
    let folder = try TemporaryFolder()
    let out = folder.path("out.jsonl")
    try TraceExport.mooncake.write(
      cut,
      dropping: [.record, .prefixNumbers],
      to: TextFileWriter(path: out, compression: .none)
    )
    #expect(
      try String(contentsOfFile: out, encoding: .utf8)
        == "{\"timestamp\": 0, \"input_length\": 515, \"output_length\": 1, \"hash_ids\": [0, 1]}\n"
    )
  }

  @Test func `a trace that Mooncake has no words for is an error that says why`() throws {
    for (text, reason) in [
      ("arrival_seconds,prompt_tokens,output_tokens\n0,1,1\n", "has no prefixes"),
      ("arrival_seconds,prompt_tokens,output_tokens,session\n0,1,1,0\n0.0005,1,1,1\n", "record 1"),
    ] {
      let folder = try TemporaryFolder()
      let out = folder.path("out.jsonl")
      let error = #expect(throws: TraceWriteError.self) {
        try TraceExport.mooncake.write(
          read(text),
          to: TextFileWriter(path: out, compression: .none)
        )
      }
      #expect(error?.description.contains(reason) == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()).isEmpty)
    }
  }

  @Test func `a trace without requests is in no text format`() throws {
    let empty = InMemoryTrace(name: "empty", groups: [])
    for format in TraceExport.allCases {
      let folder = try TemporaryFolder()
      let error = #expect(throws: TraceWriteError.self) {
        try format.write(
          empty,
          to: TextFileWriter(path: folder.path("out"), compression: .none)
        )
      }
      #expect(error?.problem.contains("holds no requests") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()).isEmpty)
    }
    #expect(
      try String(decoding: TraceTable.csv(of: empty, rows: 1), as: UTF8.self)
        == "record,arrival_seconds,prompt_tokens,output_tokens\n"
    )
  }

  @Test func `numbers at the end of their range are told apart from a chain`() throws {
    let wrapped = try read(
      """
      arrival_seconds,prompt_tokens,output_tokens,session,turn,parents
      0,1,1,0,2147483647,
      1,1,1,0,0,0:1

      """
    )
    #expect(try losses(of: wrapped, as: .mooncake) == [.session])
    #expect(try losses(of: wrapped, as: .csv) == [])
  }

  @Test func `a path that claims more blocks than its prompt has is not spelled`() throws {
    var trace = try read(
      "{\"timestamp\": 0, \"input_length\": 600, \"output_length\": 1, \"hash_ids\": [0, 1]}"
    )
    trace.groups[0].prefixes.blocks = [.max]
    trace.groups[0].prefixBlocks = [.max]
    let folder = try TemporaryFolder()
    let error = #expect(throws: TraceWriteError.self) {
      try TraceExport.mooncake.write(
        trace,
        to: TextFileWriter(path: folder.path("out.jsonl"), compression: .none)
      )
    }
    #expect(error?.problem.contains("has 2147483647 prefix blocks") == true)
  }

  @Test func `a node that paths name in parts has its numbers in parts`() throws {
    var trace = try read(
      """
      {"timestamp": 0, "input_length": 1024, "output_length": 1, "hash_ids": [0, 1]}
      {"timestamp": 1, "input_length": 512, "output_length": 1, "hash_ids": [2]}
      {"timestamp": 2, "input_length": 1600, "output_length": 1, "hash_ids": [0, 1, 3, 4]}
      {"timestamp": 3, "input_length": 1536, "output_length": 1, "hash_ids": [0, 1, 3]}

      """
    )
    // One node for what the importer makes two of.
    trace.groups[0].prefixes = PrefixNodes()
    trace.groups[0].prefixes.id = [5, 6]
    trace.groups[0].prefixes.parent = [-1, -1]
    trace.groups[0].prefixes.offset = [0, 0]
    trace.groups[0].prefixes.blocks = [4, 1]
    trace.groups[0].prefixNode = [5, 6, 5, 5]
    trace.groups[0].prefixBlocks = [2, 1, 4, 3]
    let folder = try TemporaryFolder()
    let out = folder.path("out.jsonl")
    try TraceExport.mooncake.write(
      trace,
      dropping: [.prefixNumbers],
      to: TextFileWriter(path: out, compression: .none)
    )
    let ids = try read(String(contentsOfFile: out, encoding: .utf8))
    #expect(
      try String(contentsOfFile: out, encoding: .utf8).contains("\"hash_ids\": [0, 1, 3, 4]}")
    )
    #expect(ids.groups[0].prefixBlocks == [2, 1, 2, 1])
    #expect(try losses(of: trace, as: .mooncake) == [.prefixNumbers])
  }

  @Test func `a name with a line break matters only in a column that is written`() throws {
    var trace = try read(
      "arrival_seconds,prompt_tokens,output_tokens,class,tenant\n0,1,1,chat,acme\n"
    )
    trace.names.tenants = ["two\nlines"]
    let folder = try TemporaryFolder()
    let out = folder.path("out.csv")
    let error = #expect(throws: TraceWriteError.self) {
      try TraceExport.csv.write(trace, to: TextFileWriter(path: out, compression: .none))
    }
    #expect(error?.problem.contains("of the column tenant holds a line break") == true)
    let file = try TextFileWriter(path: out, compression: .none)
    try TraceExport.csv.write(trace, dropping: [.tenant], to: file)
    #expect(
      try String(contentsOfFile: out, encoding: .utf8)
        == "arrival_seconds,prompt_tokens,output_tokens,class\n0,1,1,chat\n"
    )
  }

  private func expectSameContent(of trace: InMemoryTrace, as format: TraceExport) throws {
    let folder = try TemporaryFolder()
    let out = folder.path("out")
    try format.write(trace, to: TextFileWriter(path: out, compression: .zstd(level: 1)))
    let back = TraceFile(path: out)
    #expect(try TraceProfile(reading: back).digest == TraceProfile(reading: trace).digest)
  }

  private func losses(
    of trace: any Trace,
    as format: TraceExport,
    dropping: Set<ExportItem> = []
  ) throws -> [ExportItem] {
    let folder = try TemporaryFolder()
    do {
      let file = try TextFileWriter(path: folder.path("out"), compression: .none)
      try format.write(trace, dropping: dropping, to: file)
      return []
    } catch let loss as ExportLoss {
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()).isEmpty)
      return loss.items.map(\.item)
    }
  }

  private func lines(_ path: String) throws -> [Data.SubSequence] {
    try Data(contentsOf: URL(filePath: path)).split(separator: 10)
  }
}
