/// What an eviction is told about the cache that it serves.
public struct EvictionContext: Sendable {
  /// Tokens per block, at least 1.
  public var blockTokens: Int
  /// Blocks that the cache has room for, at least 1.
  public var capacityBlocks: Int
  /// Nanoseconds to compute so many new tokens behind so many past ones.
  public var recomputeTime: @Sendable (_ newTokens: Int, _ pastTokens: Int) -> Int64

  public init(
    blockTokens: Int,
    capacityBlocks: Int,
    recomputeTime: @escaping @Sendable (_ newTokens: Int, _ pastTokens: Int) -> Int64 =
      EvictionContext.typicalRecomputeTime
  ) {
    self.blockTokens = blockTokens
    self.capacityBlocks = capacityBlocks
    self.recomputeTime = recomputeTime
  }

  /// What tokens cost where no fleet says it, in nanoseconds: 100 µs each, and 2 ns for each token
  /// before it.
  ///
  /// That is a model of 70 billion parameters (140 GFLOP a token) on chips that reach 1.4 PFLOP/s
  /// together, whose attention over 80 layers of width 8,192 takes 2.6 MFLOP per token and token
  /// before it. Assumed, to compare evictions with each other.
  public static func typicalRecomputeTime(newTokens: Int, pastTokens: Int) -> Int64 {
    let (new, past) = (Int128(newTokens), Int128(pastTokens))
    return Int64(clamping: new * 100_000 + 2 * new * past + new * new)
  }
}
