/// Keeps nothing that is not in use: the bound from below.
public struct KeepNothing: Eviction {
  public init() {}

  public var keepsNothing: Bool { true }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.lastOrder)
  }
}

/// Evicts nothing, however much there is: the bound from above.
public struct KeepAll: Eviction {
  public init() {}

  public var isUnbounded: Bool { true }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: run.facts.lastOrder)
  }
}
