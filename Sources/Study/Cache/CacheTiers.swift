public import KVCache

/// The tiers below a device, for a cache study.
public struct CacheTiers: Sendable {
  /// From the fastest to the slowest.
  public let tiers: [CacheTier]
  public let write: TierWrite
  /// Bytes of the keys and values of one token, at least 1.
  public let bytesPerToken: Int64

  public init(_ tiers: [CacheTier], write: TierWrite, bytesPerToken: Int64) {
    self.tiers = tiers
    self.write = write
    self.bytesPerToken = bytesPerToken
  }

  /// Replays the prompts in an empty device of so many blocks, all caches under one eviction.
  ///
  /// - Throws: `EvictionFault` for one that engines do not have, or other parameters than it takes.
  func replay(
    _ paths: PrefixPaths,
    capacity: Int,
    eviction name: String,
    parameters: [String: Double]
  ) throws -> TieredCounts {
    guard let eviction = EngineEvictions.named(name) else {
      throw EvictionFault(description: "\(name) cannot evict from tiers")
    }
    let context = EvictionContext(blockTokens: paths.blockTokens, capacityBlocks: capacity)
    let values = try eviction.values(parameters)
    return try TieredReplay(
      paths,
      context: context,
      tiers: tiers,
      write: write,
      blockBytes: Int64(clamping: Int128(paths.blockTokens) * Int128(bytesPerToken))
    ) { eviction.make($0, values) }
    .replay(paths)
  }
}
