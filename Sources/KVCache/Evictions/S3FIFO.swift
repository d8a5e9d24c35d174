public import Workload

/// S3-FIFO: a small queue of a tenth of the capacity, a main queue, and a memory of what left the
/// small one, as large as the main one.
///
/// What was used thrice when its turn comes in the small queue moves to the main queue; what comes
/// back while it is remembered goes there at once. In the main queue a block that was used again
/// goes to the end once for each use, three times at most. Where a block moves, those before it move
/// with it.
///
/// Source: Yang et al., "FIFO queues are all you need for cache eviction", SOSP '23, algorithm 1, of
/// which this is the form for leaves.
public struct S3FIFO: Eviction {
  private static let mostUses: Int64 = 3
  private let smallCapacity: Int
  private let mainCapacity: Int
  /// Blocks in the small queue, whether they could be evicted or not.
  private var small = 0

  public init(capacityBlocks: Int) {
    smallCapacity = max(1, capacityBlocks / 10)
    mainCapacity = max(0, capacityBlocks - smallCapacity)
  }

  public var memoryBlocks: Int { mainCapacity }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    run.isPromoted
      ? EvictionRank(key: max(run.facts.stamp, run.facts.firstOrder), queue: 1)
      : EvictionRank(key: run.facts.firstOrder)
  }

  public mutating func choose(_ heads: [QueueHead], now: SimTime) -> QueueChoice {
    small >= smallCapacity
      ? QueueChoice(queue: 0, blocks: small - smallCapacity + 1)
      : QueueChoice(queue: 1, blocks: .max)
  }

  public mutating func judge(_ run: CachedRun, order: Int64) -> Judgement {
    let hits = min(run.facts.uses - 1, Self.mostUses)
    if run.isPromoted {
      return hits > 0 ? .spare(uses: hits, stamp: order, promote: false) : .evict
    }
    guard hits >= 2, mainCapacity > 0 else { return .evict }
    return .spare(uses: 1, stamp: order, promote: true)
  }

  public mutating func inserted(_ blocks: Int, promoted: Bool) {
    if !promoted { small += blocks }
  }

  public mutating func promoted(_ blocks: Int) { small -= blocks }

  public mutating func evicted(_ run: CachedRun, blocks: Int) {
    if !run.isPromoted { small -= blocks }
  }
}
