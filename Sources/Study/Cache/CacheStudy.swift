import Dispatch
public import KVCache
import Synchronization

/// Hit ratios of caches over a trace, without an engine: one cell per eviction and capacity.
public struct CacheStudy: Sendable {
  /// One eviction, in the order of the capacities.
  public struct Row: Sendable {
    public let eviction: BlockEviction
    public let counts: [CacheCounts]
  }

  public let capacities: [Int]
  public let rows: [Row]

  /// Replays the prompts under every eviction at every capacity.
  ///
  /// - Parameters:
  ///   - paths: The prompts.
  ///   - evictions: What to compare.
  ///   - capacities: In blocks, at least 1 each.
  ///   - threads: How many evictions are replayed at the same time; no result depends on it.
  public init(
    _ paths: PrefixPaths,
    evictions: [BlockEviction],
    capacities: [Int],
    threads: Int
  ) {
    self.capacities = capacities
    let next = Atomic(0)
    let rows = Mutex([Row?](repeating: nil, count: evictions.count))
    DispatchQueue.concurrentPerform(iterations: min(threads, evictions.count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < evictions.count else { return }
        let counts = evictions[index].replay(paths, capacities)
        rows.withLock { $0[index] = Row(eviction: evictions[index], counts: counts) }
      }
    }
    self.rows = rows.withLock { $0 }.compactMap(\.self)
  }

  /// The miss-ratio curves in long form. A ratio without a denominator is empty.
  public var csv: String {
    var text = "eviction,capacity_blocks,block_hit_ratio,token_hit_ratio\n"
    for row in rows {
      for (capacity, counts) in zip(capacities, row.counts) {
        let ratios = [counts.blockHitRatio, counts.tokenHitRatio].map { $0?.description ?? "" }
        text += "\(row.eviction.name),\(capacity),\(ratios.joined(separator: ","))\n"
      }
    }
    return text
  }
}
