public import Simulation

/// Picks the instance with the fewest requests that wait for prefill or run; ties go to the lowest
/// position.
///
/// Source: join the shortest queue, as Vidur's least-outstanding-requests scheduler counts it;
/// https://github.com/microsoft/vidur, `vidur/scheduler/global_scheduler`. Departure: it reads
/// published gauges, which may be older than the decision.
///
/// Parameters: `corrected`, whether the requests sent to an instance since it published are added,
/// default true.
///
/// Example: queued + running are 2 + 3, 4 + 0 and 1 + 3: the sums are 5, 4 and 4, so position 1; if
/// one was sent there since it published, position 2.
public struct LeastPrefillRequests: RoutePrefill {
  public static let entry = PolicyEntry.routePrefill(
    "least-requests",
    "Picks the instance with the fewest queued and running requests.",
    parameters: [.corrected(default: true)]
  ) { LeastPrefillRequests(isCorrected: $0.flag("corrected")) }

  let isCorrected: Bool

  public init(isCorrected: Bool = true) { self.isCorrected = isCorrected }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    var (best, bestLoad) = (0, Int.max)
    let addsSent = isCorrected && pool.isLagged
    for position in 0..<pool.count {
      let sent = addsSent ? pool.sentRequests[position] : 0
      let load = pool.queuedRequests[position] + pool.runningRequests[position] + sent
      if load < bestLoad { (best, bestLoad) = (position, load) }
    }
    return best
  }
}
