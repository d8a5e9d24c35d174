import Hardware

/// All that a pool's instances are and cost, as text: sampled costs, and a hash of many more.
enum Fingerprint {
  static func lines(_ fleet: Fleet) -> [String] {
    ["\(fleet.name): \(fleet.summary); \(fleet.firstToken) \(fleet.tick)"] + fleet.pools.map(line)
  }

  private static func line(_ pool: Pool) -> String {
    let kind = pool.kind
    return """
      \(pool.name) \(pool.role) \(pool.count) × \(kind.name): \(kind.chips) \(kind.chip), \
      \(kind.model); kv \(kind.kvCapacityUnits) × \(kind.kv.unitBytes) \
      (\(kind.kv.fullUnitsPerToken), \(kind.kv.windowUnitsPerToken), \(kind.kv.windowTokens)) \
      ÷ \(kind.kvReplication), batch \(kind.maxBatch); nic \(kind.nicBytesPerSecond) \
      \(kind.handoffLatency); peak \(kind.peakOperationsPerSecond) \
      \(kind.memoryBytesPerSecond); costs \(costs(kind.costs))
      """
  }

  private static func costs(_ costs: any CostModel) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ cost: StepCost) {
      for value in [cost.time, cost.energy] {
        hash = (hash ^ UInt64(truncatingIfNeeded: value)) &* 0x100_0000_01B3
        hash = (hash ^ UInt64(truncatingIfNeeded: value >> 64)) &* 0x100_0000_01B3
      }
    }
    for batch in [1, 2, 7, 64, 256, 1_000] {
      for gigabytes in [0.0, 0.1, 3, 40] {
        mix(costs.decodeStep(batch: batch, kvBytes: gigabytes * 1e9))
      }
      for tokens in [1, 17, 512, 8_192, 100_000] {
        mix(costs.prefillPass(tokens: tokens, decodeBatch: batch))
        mix(costs.prefillPass(tokens: tokens, decodeBatch: 0))
        mix(costs.prefillAttention(newTokens: tokens, pastTokens: 100 * batch))
      }
    }
    let step = costs.decodeStep(batch: 64, kvBytes: 4e9)
    let pass = costs.prefillPass(tokens: 2_048, decodeBatch: 0)
    let samples = [step.time, step.energy, pass.time, pass.energy].map { "\($0)" }
    return samples.joined(separator: " ") + " #" + String(hash, radix: 16)
  }
}
