import Hardware
import Workload

/// Draws what a fleet moves KV over: between its pools, and between instances and their hosts.
enum CaseHandOff {
  /// Gives a fleet a way of handing KV off and of getting it back after a preemption.
  static func draw(for fleet: inout Fleet, using random: inout SplitMix64) {
    var handoff = HandOff()
    handoff.decodeAt = random.pick(.arrival, .prefillStart, .prefillStart, .handoff)
    if handoff.decodeAt != .handoff, !random.isOne(in: 3) {
      handoff.overlap = .layerWise
    } else if random.isOne(in: 2) {
      handoff.direction = .pull
    }
    handoff.coldStart = random.pick(0, 0, 1, 25, 200)
    for index in fleet.pools.indices {
      fleet.pools[index].kind.layers = random.pick(1, 2, 3, 4, 5)
      if random.isOne(in: 3) {
        // Below one NIC, between one and two, and never binding.
        fleet.pools[index].fabricBytesPerSecond = random.pick(
          200_000_000,
          800_000_003,
          1_500_000_000,
          7_000_000_000
        )
      }
    }
    handoff.pairs = pairs(of: fleet, using: &random)
    fleet.handoff = handoff
    fleet.recompute = random.pick(.local, .prefillPool, .prefillPool)
    if fleet.recompute == .prefillPool, !random.isOne(in: 4) {
      holdShortContexts(&fleet, using: &random)
    }
    if handoff.overlap == .layerWise, random.isOne(in: 5) { keepPace(&fleet) }
  }

  /// Leaves prefill instances with memory for prompts, and not for every context.
  private static func holdShortContexts(_ fleet: inout Fleet, using random: inout SplitMix64) {
    for index in fleet.pools.indices where fleet.pools[index].role == .prefill {
      let shape = fleet.pools[index].kind.kv
      fleet.pools[index].kind.kvCapacityUnits = shape.units(tokens: random.pick(12, 20, 41))
    }
  }

  /// Lets all layers of a chunk but the last take as long as the chunk, so that a transfer has sent
  /// them just when the next bytes are there.
  private static func keepPace(_ fleet: inout Fleet) {
    fleet.handoff.coldStart = 0
    fleet.handoff.pairs = []
    for index in fleet.pools.indices {
      fleet.pools[index].fabricBytesPerSecond = .max
      var kind = fleet.pools[index].kind
      if fleet.pools[index].role == .prefill, var costs = kind.costs as? TinyCosts {
        (costs.passBase, costs.passPerToken, costs.attentionNumerator) = (0, 10, 0)
        kind.costs = costs
      }
      kind.layers = 2
      kind.handoffLatency = 0
      kind.kvReplication = 1
      kind.nicBytesPerSecond = kind.kv.bytes(tokens: 1) * 50_000_000
      fleet.pools[index].kind = kind
    }
  }

  private static func pairs(of fleet: Fleet, using random: inout SplitMix64) -> [PairEfficiency] {
    var pairs: [PairEfficiency] = []
    for sender in fleet.pools where sender.role == .prefill {
      for receiver in fleet.pools where receiver.role == .decode && random.isOne(in: 3) {
        pairs.append(
          PairEfficiency(
            prefill: sender.name,
            decode: receiver.name,
            efficiency: random.pick(0.1, 0.3, 0.8, 0.999, 1)
          )
        )
      }
    }
    return pairs
  }

  /// Gives most of the pools that decode a host link: some so slow that copies span many steps, some
  /// with room for less than one request.
  static func addHostLinks(to fleet: inout Fleet, using random: inout SplitMix64) {
    for index in fleet.pools.indices
    where fleet.pools[index].role != .prefill && !random.isOne(in: 3) {
      let shape = fleet.pools[index].kind.kv
      fleet.pools[index].kind.hostBytesPerSecond = random.pick(
        20_000_000,
        20_000_000,
        100_000_000,
        700_000_001,
        4_000_000_000,
        1_000_000_000_000
      )
      fleet.pools[index].kind.hostKVCapacityUnits = shape.units(
        tokens: random.pick(10, 40, 90, 90, 1_000, 1_000)
      )
    }
  }
}
