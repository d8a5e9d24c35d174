/// Least frequently used first; of those the one that stands earliest in its prompt, then the least
/// recent.
///
/// Source: Mooncake (arXiv 2407.00079), table 1, LengthAwareCache.
public struct LengthAware: Eviction {
  public init() {}

  public var ranksByDepth: Bool { true }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.uses, then: Int64(run.depth))
  }
}
