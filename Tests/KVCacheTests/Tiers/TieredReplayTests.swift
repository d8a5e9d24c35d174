import KVCache
import Testing
import Workload

@Suite struct TieredReplayTests {
  /// Write modes and evictions in turn, so that each pair is seen often.
  @Test(arguments: [TierWrite.back, .through, .hit(1), .hit(2), .hit(3)])
  func `agrees with tiers of single blocks`(write: TierWrite) throws {
    let evictions = EngineEvictions.all
    var (read, written) = (0, 0)
    for seed in 0..<UInt64(700) {
      let trace = CacheTrace(seed: seed, rows: 6...18)
      let paths = try PrefixPaths(reading: trace.trace)
      var random = SplitMix64(seed: seed)
      let tiers = (0..<Int(1 + random.next() % 3)).map { index in
        CacheTier(
          name: "tier \(index)",
          capacityBlocks: Int(1 + random.next() % 40),
          bytesPerSecond: Int64(1 + random.next() % 4) * 1_000_000_000,
          latency: SimTime(random.next() % 9_000)
        )
      }
      let kind = evictions[Int(seed) % evictions.count]
      let context = EvictionContext(
        blockTokens: CacheTrace.blockTokens,
        capacityBlocks: 1 + trace.capacity / 2,
        recomputeTime: { new, past in Int64(new * 500 + past * 100) }
      )
      var real = try TieredReplay(
        paths,
        context: context,
        tiers: tiers,
        write: write,
        blockBytes: 1_000
      ) { (try? kind.make($0, parameters: Self.parameters(kind.name))) ?? LRU() }
      var twin = TwinTiers(
        TwinPaths(paths.nodes),
        context: context,
        tiers: tiers,
        write: write,
        blockBytes: 1_000
      ) { Self.rule(kind.name, capacity: $0, context) }
      for prompt in 0..<paths.count {
        let path = (Int(paths.firstRun[prompt])..<Int(paths.firstRun[prompt + 1])).flatMap {
          paths.blocks(of: paths.runs[$0])
        }
        let use = CacheUse(
          now: paths.arrival[prompt],
          session: paths.session[prompt],
          requestClass: paths.requestClass[prompt]
        )
        let expected = twin.step(path, use)
        let seen = real.step(paths, prompt: prompt)
        try #require(seen == expected, "\(kind.name), seed \(seed), prompt \(prompt)")
      }
      let traffic = real.traffic
      try #require(traffic.map(\.readBlocks) == twin.readBlocks.map(Int64.init))
      try #require(traffic.map(\.writtenBlocks) == twin.writtenBlocks.map(Int64.init))
      read += twin.readBlocks.reduce(0, +)
      written += twin.writtenBlocks.reduce(0, +)
    }
    #expect(read > 300 && written > 3_000, "\(read) \(written)")
  }

  static func parameters(_ name: String) -> [String: Double] {
    ["ttl": ["seconds": 0.001], "workload-aware": ["lifespan": 0.001]][name] ?? [:]
  }

  static func rule(_ name: String, capacity: Int, _ context: EvictionContext) -> any TwinRule {
    if name == "cost-aware" {
      return CostRule { depth in
        context.recomputeTime(context.blockTokens, (depth - 1) * context.blockTokens)
      }
    }
    return PrefixCacheTests.rule(name, capacity: capacity) ?? PlainRule { _ in [] }
  }

  @Test func `counts by hand`() throws {
    // Prompts A = 3 blocks, B = 3 others, A again, in a device of 3 blocks: B sends A to the host,
    // from where it comes back, but not from a host that is slower than computing it.
    var nodes = PrefixNodes()
    nodes.id = [0, 1]
    nodes.parent = [-1, -1]
    nodes.offset = [0, 0]
    nodes.blocks = [3, 3]
    var group = RowGroup()
    group.record = [0, 1, 2]
    group.arrival = [0, 1, 2]
    group.promptTokens = [12, 12, 11]
    group.outputTokens = [1, 1, 1]
    group.prefixNode = [0, 1, 0]
    group.prefixBlocks = [3, 3, 3]
    group.prefixes = nodes
    var names = TraceNames()
    names.blockTokens = 4
    let paths = try PrefixPaths(
      reading: InMemoryTrace(name: "three prompts", names: names, groups: [group])
    )
    let context = EvictionContext(blockTokens: 4, capacityBlocks: 3) { new, _ in Int64(new) * 100 }
    func counts(latency: SimTime) throws -> TieredCounts {
      let host = CacheTier(
        name: "host",
        capacityBlocks: 6,
        bytesPerSecond: 1_000_000_000,
        latency: latency
      )
      return try TieredReplay(
        paths,
        context: context,
        tiers: [host],
        write: .back,
        blockBytes: 100
      ) { _ in LRU() }.replay(paths)
    }
    let fast = try counts(latency: 50)
    #expect(fast.device.blocks == 9 && fast.device.tokens == 35 && fast.device.blockHits == 0)
    #expect(fast.tiers[0].blockHits == 3 && fast.tiers[0].tokenHits == 11)
    // B is written when A pushes it out.
    #expect(fast.tiers[0].writtenBytes == 600 && fast.tiers[0].readBytes == 300)
    #expect(fast.loadTime == 350 && fast.recomputeTime == 1_200)
    let slow = try counts(latency: 900)
    #expect(slow.tiers[0].blockHits == 0 && slow.tiers[0].readBytes == 0)
    #expect(slow.tiers[0].writtenBytes == 600 && slow.loadTime == 0)
  }
}
