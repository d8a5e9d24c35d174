import Testing
import Workload

@Suite struct `Merged trace` {
  private static let chat = """
    arrival_seconds,prompt_tokens,output_tokens,class,session,turn,parents
    5,10,1,chat,9,0,
    6,11,2,code,4,0,
    8,12,3,chat,9,1,0:0.5

    """
  private static let plain = """
    arrival_seconds,prompt_tokens,output_tokens,deadline_seconds
    100,20,4,
    101,21,5,103
    107.5,22,6,

    """

  @Test func `interleaves by time, and numbers records, sessions and names anew`() throws {
    let merged = try InMemoryTrace(
      reading: MergedTrace([read(Self.plain), read(Self.chat)], offsets: [500_000_000, 0])
    )
    let group = try #require(merged.groups.first)
    #expect(merged.groups.count == 1)
    #expect(group.record == [0, 1, 2, 3, 4, 5])
    #expect(group.promptTokens == [10, 20, 11, 21, 12, 22])
    #expect(group.arrival.map { $0 / 500_000_000 } == [0, 1, 2, 3, 6, 16])
    #expect(group.session == [0, -1, 1, -1, 0, -1])
    #expect(group.deadline.map { $0 == .never ? -1 : $0 / 500_000_000 } == [-1, -1, -1, 7, -1, -1])
    #expect(
      group.requestClass.map { merged.names.classes[Int($0)] } == [
        "chat", "", "code", "", "chat", "",
      ]
    )
    #expect(edges(of: merged) == [4: [after(0, 500_000_000)]])
    #expect(violations(of: merged).isEmpty)
  }

  @Test func `prefix nodes of two traces stay apart`() throws {
    let text = """
      {"timestamp": 0, "input_length": 5, "output_length": 1, "hash_ids": [0]}
      {"timestamp": 2, "input_length": 515, "output_length": 1, "hash_ids": [0, 1]}

      """
    let (first, second) = (try read(text), try read(text))
    let merged = MergedTrace([first, second])
    let profile = try #require(try TraceProfile(reading: merged).prefixes)
    let alone = try #require(try TraceProfile(reading: first).prefixes)
    #expect(profile.distinctBlocks == 2 * alone.distinctBlocks)
    #expect(profile.hitBlocks == 2 * alone.hitBlocks)
    #expect(try violations(of: InMemoryTrace(reading: merged)).isEmpty)
  }

  @Test func `an edge finds a parent that is merged later, even in another group`() throws {
    func group(_ records: [Int64], _ arrival: SimTime) -> RowGroup {
      var group = RowGroup()
      group.record = ContiguousArray(records)
      group.arrival = ContiguousArray(repeating: arrival, count: records.count)
      group.promptTokens = ContiguousArray(repeating: 1, count: records.count)
      group.outputTokens = group.promptTokens
      group.session = ContiguousArray(repeating: 6, count: records.count)
      return group
    }
    // Enough rows that parent and child fall into different groups of the merged trace.
    let first = Int64(RowGroup.preferredRows - 10)
    var groups = [group(Array(0..<first), 0), group(Array(first..<first + 100), 5)]
    groups[0].edgeStart = ContiguousArray(repeating: 1, count: Int(first) + 1)
    groups[0].edgeStart[0] = 0
    groups[0].edges = [with(first + 90, 7)]
    let linked = InMemoryTrace(name: "linked", groups: groups)
    let merged = try InMemoryTrace(reading: MergedTrace([read(Self.plain), linked]))
    #expect(merged.groups.count == 2)
    // The plain trace's first row stands before all others.
    #expect(edges(of: merged) == [1: [with(first + 91, 7)]])
    groups[0].edges = [with(-1, 7)]
    let lost = InMemoryTrace(name: "lost", groups: groups)
    #expect(throws: TraceError.self) { try InMemoryTrace(reading: MergedTrace([lost])) }
  }

  @Test func `one trace alone is itself`() throws {
    let text = """
      arrival_seconds,prompt_tokens,output_tokens,class,session,turn,parents
      0,10,1,chat,0,0,
      6,11,2,code,1,0,
      8,12,3,chat,0,1,0:0.5

      """
    let trace = try read(text)
    #expect(try InMemoryTrace(reading: MergedTrace([trace])).groups == trace.groups)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `what one trace adds behind another can be cut off again`(seed: UInt64) throws {
    let first = try read(RandomPrompts.mooncake(rows: 40, seed: seed))
    let second = try read(RandomPrompts.mooncake(rows: 40, seed: seed &+ 100))
    let end = try #require(first.groups.last?.arrival.last) + 1
    let merged = MergedTrace([first, second], offsets: [0, end])
    let front = CutTrace(merged, to: 0..<end)
    #expect(try TraceProfile(reading: front).digest == TraceProfile(reading: first).digest)
    let back = try InMemoryTrace(reading: CutTrace(merged, to: end..<SimTime.never))
    let again = try InMemoryTrace(reading: MergedTrace([back]))
    #expect(try TraceProfile(reading: again).digest == TraceProfile(reading: second).digest)
  }

  @Test func `time counts from the first trace that has rows`() throws {
    let nothing = InMemoryTrace(name: "nothing", groups: [RowGroup()])
    let merged = MergedTrace([nothing, try read(Self.plain)], offsets: [0, 10_000_000_000])
    let trace = try InMemoryTrace(reading: merged)
    #expect(trace.groups.first?.arrival == [0, 1_000_000_000, 7_500_000_000])
    #expect(try InMemoryTrace(reading: MergedTrace([nothing, nothing])).groups.isEmpty)
  }

  @Test func `numbers that are sparse, and nodes of earlier groups, are found again`() throws {
    // Each group touches the root again, and a node of its own below it.
    func group(_ record: Int64, _ session: Int32, node: Int32) -> RowGroup {
      var group = RowGroup()
      group.record = [record]
      group.arrival = [record - 1_000_000_000_000]
      (group.promptTokens, group.outputTokens) = ([2], [1])
      group.session = [session]
      (group.prefixNode, group.prefixBlocks) = ([node], [1])
      group.prefixes.id = [7, node]
      group.prefixes.parent = [-1, 7]
      (group.prefixes.offset, group.prefixes.blocks) = ([0, 1], [1, 1])
      return group
    }
    var names = TraceNames()
    names.blockTokens = 1
    var groups = (0..<3).map { index in
      group(1_000_000_000_000 + Int64(index), .max - Int32(index % 2), node: .max - Int32(index))
    }
    groups[2].edgeStart = [0, 1]
    groups[2].edges = [after(1_000_000_000_000)]
    let trace = InMemoryTrace(name: "sparse", names: names, groups: groups)
    let merged = try InMemoryTrace(reading: MergedTrace([trace, trace]))
    let group = try #require(merged.groups.first)
    #expect(group.session == [0, 1, 2, 3, 0, 1])
    #expect(group.prefixes.parent == [-1, 0, -1, 2, 0, 2, 0, 2])
    #expect(group.prefixNode == [1, 3, 4, 5, 6, 7])
    #expect(edges(of: merged) == [4: [after(0)], 5: [after(1)]])
    #expect(violations(of: merged).isEmpty)
  }

  @Test func `a merged trace says what its parts say, each text once`() throws {
    let folder = try TemporaryFolder()
    let plain = TraceFile(path: try folder.file("plain.csv", Self.plain.utf8))
    let azure = TraceFile(path: try folder.file("azure.csv", TraceFormat.azure.example.utf8))
    let merged = try MergedTrace([plain, read(Self.chat), azure, plain]).makeReader()
    #expect(
      merged.provenance
        == TraceProvenance(
          source: "plain.csv; azure.csv",
          format: "csv; azure",
          note: "merged of plain.csv, trace, azure.csv, plain.csv"
        )
    )
  }

  @Test func `blocks of different sizes are refused`() throws {
    var small = try read(
      "{\"timestamp\": 0, \"input_length\": 5, \"output_length\": 1, \"hash_ids\": [0]}"
    )
    let large = small
    small.names.blockTokens = 16
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: MergedTrace([small, large]))
    }
    #expect(error?.description.contains("blocks of 16 tokens") == true)
    #expect(throws: TraceError.self) { try MergedTrace([small], offsets: [0, 1]).makeReader() }
    #expect(throws: TraceError.self) { try MergedTrace([]).makeReader() }
  }
}
