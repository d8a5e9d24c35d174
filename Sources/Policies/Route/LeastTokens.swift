public import Simulation

/// Picks the instance with the fewest prompt tokens left to compute; ties go to the lowest position.
///
/// Source: least work left, Splitwise's token-based join-the-shortest-queue;
/// https://github.com/Mutinifni/splitwise-sim, `scheduler.py`, and Llumnix's
/// `all_prefills_tokens_num`. Departure: it reads published gauges, which may be older than the
/// decision.
///
/// Parameters: none.
///
/// Example: with 900, 300 and 300 tokens left, position 1.
public struct LeastTokens: RoutePrefill {
  public static let entry = PolicyEntry.routePrefill(
    "least-tokens",
    "Picks the instance with the fewest prompt tokens left to compute."
  ) { _ in LeastTokens() }

  public init() {}

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    var (best, bestTokens) = (0, Int.max)
    for position in 0..<pool.count where pool.queuedTokens[position] < bestTokens {
      (best, bestTokens) = (position, pool.queuedTokens[position])
    }
    return best
  }
}
