import Simulation
import Workload

/// Whose turn it is to leave, looked for among all blocks each time.
extension TwinCache {
  /// Evicts the first idle leaf in the order of the eviction.
  mutating func evictOne(at now: SimTime) {
    while true {
      let name = nextVictim(at: now)
      guard let block = blocks[name] else { preconditionFailure("nothing is left to evict") }
      switch eviction.judge(block, clock: clock, lastUse: uses, hasMain: capacity > smallCapacity) {
      case .leaves:
        advanceClock(to: block)
        remember(name, block)
        return evict(name)
      case .stays(let uses, let stamp, let isPromoted):
        advanceClock(to: block)
        spare(name, uses: uses, stamp: stamp)
        if isPromoted { promote(name) }
      }
    }
  }

  /// A tenth of what there is, for the small queue of `s3fifo`.
  private var smallCapacity: Int { max(1, capacity / 10) }

  private func nextVictim(at now: SimTime) -> TwinBlockName {
    let leaves = blocks.filter { $0.value.pins == 0 && $0.value.followers == 0 }
    let queues = Dictionary(grouping: leaves) { eviction.queue(of: $0.value) }
    let heads = queues.compactMapValues { leaves in
      leaves.min { first, second in
        eviction.rank(of: first.value, cost: cost)
          .lexicographicallyPrecedes(eviction.rank(of: second.value, cost: cost))
      }
    }
    let first: (key: TwinBlockName, value: TwinBlock)?
    switch eviction {
    case .s3fifo:
      let small = blocks.values.count { !$0.isPromoted }
      first = heads[small >= smallCapacity ? 0 : 1] ?? heads.values.first
    case .workloadAware(let lifespan):
      first = heads.values.min { first, second in
        let (a, b) = (
          probability(first.value, lifespan, now), probability(second.value, lifespan, now)
        )
        return a != b
          ? a < b
          : (-first.value.depth, first.value.lastUse)
            < (-second.value.depth, second.value.lastUse)
      }
    default: first = heads[0]
    }
    guard let first else { preconditionFailure("nothing is left to evict") }
    return first.key
  }

  /// How likely a block is used again within a lifespan.
  private func probability(_ block: TwinBlock, _ lifespan: SimTime, _ now: SimTime) -> Double {
    let age = Double(now - block.lastUsedAt)
    var mean = Double(lifespan)
    if let known = reuses[block.lastClass], known.count > 0 {
      mean = max(1, Double(known.sum) / Double(known.count))
    }
    return DeterministicMath.exp(-age / mean)
      - DeterministicMath.exp(-(age + Double(lifespan)) / mean)
  }

  private mutating func advanceClock(to block: TwinBlock) {
    switch eviction {
    case .sieve: clock = max(clock, block.stamp)
    case .costAware: clock = max(clock, eviction.rank(of: block, cost: cost)[0])
    default: break
    }
  }

  /// What left the small queue is remembered, as much as the main queue would hold.
  private mutating func remember(_ name: TwinBlockName, _ block: TwinBlock) {
    guard eviction == .s3fifo, !block.isPromoted else { return }
    memory.append(name)
    memory = memory.suffix(max(0, capacity - smallCapacity))
  }

  /// A block is passed over, with all before it: of its uses only so many count from now on.
  private mutating func spare(_ name: TwinBlockName, uses: Int, stamp: Int) {
    let forgiven = (blocks[name]?.uses ?? 0) - uses
    for name in path(to: name) {
      guard var block = blocks[name] else { continue }
      block.uses -= forgiven
      block.stamp = max(block.stamp, stamp)
      blocks[name] = block
    }
  }

  /// Moves a block to the main queue, with all before it.
  mutating func promote(_ name: TwinBlockName) {
    for name in path(to: name) { blocks[name]?.isPromoted = true }
  }
}
