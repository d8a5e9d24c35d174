/// SIEVE: first in, first out, but a hand passes over what was used since it last came by.
///
/// A block that is passed over waits for the hand's next lap, with all blocks before it, in the same
/// order as before. Blocks that are in use, or followed, when the hand comes by count as not
/// reached yet; new ones stand behind the others of the lap.
///
/// Source: Zhang et al., "SIEVE is Simpler than LRU", NSDI '24, algorithm 1, of which this is the
/// form for leaves.
public struct Sieve: Eviction {
  private var lap: Int64 = 0

  public init() {}

  public var stamp: Int64 { lap }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.stamp, then: run.facts.firstOrder)
  }

  public mutating func judge(_ run: CachedRun, order: Int64) -> Judgement {
    lap = max(lap, run.facts.stamp)
    guard run.facts.uses > 1 else { return .evict }
    return .spare(uses: 1, stamp: lap + 1, promote: false)
  }
}
