import Simulation

/// What the prefix caches of instances did, summed.
public struct CacheTotals: Sendable, Equatable {
  /// Tokens of contexts that were cached where they were to be computed, after preemptions too.
  public var hitTokens: Int64 = 0
  /// Tokens of contexts that were computed, after preemptions too.
  public var computedTokens: Int64 = 0
  /// Tokens of hand-offs that did not have to be sent, since they were cached at the receiver.
  public var unsentTokens: Int64 = 0
  /// Tokens that came from tiers below the memory, and the bytes of their blocks.
  public var loadedTokens: Int64 = 0
  public var bytesLoaded: Int64 = 0
  public var evictedBlocks: Int64 = 0
  /// Turns whose KV a retention policy held, and how many of those gave way to others.
  public var retentions: Int64 = 0
  public var retentionsYielded: Int64 = 0
  /// Turns whose KV a retention policy discarded.
  public var retentionsDiscarded: Int64 = 0
  /// KV bytes that were sent back to where prompts are computed.
  public var bytesWrittenBack: Int64 = 0
  /// Write-backs that arrived, and those that were dropped for want of memory.
  public var writeBacks: Int64 = 0
  public var writeBacksDropped: Int64 = 0

  public init() {}

  init(_ totals: InstanceTotals) {
    hitTokens = totals.hitTokens
    computedTokens = totals.prefillTokens
    unsentTokens = totals.tokensNotSent
    loadedTokens = totals.tokensLoaded
    bytesLoaded = totals.bytesLoaded
    evictedBlocks = totals.evictedBlocks
    retentions = totals.retentions
    retentionsYielded = totals.retentionsYielded
    retentionsDiscarded = totals.retentionsDiscarded
    bytesWrittenBack = totals.bytesWrittenBack
    writeBacks = totals.writeBacks
    writeBacksDropped = totals.writeBacksDropped
  }

  mutating func merge(_ other: CacheTotals) {
    hitTokens += other.hitTokens
    computedTokens += other.computedTokens
    unsentTokens += other.unsentTokens
    loadedTokens += other.loadedTokens
    bytesLoaded += other.bytesLoaded
    evictedBlocks += other.evictedBlocks
    retentions += other.retentions
    retentionsYielded += other.retentionsYielded
    retentionsDiscarded += other.retentionsDiscarded
    bytesWrittenBack += other.bytesWrittenBack
    writeBacks += other.writeBacks
    writeBacksDropped += other.writeBacksDropped
  }

  /// Cached ÷ (cached + computed); nil where neither was.
  public var hitShare: Double? {
    let tokens = hitTokens + computedTokens
    return tokens > 0 ? Double(hitTokens) / Double(tokens) : nil
  }
}

/// One of the counts of `CacheTotals`, as every report names it.
struct CacheCount: Sendable {
  /// In snake_case.
  let name: String
  /// The header of a column of text.
  let label: String
  let unit: String
  let summary: String
  let value: @Sendable (CacheTotals) -> Int64

  /// What a table of text says.
  func text(_ totals: CacheTotals) -> String {
    unit == "bytes" ? Quantity.bytes(value(totals)) : Quantity.count(value(totals))
  }

  static let all = [
    CacheCount(
      name: "cache_hit_tokens",
      label: "hit tokens",
      unit: "tokens",
      summary: "Tokens that were cached where they were to be computed, after preemptions too."
    ) { $0.hitTokens },
    CacheCount(
      name: "cache_unsent_tokens",
      label: "unsent tokens",
      unit: "tokens",
      summary: "Tokens of hand-offs that were cached at the receiver, and not sent."
    ) { $0.unsentTokens },
    CacheCount(
      name: "cache_loaded_tokens",
      label: "loaded tokens",
      unit: "tokens",
      summary: "Tokens that came from tiers below the memory, and were not computed."
    ) { $0.loadedTokens },
    CacheCount(
      name: "loaded",
      label: "loaded",
      unit: "bytes",
      summary: "KV of the blocks that came from there."
    ) { $0.bytesLoaded },
    CacheCount(
      name: "evicted_blocks",
      label: "evicted blocks",
      unit: "blocks",
      summary: "Cached blocks that were evicted."
    ) { $0.evictedBlocks },
    CacheCount(
      name: "retentions",
      label: "turns held",
      unit: "turns",
      summary: "Turns whose KV a retention policy held."
    ) { $0.retentions },
    CacheCount(
      name: "retentions_yielded",
      label: "gave way",
      unit: "turns",
      summary: "How many of those gave way to requests that needed the memory."
    ) { $0.retentionsYielded },
    CacheCount(
      name: "retentions_discarded",
      label: "turns discarded",
      unit: "turns",
      summary: "Turns whose KV a retention policy discarded."
    ) { $0.retentionsDiscarded },
    CacheCount(
      name: "written_back",
      label: "written back",
      unit: "bytes",
      summary: "KV that was sent back to where prompts are computed; counted at the sender."
    ) { $0.bytesWrittenBack },
    CacheCount(
      name: "write_backs",
      label: "write-backs",
      unit: "turns",
      summary: "Turns whose KV arrived there."
    ) { $0.writeBacks },
    CacheCount(
      name: "write_backs_dropped",
      label: "dropped write-backs",
      unit: "turns",
      summary: "Turns whose KV was not sent back, for want of memory there."
    ) { $0.writeBacksDropped },
  ]
}
