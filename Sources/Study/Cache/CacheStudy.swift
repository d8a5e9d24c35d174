import Dispatch
public import KVCache
import Synchronization

/// Hit ratios of caches over a trace, without an engine: one cell per eviction and capacity.
public struct CacheStudy: Sendable {
  /// An eviction with its parameters.
  public struct Contender: Sendable {
    /// What tables and curves call it, such as `ttl:seconds=60`.
    public let label: String
    public let eviction: ReplayedEviction
    public let parameters: [String: Double]

    public init(label: String, eviction: ReplayedEviction, parameters: [String: Double]) {
      self.label = label
      self.eviction = eviction
      self.parameters = parameters
    }
  }

  /// One contender, in the order of the capacities.
  public struct Row: Sendable {
    public let contender: Contender
    public let cells: [Cell]
  }

  /// What one cache found.
  public struct Cell: Sendable {
    public var device: CacheCounts
    /// With what the tiers below it found; nil without tiers.
    public var tiered: TieredCounts?

    /// Hits in any tier ÷ blocks; nil without blocks.
    public var blockHitRatio: Double? { all.blockHitRatio }

    /// Tokens that hit in any tier ÷ tokens; nil without tokens.
    public var tokenHitRatio: Double? { all.tokenHitRatio }

    private var all: CacheCounts {
      var sum = device
      for tier in tiered?.tiers ?? [] {
        sum.blockHits += tier.blockHits
        sum.tokenHits += tier.tokenHits
      }
      return sum
    }
  }

  public let capacities: [Int]
  public let tiers: CacheTiers?
  public let rows: [Row]

  /// Replays the prompts under every contender at every capacity.
  ///
  /// - Parameters:
  ///   - paths: The prompts.
  ///   - contenders: What to compare; with tiers, evictions of an engine's cache.
  ///   - capacities: Of the device, in blocks, at least 1 each.
  ///   - tiers: What stands below the device; nil for nothing.
  ///   - threads: How many contenders are replayed at the same time; no result depends on it.
  /// - Throws: `EvictionFault` for a parameter or value that an eviction does not take.
  public init(
    _ paths: PrefixPaths,
    contenders: [Contender],
    capacities: [Int],
    tiers: CacheTiers? = nil,
    threads: Int
  ) throws {
    self.capacities = capacities
    self.tiers = tiers
    let next = Atomic(0)
    let results = Mutex([Result<Row, any Error>?](repeating: nil, count: contenders.count))
    DispatchQueue.concurrentPerform(iterations: min(threads, contenders.count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < contenders.count else { return }
        let result = Result {
          let cells = try Self.cells(contenders[index], paths, capacities, tiers)
          return Row(contender: contenders[index], cells: cells)
        }
        results.withLock { $0[index] = result }
      }
    }
    rows = try results.withLock { $0 }.compactMap { try $0?.get() }
  }

  private static func cells(
    _ contender: Contender,
    _ paths: PrefixPaths,
    _ capacities: [Int],
    _ tiers: CacheTiers?
  ) throws -> [Cell] {
    guard let tiers else {
      return try contender.eviction
        .replay(paths, capacities: capacities, parameters: contender.parameters)
        .map { Cell(device: $0) }
    }
    return try capacities.map { capacity in
      let counts = try tiers.replay(
        paths,
        capacity: capacity,
        eviction: contender.eviction.name,
        parameters: contender.parameters
      )
      return Cell(device: counts.device, tiered: counts)
    }
  }

  /// The miss-ratio curves in long form, of all tiers together. A ratio without a denominator is
  /// empty.
  public var csv: String {
    var text = "eviction,capacity_blocks,block_hit_ratio,token_hit_ratio\n"
    for row in rows {
      for (capacity, cell) in zip(capacities, row.cells) {
        let ratios = [cell.blockHitRatio, cell.tokenHitRatio].map { $0?.description ?? "" }
        text += "\(row.contender.label),\(capacity),\(ratios.joined(separator: ","))\n"
      }
    }
    return text
  }
}
