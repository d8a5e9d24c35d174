public import Simulation

/// Picks the instance with the fewest prompt tokens left to compute; ties go to the lowest
/// position.
///
/// Source: least work left, Splitwise's token-based join-the-shortest-queue;
/// https://github.com/Mutinifni/splitwise-sim, `scheduler.py`, and Llumnix's
/// `all_prefills_tokens_num`, with its account of what was dispatched and not reported yet.
/// Departure: it reads published gauges, which may be older than the decision.
///
/// Parameters: `corrected`, whether the tokens sent to an instance since it published are added,
/// default true.
///
/// Example: with 900, 300 and 300 tokens left, position 1; if 100 were sent there since it
/// published, position 2.
public struct LeastTokens: RoutePrefill {
  public static let entry = PolicyEntry.routePrefill(
    "least-tokens",
    "Picks the instance with the fewest prompt tokens left to compute.",
    parameters: [.corrected(default: true)]
  ) { LeastTokens(isCorrected: $0.flag("corrected")) }

  let isCorrected: Bool

  public init(isCorrected: Bool = true) { self.isCorrected = isCorrected }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    guard isCorrected, pool.isLagged else {
      return pool.count > 0 ? pool.queuedTokens.firstMinimum(in: 0..<pool.count) : 0
    }
    var (best, bestTokens) = (0, Int.max)
    for position in 0..<pool.count {
      let tokens = pool.queuedTokens[position] + pool.sentTokens[position]
      if tokens < bestTokens { (best, bestTokens) = (position, tokens) }
    }
    return best
  }
}
