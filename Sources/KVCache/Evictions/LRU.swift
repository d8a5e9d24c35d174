/// Least recently used first.
///
/// The blocks of a path leave from its end, as from vLLM's free queue, to which a finished request
/// returns its blocks last first (vLLM v1, `KVCacheManager.free`).
public struct LRU: Eviction {
  public init() {}

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.lastOrder)
  }
}
