/// Least frequently used first, then least recently; what is evicted is forgotten.
///
/// Source: SGLang, `mem_cache/evict_policy.py`, `LFUStrategy`.
public struct LFU: Eviction {
  public init() {}

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.uses)
  }
}
