import Hardware
import KVCache
import Policies
import Simulation
import Testing
import Workload

/// What a prefix cache may change of a run, and what it may not.
@Suite struct CacheTests {
  @Test func `without a cache prefixes change nothing`() throws {
    var compared = 0
    for seed in 10_000..<UInt64(10_200) {
      var test = Case.make(seed: seed, policies: CasePolicies.draw)
      guard test.blockTokens > 0 else { continue }
      test.policies.evict = TestPolicies.Evicting(rule: .none)
      let named = try LawRun(test, mode: .fast)
      let plain = try LawRun(test.withoutPrefixes, mode: .fast)
      try #require(EngineLaws.difference(named, plain) == nil, "\(test)")
      #expect(named.records.allSatisfy { $0.hitTokens <= 0 && $0.decodeHitTokens <= 0 })
      compared += 1
    }
    #expect(compared > 80)
  }

  @Test func `a cache of prompts without prefixes changes nothing`() throws {
    for seed in 10_200..<UInt64(10_300) {
      var test = Case.make(seed: seed, policies: CasePolicies.draw).withoutPrefixes
      test.policies.evict = TestPolicies.Evicting(rule: .lru)
      let cached = try LawRun(test, mode: .fast)
      test.policies.evict = TestPolicies.Evicting(rule: .none)
      try #require(EngineLaws.difference(cached, LawRun(test, mode: .fast)) == nil, "\(test)")
    }
  }

  /// A prompt that was computed before, and long ago, is done no later than if it had not been.
  @Test func `a cache never slows a request that is alone`() throws {
    var random = SplitMix64(seed: 31)
    var faster = 0
    for seed in 0..<UInt64(300) {
      var fleet = CaseFleet.draw(using: &random)
      fleet.blockTokens = random.pick(1, 2, 4, 16)
      let prompts = (0..<2).map { _ in Int32.random(in: 1...40, using: &random) }
      var policies = CasePolicies.draw(using: &random)
      // Otherwise the hits decide where the second request goes.
      policies.routePrefill = SamplePolicies.Scattered()
      policies.routeDecode = SamplePolicies.Scattered()
      let test = Self.pair(prompts, on: fleet, policies, blockTokens: random.pick(1, 3, 4))
      var cached = test
      cached.policies.evict = TestPolicies.Evicting(rule: .lru)
      let (plain, found) = (try LawRun(test, mode: .fast), try LawRun(cached, mode: .fast))
      guard plain.records.allSatisfy({ $0.outcome == .completed }) else { continue }
      let (before, after) = (plain.records[1], found.records[1])
      try #require(after.outcome == .completed, "fleet \(seed)")
      try #require(after.finish <= before.finish, "fleet \(seed): \(before) \(after)")
      if after.finish < before.finish { faster += 1 }
    }
    #expect(faster > 50)
  }

  /// Requests that come one after another, on one instance that never evicts, hit what a replay of the
  /// cache alone says, block by block.
  @Test func `with room for everything hits are those of a cache alone`() throws {
    var random = SplitMix64(seed: 32)
    var hits: Int64 = 0
    for _ in 0..<60 {
      var rows = CaseTrace.draw(using: &random)
      let blockTokens = CasePrefixes.add(to: &rows, using: &random)
      // The last token is computed in any case: one behind the last block leaves all blocks whole.
      for row in rows.promptTokens.indices {
        let blocks = TwinPaths.path(of: row, in: rows)?.count ?? 0
        rows.promptTokens[row] = Int32(blocks * blockTokens) + 1
        rows.arrival[row] = SimTime(row) * 10_000_000
      }
      var pool = TwinScene.pool(.mixed)
      pool.kind.kvCapacityUnits = 1_000_000
      var policies = SamplePolicies.plain()
      policies.evict = TestPolicies.Evicting(rule: .lru)
      var fleet = Fleet(name: "large", summary: "large", pools: [pool], firstToken: .prefill)
      fleet.blockTokens = 1
      let test = Case(
        seed: 0,
        rows: rows,
        blockTokens: blockTokens,
        fleet: fleet,
        policies: policies,
        options: RunOptions()
      )
      let run = try LawRun(test, mode: .fast)
      let alone = LRUCurve(try PrefixPaths(reading: test.trace)).counts(capacity: .max)
      #expect(run.result.instances[0].hitTokens == alone.tokenHits)
      hits += alone.tokenHits
    }
    #expect(hits > 1_000)
  }

  /// Two requests, the second long after the first, whose prompts are the beginnings of one text.
  private static func pair(
    _ prompts: [Int32],
    on fleet: Fleet,
    _ policies: PolicySet,
    blockTokens: Int
  ) -> Case {
    var rows = RowGroup()
    for (row, prompt) in prompts.enumerated() {
      rows.append(Int64(row), at: SimTime(row) * 1_000_000, prompt, 12)
      let blocks = prompt / Int32(blockTokens)
      rows.prefixNode.append(blocks > 0 ? 0 : -1)
      rows.prefixBlocks.append(blocks)
    }
    rows.prefixes.id = [0]
    rows.prefixes.parent = [-1]
    rows.prefixes.offset = [0]
    rows.prefixes.blocks = [40]
    var policies = policies
    policies.evict = TestPolicies.Evicting(rule: .none)
    return Case(
      seed: 0,
      rows: rows,
      blockTokens: blockTokens,
      fleet: fleet,
      policies: policies,
      options: RunOptions()
    )
  }
}

extension Case {
  /// The same requests, of which nobody knows what their prompts share.
  fileprivate var withoutPrefixes: Case {
    var test = self
    test.blockTokens = 0
    test.rows.prefixNode = []
    test.rows.prefixBlocks = []
    test.rows.prefixes = PrefixNodes()
    return test
  }
}
