import Hardware
import Workload

/// Draws fleets of one to six instances, from starved to generous in every respect.
enum CaseFleet {
  static func draw(using random: inout SplitMix64) -> Fleet {
    let costs = drawCosts(using: &random)
    let shape = drawShape(using: &random)
    let pools =
      random.isOne(in: 3)
      ? pools(of: .mixed, costs, shape, using: &random)
      : pools(of: .prefill, costs, shape, using: &random)
        + pools(of: .decode, costs, shape, using: &random)
    var fleet = Fleet(
      name: "case",
      summary: "drawn",
      pools: pools,
      firstToken: random.pick(.prefill, .decode),
      tick: random.pick(7, 10, 64, 100, 1_000)
    )
    // A quarter of the fleets is as simple as a fleet can be.
    if !random.isOne(in: 4) {
      CaseHandOff.addHostLinks(to: &fleet, using: &random)
      if !fleet.isMonolithic { CaseHandOff.draw(for: &fleet, using: &random) }
      if random.isOne(in: 6) {
        fleet = fleet.speculating(acceptedTokensPerStep: random.pick(1.5, 2.4, 3))
      }
    }
    return fleet
  }

  /// One pool of a role, or two of different kinds; three instances at most.
  private static func pools(
    of role: Role,
    _ costs: TinyCosts,
    _ shape: KVShape,
    using random: inout SplitMix64
  ) -> [Pool] {
    let total = random.pick(1, 2, 2, 3)
    let first = total > 1 && random.isOne(in: 3) ? 1 : total
    let kind = drawKind(role, costs, shape, using: &random)
    var pools = [Pool(name: "\(role)", role: role, kind: kind, count: first)]
    if first < total {
      let isSimilar = random.isOne(in: 2)
      let other = drawKind(
        role,
        isSimilar ? costs : drawCosts(using: &random),
        isSimilar ? shape : drawShape(using: &random),
        using: &random
      )
      pools.append(Pool(name: "other \(role)", role: role, kind: other, count: total - first))
    }
    return pools
  }

  private static func drawKind(
    _ role: Role,
    _ costs: TinyCosts,
    _ shape: KVShape,
    using random: inout SplitMix64
  ) -> InstanceKind {
    // From less than the longest prompt, over one long request, to more than a full batch.
    let tokens = random.pick(20, 50, 60, 80, 100, 100, 160, 160, 400, 1_500)
    return InstanceKind(
      name: "\(role)",
      chip: "drawn",
      model: "drawn",
      chips: 1,
      kv: shape,
      kvCapacityUnits: shape.units(tokens: tokens) + random.pick(0, 1, 3),
      maxBatch: random.pick(1, 2, 3, 4, 6, 8, 8),
      nicBytesPerSecond: random.pick(
        300_000_000,
        1_000_000_000,
        1_000_000_007,
        4_000_000_000,
        100_000_000_000
      ),
      handoffLatency: random.pick(0, 0, 1, 10, 30, 100),
      kvReplication: random.pick(1, 1, 1, 2),
      costs: costs,
      peakOperationsPerSecond: 1e12,
      memoryBytesPerSecond: 1e12
    )
  }

  /// Half of the costs are multiples of 10 ns, so that boundaries of different instances meet; the
  /// others have fractional slopes and steps of hardly any cost.
  private static func drawCosts(using random: inout SplitMix64) -> TinyCosts {
    guard random.isOne(in: 2) else {
      return TinyCosts(
        decodeBase: random.pick(10, 10, 20),
        decodePerRequest: random.pick(0, 0, 10),
        kvNumerator: 0,
        kvDenominator: 1,
        passBase: random.pick(10, 40),
        passPerToken: random.pick(0, 0, 10),
        attentionNumerator: 0,
        attentionDenominator: 1
      )
    }
    return TinyCosts(
      decodeBase: random.pick(0, 10, 20, 7),
      decodePerRequest: random.pick(0, 1, 3),
      kvNumerator: random.pick(0, 1, 3),
      kvDenominator: random.pick(3, 7, 8, 100),
      kvHidden: random.pick(0, 0, 5, 20),
      passBase: random.pick(0, 10, 33),
      passPerToken: random.pick(0, 1, 2),
      attentionNumerator: random.pick(0, 1),
      attentionDenominator: random.pick(3, 4)
    )
  }

  private static func drawShape(using random: inout SplitMix64) -> KVShape {
    let full: Int64 = random.pick(1, 4, 4, 10, 0)
    let hasWindow = full == 0 || random.isOne(in: 2)
    guard hasWindow else { return KVShape(fullBytesPerToken: full) }
    return KVShape(
      fullBytesPerToken: full,
      windowBytesPerToken: random.pick(1, 4, 6),
      windowTokens: Int.random(in: 3...12, using: &random)
    )
  }
}
