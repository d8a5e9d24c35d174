import Testing
import Workload

@Suite struct `Trace profile` {
  @Test func `counts sessions, gaps, edges, names and columns`() throws {
    let profile = try TraceProfile(
      reading: read(
        """
        arrival_seconds,prompt_tokens,output_tokens,class,session,turn,gap_kind,tool,parents
        0,10,1,chat,3,0,,,
        1,10,2,,,0,,,
        2,20,3,code,3,1,tool,grep,0:0.5
        2,30,4,code,3,2,human,,0:0:dispatch;2:1.5
        9,30,4,chat,8,0,,,

        """
      )
    )
    let sessions = try #require(profile.sessions)
    #expect(sessions.sessions == 2 && sessions.loneRows == 1)
    #expect(sessions.turns.count == 2 && sessions.turns.mean == 2 && sessions.turns.max == 3)
    #expect(sessions.turns.p50 == 2 && abs(sessions.turns.p90 - 2.8) < 1e-12)
    #expect(sessions.gaps?.count == 2)
    #expect(sessions.gaps?.max == 2_000_000_000 && sessions.gaps?.mean == 1e9)
    #expect(sessions.toolGaps == 1 && sessions.humanGaps == 1)
    #expect(sessions.edges == 3 && sessions.dispatchEdges == 1 && sessions.mostParents == 2)
    #expect(sessions.delays?.max == 1_500_000_000)
    #expect(profile.classes.map(\.name) == ["chat", "code"])
    #expect(profile.classes.map(\.rows) == [2, 2])
    #expect(profile.tools.map(\.name) == ["grep"])
    #expect(
      profile.columns.map { "\($0.column.rawValue) \($0.rows)" } == [
        "session 4", "turn 2", "parents 2", "class 4", "gap_kind 2", "tool 1",
      ]
    )
  }

  @Test func `bins without requests count, and a single request has no rate`() throws {
    let burst = try TraceProfile(
      reading: read("arrival_seconds,prompt_tokens,output_tokens\n5,1,1\n5,1,1\n7.5,1,1\n")
    )
    // Seconds hold 2, 0 and 1 requests: the mean is 1, the variance 2/3.
    #expect(abs(burst.arrivals.dispersion - 2.0 / 3) < 1e-12)
    #expect(burst.arrivals.span == 2_500_000_000)
    // Gaps of 0 and 2.5 s: their deviation is their mean.
    #expect(burst.arrivals.interArrivalCV == 1)
    let single = try TraceProfile(
      reading: read("arrival_seconds,prompt_tokens,output_tokens\n5,1,1\n")
    )
    #expect(single.arrivals.perSecond == nil && single.arrivals.interArrivalCV == nil)
    #expect(single.arrivals.minutePeakOverMean == nil && single.arrivals.dispersion == 0)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `quantiles are those of sorted values`(seed: UInt64) throws {
    var generator = ChatGenerator()
    generator.requests = 3_000
    generator.seed = seed
    let trace = try InMemoryTrace(reading: generator)
    let sorted = trace.groups.flatMap(\.outputTokens).sorted().map(Int64.init)
    let found = try TraceProfile(reading: trace).outputTokens
    // Of places 0 to 2,999, at 1,499.5, 2,699.1 and 2,969.01.
    for (quantile, place, rest) in [
      (found.p50, 1_499, 0.5), (found.p90, 2_699, 0.1), (found.p99, 2_969, 0.01),
    ] {
      let exact = Double(sorted[place]) + Double(sorted[place + 1] - sorted[place]) * rest
      #expect(abs(quantile - exact) < 1e-9)
    }
    #expect(found.max == sorted.last && found.count == 3_000)
    #expect(found.mean == Double(sorted.reduce(0, +)) / 3_000)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `an infinite cache hits what a set of blocks has`(seed: UInt64) throws {
    let trace = try read(RandomPrompts.mooncake(rows: 200, seed: seed))
    let profile = try #require(try TraceProfile(reading: trace).prefixes)
    var seen: Set<Int64> = []
    var (blocks, hits, tokens, rows) = (Int64(0), Int64(0), Int64(0), Int64(0))
    for prompt in RandomPrompts.prompts(rows: 200, seed: seed) {
      let hit = Int64(prompt.ids.prefix { seen.contains($0) }.count)
      seen.formUnion(prompt.ids)
      blocks += Int64(prompt.ids.count)
      hits += hit
      tokens += min(hit * 512, prompt.tokens)
      rows += hit > 0 ? 1 : 0
    }
    #expect(profile.blocks == blocks && profile.distinctBlocks == Int64(seen.count))
    #expect(profile.hitBlocks == hits && profile.hitTokens == tokens && profile.hitRows == rows)
    #expect(hits > 0 && hits < blocks)
  }

  @Test func `a trace without rows has zeros`() throws {
    let profile = try TraceProfile(reading: InMemoryTrace(name: "empty", groups: []))
    #expect(profile.rows == 0 && profile.columns.isEmpty)
    #expect(profile.arrivals.span == 0 && profile.arrivals.dispersion == 0)
    #expect(profile.arrivals.perSecond == nil && profile.arrivals.interArrivalCV == nil)
    #expect(profile.promptTokens.count == 0 && profile.outputTokens.mean == 0)
    #expect(profile.sessions == nil && profile.prefixes == nil)
    #expect(profile.digest == ContentDigest().value)
  }

  @Test func `paths of any length are counted`() throws {
    var group = RowGroup()
    group.record = [0, 1, 2]
    group.arrival = [0, 0, 0]
    group.promptTokens = [.max, .max, 3]
    group.outputTokens = [1, 1, 1]
    group.prefixNode = [2, 2, 2]
    group.prefixBlocks = [.max, .max, .max]
    group.prefixes.id = [0, 1, 2]
    group.prefixes.parent = [-1, 0, 1]
    group.prefixes.offset = [0, .max, .max]
    group.prefixes.blocks = [.max, .max, .max]
    var trace = InMemoryTrace(name: "long", groups: [group])
    trace.names.blockTokens = .max
    let length = 3 * Int64(Int32.max)
    let long = try #require(try TraceProfile(reading: trace).prefixes)
    #expect(long.blocks == 3 * length && long.hitBlocks == 2 * length)
    #expect(long.distinctBlocks == length && long.hitTokens == Int64(Int32.max) + 3)
    // So many nodes in a row, and rows, that no integer of the profile holds the blocks.
    let (nodes, rows) = (Int32(1 << 16), 1 << 17)
    group.prefixes.id = ContiguousArray(0..<nodes)
    group.prefixes.parent = ContiguousArray(-1..<nodes - 1)
    group.prefixes.offset = ContiguousArray(repeating: .max, count: Int(nodes))
    group.prefixes.blocks = group.prefixes.offset
    group.record = ContiguousArray(0..<Int64(rows))
    group.arrival = ContiguousArray(repeating: 0, count: rows)
    group.promptTokens = ContiguousArray(repeating: 1, count: rows)
    group.outputTokens = group.promptTokens
    group.prefixNode = ContiguousArray(repeating: nodes - 1, count: rows)
    group.prefixBlocks = ContiguousArray(repeating: .max, count: rows)
    trace.groups = [group]
    let endless = try #require(try TraceProfile(reading: trace).prefixes)
    #expect(endless.blocks == .max && endless.hitBlocks == .max)
    #expect(endless.distinctBlocks == Int64(nodes) * Int64(Int32.max))
    #expect(endless.hitTokens == Int64(rows) - 1)
  }

  @Test func `rows with the empty name count as none, however often it is listed`() throws {
    var trace = try read("arrival_seconds,prompt_tokens,output_tokens\n0,1,1\n1,1,1\n2,1,1\n")
    trace.names.tenants = ["", "acme", ""]
    trace.groups[0].tenant = [0, 2, 1]
    let profile = try TraceProfile(reading: trace)
    #expect(profile.columns.map(\.column) == [.tenant] && profile.columns.map(\.rows) == [1])
    trace.groups[0].tenant = [0, 2, 2]
    #expect(try TraceProfile(reading: trace).columns.isEmpty)
  }

  @Test func `quantiles of times that are all alike are exact`() throws {
    let chain = (0..<9).map { "\($0),1,1,0,\($0),\($0 > 0 ? "0.001" : "")\n" }.joined()
    let trace = try read(
      "arrival_seconds,prompt_tokens,output_tokens,session,turn,delay_seconds\n" + chain
    )
    let sessions = try #require(try TraceProfile(reading: trace).sessions)
    let (gaps, delays) = (try #require(sessions.gaps), try #require(sessions.delays))
    #expect(gaps.p50 == 1e9 && gaps.p99 == 1e9 && gaps.mean == 1e9)
    #expect(delays.p50 == 1e6 && delays.p90 == 1e6 && delays.max == 1_000_000)
  }
}

/// Prompts that branch from each other, as block ids that name whole prompts.
enum RandomPrompts {
  struct Prompt {
    var ids: [Int64]
    var tokens: Int64
  }

  static func prompts(rows: Int, seed: UInt64) -> [Prompt] {
    var random = SplitMix64(seed: seed)
    var next: Int64 = 0
    var prompts: [Prompt] = []
    for _ in 0..<rows {
      let base = random.next() % 4 > 0 ? prompts.randomElement(using: &random)?.ids ?? [] : []
      // Some end inside another prompt, or repeat it.
      var ids = Array(base.prefix(Int(random.next() % 8)))
      for _ in 0..<max(random.next() % 4, ids.isEmpty ? 1 : 0) {
        ids.append(next)
        next += 1
      }
      let tokens = Int64(ids.count) * 512 - Int64(random.next() % 512)
      prompts.append(Prompt(ids: ids, tokens: tokens))
    }
    return prompts
  }

  static func mooncake(rows: Int, seed: UInt64) -> String {
    prompts(rows: rows, seed: seed).enumerated().map { index, prompt in
      let ids = prompt.ids.map(String.init).joined(separator: ", ")
      return "{\"timestamp\": \(index * 7), \"input_length\": \(prompt.tokens), "
        + "\"output_length\": \(index + 1), \"hash_ids\": [\(ids)]}\n"
    }
    .joined()
  }
}
