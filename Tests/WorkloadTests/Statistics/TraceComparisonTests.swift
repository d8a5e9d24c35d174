import Testing
import Workload

@Suite struct `Comparison of traces` {
  @Test func `the distance is the largest difference of the distribution functions`() {
    let first = ValueCounts([1, 2, 2, 3])
    #expect(first.distance(to: first) == 0)
    #expect(first.distance(to: ValueCounts([4, 5])) == 1)
    // At 2 the shares are 3/4 and 1/4.
    #expect(first.distance(to: ValueCounts([2, 3, 3, 9])) == 0.5)
    #expect(ValueCounts([2, 3, 3, 9]).distance(to: first) == 0.5)
    #expect(first.distance(to: ValueCounts([])) == nil)
  }

  @Test func `quantiles are interpolated and means exact`() {
    let counts = ValueCounts([10, 40, 20, 20])
    #expect(counts.count == 4 && counts.mean == 22.5)
    #expect(counts.values == [10, 20, 40] && counts.ranks == [1, 3, 4])
    #expect(counts.quantile(0) == 10 && counts.quantile(1) == 40)
    #expect(counts.quantile(0.5) == 20)
    #expect(counts.quantile(0.9) == 34)
    #expect(ValueCounts([]).mean == 0 && ValueCounts([]).quantile(0.5) == 0)
  }

  /// Two sessions: one of three requests, of which the last waits for a person, and one of one.
  private let text = """
    arrival_seconds,prompt_tokens,output_tokens,session,turn,parents,gap_kind
    0,40000,10,0,0,,none
    1,900,5,1,0,,none
    4,40500,20,0,1,0:1.5,tool
    9,20000,30,0,2,2:3,human

    """

  @Test func `statistics are those of their definitions`() throws {
    let samples = try TraceSamples(reading: read(text))
    #expect(samples.requests == 4 && samples.sessions == 2)
    #expect(samples.sessionHitShare == nil)
    #expect(samples[.promptTokens] == ValueCounts([40_000, 900, 40_500, 20_000]))
    #expect(samples[.outputTokens] == ValueCounts([10, 5, 20, 30]))
    #expect(samples[.startTokens] == ValueCounts([40_000, 900]))
    #expect(samples[.growthTokens] == ValueCounts([500]))
    #expect(samples[.requestsPerSession] == ValueCounts([3, 1]))
    #expect(samples[.compactionsPerSession] == ValueCounts([1, 0]))
    #expect(samples[.toolGap] == ValueCounts([1_500_000_000]))
    #expect(samples[.humanGap] == ValueCounts([3_000_000_000]))
    #expect(samples[.sessionLength] == ValueCounts([9_000_000_000]))
    #expect(
      samples[.interArrival] == ValueCounts([1_000_000_000, 3_000_000_000, 5_000_000_000])
    )
    #expect(samples[.sessionHits].count == 0)
  }

  @Test func `hits are those within a session, and other agents' prompts are no growth`() throws {
    var group = RowGroup()
    // Of one session: a start, its continuation, another agent and a compaction; then another
    // session that starts like the first.
    group.record = [0, 1, 2, 3, 4]
    group.arrival = [0, 1, 2, 3, 4]
    group.promptTokens = [64_000, 96_000, 640, 32_000, 64_000]
    group.outputTokens = [1, 1, 1, 1, 1]
    group.session = [0, 0, 0, 0, 1]
    group.prefixNode = [0, 1, 2, 3, 0]
    group.prefixBlocks = [1_000, 500, 10, 400, 1_000]
    group.prefixes.id = [0, 1, 2, 3]
    group.prefixes.parent = [-1, 0, -1, 0]
    group.prefixes.offset = [0, 1_000, 0, 100]
    group.prefixes.blocks = [1_000, 500, 10, 400]
    group.edgeStart = [0, 0, 1, 2, 3, 3]
    group.edges = [
      TurnEdge(parentRecord: 0, delay: 5, trigger: .completion),
      TurnEdge(parentRecord: 1, delay: 5, trigger: .completion),
      TurnEdge(parentRecord: 1, delay: 5, trigger: .completion),
    ]
    var names = TraceNames()
    names.blockTokens = 64
    let samples = try TraceSamples(
      reading: InMemoryTrace(name: "t", names: names, groups: [group])
    )
    #expect(samples.blocks == 1_000 + 1_500 + 10 + 500 + 1_000)
    #expect(samples.hitBlocks == 1_000 + 100)
    #expect(samples[.sessionHits] == ValueCounts([0, 666_667, 0, 200_000, 0]))
    #expect(samples[.growthTokens] == ValueCounts([32_000]))
    #expect(samples[.compactionsPerSession] == ValueCounts([1, 0]))
    let comparison = TraceComparison(samples, samples)
    #expect(comparison.rows.allSatisfy { $0.distance == 0 })
    #expect(!comparison.rows.contains { $0.statistic == .humanGap })
  }
}
