/// Least recently used first among blocks of few uses, then among those of more.
///
/// Source: SGLang, `mem_cache/evict_policy.py`, `SLRUStrategy`, whose threshold is 2 hits.
public struct SLRU: Eviction {
  /// From how many uses on a block is protected.
  public let protectedUses: Int64

  public init(protectedUses: Int64 = 2) { self.protectedUses = protectedUses }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.uses >= protectedUses ? 1 : 0)
  }
}
