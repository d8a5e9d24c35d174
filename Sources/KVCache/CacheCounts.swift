/// What a cache-only replay found.
public struct CacheCounts: Sendable, Equatable {
  public var blocks: Int64 = 0
  public var blockHits: Int64 = 0
  public var tokens: Int64 = 0
  public var tokenHits: Int64 = 0

  public init() {}

  /// Hits ÷ blocks; nil without blocks.
  public var blockHitRatio: Double? { blocks == 0 ? nil : Double(blockHits) / Double(blocks) }

  /// Tokens of hit blocks ÷ tokens of all blocks; nil without tokens.
  public var tokenHitRatio: Double? { tokens == 0 ? nil : Double(tokenHits) / Double(tokens) }
}
