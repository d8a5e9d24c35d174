public import Workload

/// Drops what nobody has used for some time; where room is needed before that, least recent first.
///
/// Source: Continuum (arXiv 2511.02230) keeps the cache of an agent for a fixed time; prompt caches
/// of hosted models do too (Anthropic: 5 minutes from the last use).
public struct TTL: Eviction {
  /// How long a block stays without use, in nanoseconds.
  private let kept: SimTime

  public init(lifetime: SimTime) { kept = lifetime }

  public var lifetime: SimTime? { kept }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.lastOrder)
  }
}
