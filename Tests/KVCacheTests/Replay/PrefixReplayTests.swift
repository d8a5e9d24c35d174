import KVCache
import Testing
import Workload

/// Cache-only replays by the rules of an engine against single blocks, and what must hold between
/// evictions.
@Suite struct PrefixReplayTests {
  @Test(arguments: EngineEvictions.all.map(\.name) + ["belady"])
  func `agrees with a replay of single blocks`(name: String) throws {
    var hits = 0
    var cut = 0
    for seed in 0..<UInt64(1_000) {
      let trace = CacheTrace(seed: seed, rows: 6...18)
      let paths = try PrefixPaths(reading: trace.trace)
      let context = EvictionContext(
        blockTokens: CacheTrace.blockTokens,
        capacityBlocks: trace.capacity,
        recomputeTime: { _, past in CostRule.cost(depth: past / CacheTrace.blockTokens + 1) }
      )
      let parameters = ["ttl": ["seconds": 0.001], "workload-aware": ["lifespan": 0.001]]
      let eviction =
        try EngineEvictions.named(name)?.make(context, parameters: parameters[name] ?? [:])
        ?? BeladyLeaves(paths)
      let rule =
        PrefixCacheTests.rule(name, capacity: trace.capacity) ?? NextUseRule(paths: paths)
      var real = try PrefixReplay(paths, capacity: trace.capacity, eviction: eviction)
      var twin = TwinPrefixCache(TwinPaths(paths.nodes), rule: rule)
      for prompt in 0..<paths.count {
        let expected = twin.replay(paths, prompt: prompt, capacity: trace.capacity)
        let seen = real.step(paths, prompt: prompt)
        try #require(seen == expected, "seed \(seed), prompt \(prompt)")
        hits += expected.hits
        if expected.blocks > trace.capacity { cut += 1 }
      }
    }
    #expect((hits > 5_000) == (name != "none") && cut > 500, "\(hits) \(cut)")
  }

  /// In either form belady is optimal among caches that insert what they miss: of single blocks it
  /// is the classic result; an engine's cache is asked for a set of blocks at a time, of which all
  /// must be there at once, and the same exchange of victims shows it, since what is needed last
  /// among idle blocks is always a leaf. Caches that also drop what they need not, as ttl and none
  /// do, are no better for it.
  @Test(arguments: CacheSemantics.allCases)
  func `belady finds at least what every eviction finds`(semantics: CacheSemantics) throws {
    let belady = try #require(ReplayedEviction.named("belady", semantics))
    let infinite = try #require(ReplayedEviction.named("infinite", semantics))
    var better = 0
    for seed in 0..<UInt64(300) {
      let trace = CacheTrace(seed: seed)
      let paths = try PrefixPaths(reading: trace.trace)
      let best = try belady.replay(paths, capacities: [trace.capacity])[0].blockHits
      for other in ReplayedEviction.all(semantics) where other.name != "infinite" {
        let hits = try other.replay(paths, capacities: [trace.capacity])[0].blockHits
        try #require(best >= hits, "\(other.name), seed \(seed)")
        better += best > hits ? 1 : 0
      }
      let most = try infinite.replay(paths, capacities: [1])[0].blockHits
      try #require(best <= most)
    }
    #expect(better > 500)
  }

  @Test(arguments: CacheSemantics.allCases)
  func `a cache that holds everything is infinite`(semantics: CacheSemantics) throws {
    for seed in 0..<UInt64(30) {
      let paths = try PrefixPaths(reading: CacheTrace(seed: seed).trace)
      let infinite = try #require(ReplayedEviction.named("infinite", semantics))
      let bound = try infinite.replay(paths, capacities: [1])
      for eviction in ReplayedEviction.all(semantics)
      where !["none", "ttl"].contains(eviction.name) {
        // S3-FIFO keeps a tenth for new blocks, so it needs more room to hold everything.
        let capacity = eviction.name == "s3-fifo" ? 11 * paths.blockCount : paths.blockCount
        #expect(try eviction.replay(paths, capacities: [capacity]) == bound, "\(eviction.name)")
      }
    }
  }
}

/// Needed again last first, by looking through all prompts to come.
struct NextUseRule: TwinRule {
  /// Blocks of every prompt that has any.
  let prompts: [[Int]]

  init(paths: PrefixPaths) {
    prompts = (0..<paths.count).map { prompt in
      (Int(paths.firstRun[prompt])..<Int(paths.firstRun[prompt + 1])).flatMap {
        paths.blocks(of: paths.runs[$0])
      }
    }
    .filter { !$0.isEmpty }
  }

  mutating func next(_ scene: TwinScene) -> TwinDecision {
    // The prompt at hand has not ended, so it is the one that `order` counts to.
    scene.evictFirst { leaf in
      let next = prompts.indices.dropFirst(Int(scene.order) + 1).first {
        prompts[$0].contains(leaf.number)
      }
      return [-Int64(next ?? Int(Int32.max))]
    }
  }
}

extension TwinPrefixCache {
  mutating func replay(
    _ paths: PrefixPaths,
    prompt: Int,
    capacity: Int
  ) -> (hits: Int, blocks: Int) {
    let path = (Int(paths.firstRun[prompt])..<Int(paths.firstRun[prompt + 1])).flatMap {
      paths.blocks(of: paths.runs[$0])
    }
    if path.isEmpty { return (0, 0) }
    let use = CacheUse(
      now: paths.arrival[prompt],
      session: paths.session[prompt],
      requestClass: paths.requestClass[prompt]
    )
    _ = expire(now: use.now)
    let cached = match(path)
    _ = pin(Array(path.prefix(cached)), now: use.now)
    let kept = rule.isUnbounded ? path : Array(path.prefix(capacity))
    let excess = blocks.count(where: \.isCached) + kept.count - cached - capacity
    if excess > 0 { _ = evict(excess, now: use.now) }
    _ = extend(kept, from: cached, to: kept.count)
    _ = unpin(kept, use)
    return (cached, path.count)
  }
}
