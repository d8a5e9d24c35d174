public import Simulation

/// Picks the decode instance with the fewest requests that run there or are on their way; ties go
/// to the lowest position.
///
/// Source: join the shortest queue, with the dispatched requests that an engine's gauge does not
/// show yet, as AIBrix's pending-decode tracker adds them; https://github.com/vllm-project/aibrix,
/// `pkg/plugins/gateway/algorithms`. Departure: one count, without AIBrix's throughput term.
///
/// Parameters: none.
///
/// Example: running + inbound are 8 + 0, 5 + 4 and 6 + 1: the sums are 8, 9 and 7, so position 2.
public struct LeastDecodeRequests: RouteDecode {
  public static let entry = PolicyEntry.routeDecode(
    "least-requests",
    "Picks the decode instance with the fewest running and inbound requests."
  ) { _ in LeastDecodeRequests() }

  public init() {}

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    var (best, bestLoad) = (0, Int.max)
    for position in 0..<pool.count {
      let load = pool.runningRequests[position] + pool.inboundRequests[position]
      if load < bestLoad { (best, bestLoad) = (position, load) }
    }
    return best
  }
}
