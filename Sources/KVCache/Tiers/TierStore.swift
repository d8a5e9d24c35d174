/// What one tier holds. A reference, since instances can share it.
public final class TierStore {
  public let tier: CacheTier
  let isUnbounded: Bool
  var cache: PrefixCache

  /// An empty tier.
  ///
  /// - Parameters:
  ///   - tier: Its capacity, at least 1 block, and speed.
  ///   - eviction: Of a cache of that capacity.
  ///   - write: How the chains write that it will stand in.
  public init(_ tier: CacheTier, eviction: any Eviction, write: TierWrite) {
    precondition(tier.capacityBlocks >= 1, "a tier of no block")
    self.tier = tier
    isUnbounded = eviction.isUnbounded
    cache = PrefixCache(eviction: eviction)
    cache.recordsEvictions = write == .back
  }
}
