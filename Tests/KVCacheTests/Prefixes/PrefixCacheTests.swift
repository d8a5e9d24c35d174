import KVCache
import Testing
import Workload

/// The cache of runs against one of single blocks, under every eviction.
@Suite struct PrefixCacheTests {
  @Test(arguments: EngineEvictions.all.map(\.name))
  func `agrees with a cache of single blocks`(name: String) throws {
    let eviction = try #require(EngineEvictions.named(name))
    var tally = DriveTally()
    for seed in 0..<UInt64(1_000) {
      let trace = CacheTrace(seed: seed, rows: 6...18)
      let context = EvictionContext(
        blockTokens: CacheTrace.blockTokens,
        capacityBlocks: trace.capacity,
        recomputeTime: { _, past in CostRule.cost(depth: past / CacheTrace.blockTokens + 1) }
      )
      let parameters = ["ttl": ["seconds": 0.001], "workload-aware": ["lifespan": 0.001]]
      var drive = try CacheDrive(
        trace,
        seed: seed,
        eviction: eviction.make(context, parameters: parameters[name] ?? [:]),
        rule: #require(Self.rule(name, capacity: trace.capacity))
      )
      try drive.run()
      tally.add(drive.tally)
    }
    #expect(tally.hits > 5_000, "\(tally)")
    #expect(tally.discarded > 200 || name == "none", "\(tally)")
    #expect(tally.evicted > 3_000 || name == "none" || name == "infinite", "\(tally)")
    #expect((tally.expired > 500) == (name == "ttl"), "\(tally)")
  }

  static func rule(_ name: String, capacity: Int) -> (any TwinRule)? {
    switch name {
    case "lru", "leaf-lru": PlainRule { _ in [] }
    case "fifo": PlainRule { [$0.block.uses[0].order] }
    case "lfu": PlainRule { [$0.block.useCount] }
    case "slru": PlainRule { [$0.block.useCount >= 2 ? 1 : 0] }
    case "length-aware": PlainRule { [$0.block.useCount, Int64($0.depth)] }
    case "ttl": TimedRule(kept: 1_000_000)
    case "s3-fifo": S3FIFORule(capacity: capacity)
    case "sieve": SieveRule()
    case "cost-aware": CostRule()
    case "workload-aware": WorkloadRule(lifespan: 1_000_000)
    case "none": BoundRule(isUnbounded: false)
    case "infinite": BoundRule(isUnbounded: true)
    default: nil
    }
  }
}
