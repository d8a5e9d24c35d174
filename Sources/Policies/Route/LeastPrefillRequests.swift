public import Simulation

/// Picks the instance with the fewest requests that wait for prefill or run; ties go to the lowest
/// position.
///
/// Source: join the shortest queue, as Vidur's least-outstanding-requests scheduler counts it;
/// https://github.com/microsoft/vidur, `vidur/scheduler/global_scheduler`. Departure: it reads
/// published gauges, which may be older than the decision.
///
/// Parameters: none.
///
/// Example: queued + running are 2 + 3, 4 + 0 and 1 + 3: the sums are 5, 4 and 4, so position 1.
public struct LeastPrefillRequests: RoutePrefill {
  public static let entry = PolicyEntry.routePrefill(
    "least-requests",
    "Picks the instance with the fewest queued and running requests."
  ) { _ in LeastPrefillRequests() }

  public init() {}

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    var (best, bestLoad) = (0, Int.max)
    for position in 0..<pool.count {
      let load = pool.queuedRequests[position] + pool.runningRequests[position]
      if load < bestLoad { (best, bestLoad) = (position, load) }
    }
    return best
  }
}
