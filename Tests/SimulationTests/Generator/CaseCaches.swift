import Simulation
import Workload

/// Draws policies for what instances keep: the orders of eviction, retention, and write-back.
enum CaseCaches {
  static func draw(for set: inout PolicySet, using random: inout SplitMix64) {
    var evicting = TestPolicies.Evicting(
      rule: random.isOne(in: 8)
        ? random.pick(.costAware, .workloadAware, .s3fifo, .sieve)
        : random.pick(.lru, .lru, .lru, .fifo, .lfu, .slru, .lengthAware, .ttl, .infinite, .none)
    )
    evicting.lifetime = random.pick(50, 400, 400, 2_000)
    set.evict = evicting
    let limit: SimTime = random.pick(0, 1, 30, 30, 200, 1_000, .never)
    let rule: TestPolicies.Retaining.Rule = random.pick(
      .release,
      .discard,
      .discard,
      .hold(limit),
      .hold(limit),
      .hold(.never),
      .hold(.never),
      .mixed(limit),
      .mixed(limit)
    )
    set.retain = TestPolicies.Retaining(rule: rule)
    if random.isOne(in: 6) { set.retain = TestPolicies.Learning() }
    set.writeBack = TestPolicies.WritingBack(oneIn: random.pick(0, 1, 1, 2))
    if random.isOne(in: 2) { set.routePrefill = TestPolicies.GoingHome() }
    if random.isOne(in: 4) { set.routeDecode = TestPolicies.GoingHome() }
  }
}
