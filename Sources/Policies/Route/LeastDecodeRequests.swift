public import Simulation

/// Picks the decode instance with the fewest requests that run there or are on their way; ties go
/// to the lowest position.
///
/// Source: join the shortest queue, with the dispatched requests that an engine's gauge does not
/// show yet, as AIBrix's pending-decode tracker adds them; https://github.com/vllm-project/aibrix,
/// `pkg/plugins/gateway/algorithms`. Departure: one count, without AIBrix's throughput term.
///
/// Parameters: `corrected`, whether the requests sent to an instance since it published are added,
/// default true.
///
/// Example: running + inbound are 8 + 0, 5 + 4 and 6 + 1: the sums are 8, 9 and 7, so position 2;
/// if two were sent there since it published, position 0.
public struct LeastDecodeRequests: RouteDecode {
  public static let entry = PolicyEntry.routeDecode(
    "least-requests",
    "Picks the decode instance with the fewest running and inbound requests.",
    parameters: [.corrected(default: true)]
  ) { LeastDecodeRequests(isCorrected: $0.flag("corrected")) }

  let isCorrected: Bool

  public init(isCorrected: Bool = true) { self.isCorrected = isCorrected }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    var (best, bestLoad) = (0, Int.max)
    let addsSent = isCorrected && pool.isLagged
    for position in 0..<pool.count {
      let sent = addsSent ? pool.sentRequests[position] : 0
      let load = pool.runningRequests[position] + pool.inboundRequests[position] + sent
      if load < bestLoad { (best, bestLoad) = (position, load) }
    }
    return best
  }
}
