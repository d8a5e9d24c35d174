import Hardware
import Simulation
import Workload

/// Draws policies for what instances keep: the orders of eviction, retention, and write-back.
enum CaseCaches {
  static func draw(for test: inout Case, using random: inout SplitMix64) {
    test.fleet.blockTokens = random.pick(1, 1, 2, 3, 4, 8, 16)
    var evicting = TestPolicies.Evicting(
      rule: random.isOne(in: 8)
        ? random.pick(.costAware, .workloadAware, .s3fifo, .sieve)
        : random.pick(.lru, .lru, .lru, .fifo, .lfu, .slru, .lengthAware, .ttl, .infinite, .none)
    )
    evicting.lifetime = random.pick(50, 400, 400, 2_000)
    test.policies.evict = evicting
    drawRetention(for: &test, using: &random)
    test.policies.writeBack = TestPolicies.WritingBack(oneIn: random.pick(0, 1, 1, 1, 2))
    if random.isOne(in: 2) { test.policies.routePrefill = TestPolicies.GoingHome() }
    if random.isOne(in: 4) { test.policies.routeDecode = TestPolicies.GoingHome() }
  }

  private static func drawRetention(for test: inout Case, using random: inout SplitMix64) {
    let limit: SimTime = random.pick(0, 1, 30, 30, 200, 1_000, .never)
    let rules: [TestPolicies.Retaining.Rule] = [
      .release, .discard, .discard, .discard, .discard, .discard, .hold(limit), .hold(limit),
      .hold(.never), .mixed(limit), .mixed(limit),
    ]
    let rule = rules[Int.random(in: 0..<rules.count, using: &random)]
    test.policies.retain = TestPolicies.Retaining(rule: rule)
    if random.isOne(in: 6) { test.policies.retain = TestPolicies.Learning() }
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
