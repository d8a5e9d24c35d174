public import Simulation

/// Draws two different instances and picks the one with fewer queued and running requests; a tie
/// goes to the lower position.
///
/// Source: Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 2001,
/// https://doi.org/10.1109/71.963420; in serving, the `power_of_two` policy of SGLang's gateway,
/// https://github.com/sgl-project/sglang. Departures: SGLang compares KV use first and requests only
/// when a report is missing; and the draws depend on the run's seed and the request alone.
///
/// Parameters: `corrected`, whether the requests sent to an instance since it published are added,
/// default true.
///
/// Example: of two instances both are always drawn, so with loads 4 and 1 the answer is position 1.
public struct PowerOfTwo: RoutePrefill {
  public static let entry = PolicyEntry.routePrefill(
    "power-of-two",
    "Draws two instances and picks the one with fewer queued and running requests.",
    parameters: [.corrected(default: true)]
  ) { PowerOfTwo(isCorrected: $0.flag("corrected")) }

  let isCorrected: Bool

  public init(isCorrected: Bool = true) { self.isCorrected = isCorrected }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    if pool.count < 2 { return 0 }
    let first = Self.draw(request, 0, below: pool.count)
    // The second draw is among the others; those from `first` on stand one position further up.
    var second = Self.draw(request, 1, below: pool.count - 1)
    if second >= first { second += 1 }
    let (low, high) = (min(first, second), max(first, second))
    return load(of: high, pool) < load(of: low, pool) ? high : low
  }

  private func load(of position: Int, _ pool: borrowing PoolView) -> Int {
    let sent = isCorrected && pool.isLagged ? pool.sentRequests[position] : 0
    return pool.queuedRequests[position] + pool.runningRequests[position] + sent
  }

  /// The high half of the product maps a word to 0 ..< count without the bias of a remainder.
  private static func draw(_ request: RequestView, _ draw: UInt64, below count: Int) -> Int {
    Int(request.random(.routePrefill, draw: draw).multipliedFullWidth(by: UInt64(count)).high)
  }
}
