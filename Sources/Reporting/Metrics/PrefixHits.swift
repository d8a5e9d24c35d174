import Simulation

/// How much of their contexts requests found cached.
public struct PrefixHits: Sendable, Equatable {
  /// Tokens of the prompts of which a first chunk started.
  public private(set) var startedTokens: Int64 = 0
  /// How many of those were cached where they were to be computed.
  public private(set) var hitTokens: Int64 = 0
  /// Tokens of the prompts for which a decode instance reserved memory, for the first time each.
  public private(set) var handedOffTokens: Int64 = 0
  /// How many of those were cached there, and did not have to be sent.
  public private(set) var unsentTokens: Int64 = 0

  public init() {}

  @inline(__always)
  mutating func add(_ record: borrowing RequestRecord) {
    if record.hitTokens >= 0 {
      startedTokens += Int64(record.promptTokens)
      hitTokens += Int64(record.hitTokens)
    }
    if record.decodeHitTokens >= 0 {
      handedOffTokens += Int64(record.promptTokens)
      unsentTokens += Int64(record.decodeHitTokens)
    }
  }

  /// Cached ÷ started; nil where no prompt started.
  public var hitShare: Double? {
    startedTokens > 0 ? Double(hitTokens) / Double(startedTokens) : nil
  }

  /// Not sent ÷ handed off; nil where nothing was.
  public var unsentShare: Double? {
    handedOffTokens > 0 ? Double(unsentTokens) / Double(handedOffTokens) : nil
  }

  mutating func merge(_ other: PrefixHits) {
    startedTokens += other.startedTokens
    hitTokens += other.hitTokens
    handedOffTokens += other.handedOffTokens
    unsentTokens += other.unsentTokens
  }

  func absorb(into hash: inout SummaryHash) {
    // Runs that hit nothing keep the digest that they had before there were caches.
    guard hitTokens > 0 || unsentTokens > 0 else { return }
    hash.absorb("prefix hits")
    for counter in [startedTokens, hitTokens, handedOffTokens, unsentTokens] {
      hash.absorb(counter)
    }
  }
}
