/// First in, first out: by the end of the first use, whatever came after it.
///
/// Source: SGLang, `mem_cache/evict_policy.py`, `FIFOStrategy`, which orders leaves by creation.
public struct FIFO: Eviction {
  public init() {}

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.firstOrder)
  }
}
