public import Simulation

/// Picks the instance that would have the fewest tokens left to compute with this prompt, of which it need
/// not compute what it has cached; ties go to the lowest position.
///
/// Source: the prefill choice of Mooncake, Qin et al., FAST 2025, algorithm 1: the shortest time to first
/// token from queue and cached prefix. Departure: tokens stand for time, and nothing is copied between
/// instances.
///
/// Parameters: none.
///
/// Example: for a prompt of 10,000 tokens, 5,000 tokens queued and nothing cached come to 15,000; 8,000
/// queued and 6,000 cached to 12,000: the second, although its queue is longer.
public struct CacheAware: RoutePrefill {
  public static let entry = PolicyEntry.routePrefill(
    "cache-aware",
    "Picks the instance with the fewest tokens left to compute, cached ones of this prompt not counted."
  ) { _ in CacheAware() }

  public init() {}

  public var signals: Signals { .hits }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    var (best, bestTokens) = (0, Int.max)
    for position in 0..<pool.count {
      let queued = pool.queuedTokens[position] + (pool.isLagged ? pool.sentTokens[position] : 0)
      let tokens = queued - pool.hitTokens[position]
      if tokens < bestTokens { (best, bestTokens) = (position, tokens) }
    }
    return best
  }
}
