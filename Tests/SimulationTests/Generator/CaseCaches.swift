import Hardware
import KVCache
import Simulation
import Workload

/// Draws policies for what instances keep: the orders of eviction, retention, and write-back.
enum CaseCaches {
  static func draw(for test: inout Case, using random: inout SplitMix64) {
    test.fleet.blockTokens = random.pick(1, 1, 2, 3, 4, 8, 16)
    var evicting = TestPolicies.Evicting(
      rule: random.isOne(in: 3)
        ? random.pick(.costAware, .workloadAware, .s3fifo, .sieve)
        : random.pick(.lru, .lru, .lru, .fifo, .lfu, .slru, .lengthAware, .ttl, .infinite, .none)
    )
    evicting.lifetime = random.pick(50, 400, 400, 2_000)
    test.policies.evict = evicting
    drawRetention(for: &test, using: &random)
    test.policies.writeBack = TestPolicies.WritingBack(
      oneIn: random.pick(0, 1, 1, 1, 2),
      target: random.pick(.prefill, .prefill, .prefill, .prefill, .prefill, .prefill, .store)
    )
    if random.isOne(in: 2) { drawTiers(for: &test, using: &random) }
    if random.isOne(in: 2) { test.policies.routePrefill = TestPolicies.GoingHome() }
    if random.isOne(in: 4) { test.policies.routeDecode = TestPolicies.GoingHome() }
  }

  /// Puts one to three tiers below the pools that compute prompts, of which the last may be shared.
  private static func drawTiers(for test: inout Case, using random: inout SplitMix64) {
    if random.isOne(in: 2) {
      let target: TestPolicies.WritingBack.Target = random.pick(.store, .store, .inTurns)
      test.policies.writeBack = TestPolicies.WritingBack(oneIn: 1, target: target)
    }
    let isTight = !random.isOne(in: 4)
    if isTight { tighten(&test, using: &random) }
    test.policies.tier = TestPolicies.Tiering(
      write: random.pick(.back, .back, .through, .hit(1), .hit(2)),
      prefetches: random.isOne(in: 2)
    )
    let names = ["host", "ssd", "store"].prefix(random.pick(1, 1, 2, 3))
    for index in test.fleet.pools.indices where test.fleet.pools[index].role != .decode {
      let (shape, copies) = (
        test.fleet.pools[index].kind.kv, test.fleet.pools[index].kind.kvReplication
      )
      test.fleet.pools[index].tiers = names.map { name in
        KVTier(
          name: name,
          capacityBytes: copies
            * shape.bytes(tokens: isTight ? 600 : random.pick(10, 40, 90, 400)),
          bytesPerSecond: isTight
            ? random.pick(300_000_000, 3_000_000_001, 12_000_000_000, 100_000_000_000)
            : random.pick(200_000_000, 3_000_000_001, 100_000_000_000),
          latency: isTight ? random.pick(0, 1) : random.pick(0, 1, 7, 20),
          isShared: name == names.last && !random.isOne(in: 4)
        )
      }
    }
  }

  /// Leaves memory for about two contexts, and next turns that have something to load.
  private static func tighten(_ test: inout Case, using random: inout SplitMix64) {
    test.fleet.blockTokens = random.pick(1, 1, 2)
    test.policies.evict = TestPolicies.Evicting(
      rule: random.pick(.lru, .fifo, .lfu, .costAware, .workloadAware, .s3fifo, .sieve)
    )
    if random.isOne(in: 2) {
      test.policies.retain = TestPolicies.Retaining(rule: random.pick(.release, .swap, .swap))
    }
    let isSlow = random.isOne(in: 2)
    if random.isOne(in: 2) { test.policies.admit = TestPolicies.QueueGate(limit: 1_000) }
    if random.isOne(in: 2) { test.policies.formBatch = SamplePolicies.Rationed(tokens: 64) }
    for index in test.fleet.pools.indices where test.fleet.pools[index].role != .decode {
      let shape = test.fleet.pools[index].kind.kv
      test.fleet.pools[index].kind.kvCapacityUnits = shape.units(tokens: random.pick(80, 110, 160))
      guard isSlow, var costs = test.fleet.pools[index].kind.costs as? TinyCosts else { continue }
      // Where computing is dear even a load of many decode steps is worth it.
      costs.passPerToken = 40
      test.fleet.pools[index].kind.costs = costs
    }
  }

  private static func drawRetention(for test: inout Case, using random: inout SplitMix64) {
    let limit: SimTime = random.pick(0, 1, 30, 30, 200, 1_000, .never)
    let rules: [TestPolicies.Retaining.Rule] = [
      .release, .discard, .discard, .discard, .discard, .discard, .hold(limit), .hold(limit),
      .discard, .hold(.never), .mixed(limit), .mixed(limit),
    ]
    let rule = rules[Int.random(in: 0..<rules.count, using: &random)]
    test.policies.retain = TestPolicies.Retaining(rule: rule)
    if random.isOne(in: 6) { test.policies.retain = TestPolicies.Learning() }
    if !test.fleet.isMonolithic, random.isOne(in: 4) {
      // So that what is sent back finds it.
      test.policies.retain = TestPolicies.Retaining(rule: .hold(.never))
    }
    guard test.fleet.isMonolithic, random.isOne(in: 2) else { return }
    // What is kept for ever has to give way in a memory of about two contexts.
    test.policies.retain = TestPolicies.Retaining(rule: .hold(.never))
    for index in test.fleet.pools.indices {
      let shape = test.fleet.pools[index].kind.kv
      let tokens = random.pick(80, 110, 160)
      test.fleet.pools[index].kind.kvCapacityUnits = shape.units(tokens: tokens)
    }
  }
}
