import Testing
import Workload

@Suite struct `Cut trace` {
  private static let text = """
    arrival_seconds,prompt_tokens,output_tokens,session,turn,deadline_seconds,parents
    10,1,1,0,0,,
    11,2,1,,0,,
    12,3,1,1,0,30,
    13,4,1,0,1,,0
    14,5,1,,0,,
    15,6,1,1,1,,2
    16,7,1,2,0,,

    """

  @Test func `keeps the sessions that start in the window whole, from its first arrival on`() throws
  {
    let trace = try InMemoryTrace(reading: CutTrace(read(Self.text), to: seconds(1.5, 6)))
    let group = try #require(trace.groups.first)
    #expect(trace.groups.count == 1)
    #expect(group.record == [2, 4, 5])
    #expect(group.promptTokens == [3, 5, 6])
    #expect(group.arrival == [0, 2_000_000_000, 3_000_000_000])
    #expect(group.deadline == [18_000_000_000, .never, .never])
    #expect(group.session == [1, -1, 1])
    #expect(edges(of: trace) == [5: [after(2)]])
  }

  @Test(arguments: [UInt64(5), 6])
  func `the whole range is the trace, and its nodes are those that rows touch`(
    seed: UInt64
  ) throws {
    let trace = try read(RandomPrompts.mooncake(rows: 60, seed: seed))
    let whole = CutTrace(trace, to: 0..<SimTime.never)
    #expect(try InMemoryTrace(reading: whole).groups == trace.groups)
    let half = try InMemoryTrace(reading: CutTrace(trace, to: 0..<210_000_000))
    #expect(violations(of: half).isEmpty)
    let (all, some) = (trace.groups[0].prefixes, half.groups[0].prefixes)
    #expect(some.count < all.count)
    let last = half.groups[0].prefixNode.max() ?? -1
    #expect(some.id == all.id.filter { $0 <= last })
  }

  @Test func `a window in which no session starts is an error`() throws {
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: CutTrace(read(Self.text), to: seconds(3, 3.5)))
    }
    #expect(error?.description.contains("no session starts from 3 s up to 3.5 s") == true)
  }

  @Test func `a deadline beyond the range of time keeps its meaning`() throws {
    var trace = try read("arrival_seconds,prompt_tokens,output_tokens\n0,1,1\n2,1,1\n3,1,1\n")
    trace.groups[0].deadline = [5, .min, .never]
    let cut = try InMemoryTrace(reading: CutTrace(trace, to: seconds(1, 4)))
    #expect(cut.groups[0].deadline == [.min, .never])
    trace.groups[0].deadline = [.never - 1, .never - 4, .never]
    let merged = try InMemoryTrace(reading: MergedTrace([trace, trace], offsets: [0, 4]))
    let moved = merged.groups[0].deadline
    #expect(moved == [.never - 1, .never - 1, .never - 4, .never - 1, .never, .never])
  }

  @Test func `a part says where it is from, with the epoch of its own first arrival`() throws {
    let folder = try TemporaryFolder()
    let file = TraceFile(path: try folder.file("t.csv", Self.text.utf8))
    let part = try CutTrace(file, to: seconds(1.5, 6)).makeReader().provenance
    #expect(part?.source == "t.csv" && part?.format == "csv")
    #expect(part?.note == "cut from 1.5 s up to 6 s of t.csv" && part?.epoch == "")
    let again = try CutTrace(CutTrace(file, to: 0..<9), to: 1..<SimTime.never).makeReader()
    #expect(
      again.provenance?.note == "cut up to 0.000000009 s of t.csv; cut from 0.000000001 s of t.csv"
    )
    #expect(try CutTrace(read(Self.text), to: 0..<9).makeReader().provenance == nil)
  }

  private func seconds(_ from: Double, _ to: Double) -> Range<SimTime> {
    SimTime(from * 1e9)..<SimTime(to * 1e9)
  }
}
