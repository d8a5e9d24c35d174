/// What a cache-only replay found.
public struct CacheCounts: Sendable, Equatable {
  public var blocks: Int64 = 0
  public var blockHits: Int64 = 0
  public var tokens: Int64 = 0
  public var tokenHits: Int64 = 0

  public init() {}

  /// Counts a prompt.
  ///
  /// All its blocks are full but perhaps the last, whose ids may stand for the padded rest.
  mutating func add(
    promptTokens: Int32,
    blocks: Int,
    blockTokens: Int,
    hits: Int64,
    includesLast: Bool
  ) {
    let fullTokens = Int64(blocks) * Int64(blockTokens)
    let tokens = min(Int64(promptTokens), fullTokens)
    self.blocks += Int64(blocks)
    self.tokens += blocks > 0 ? tokens : 0
    blockHits += hits
    tokenHits += hits * Int64(blockTokens) - (includesLast ? fullTokens - tokens : 0)
  }

  /// Hits ÷ blocks; nil without blocks.
  public var blockHitRatio: Double? { blocks == 0 ? nil : Double(blockHits) / Double(blocks) }

  /// Tokens of hit blocks ÷ tokens of all blocks; nil without tokens.
  public var tokenHitRatio: Double? { tokens == 0 ? nil : Double(tokenHits) / Double(tokens) }
}
