public import Simulation

/// Picks the decode instance whose KV is the least full, counting what the requests on their way
/// will need; ties go to the lowest position.
///
/// The shares (held or reserved + inbound) ÷ capacity are compared as exact fractions, so that
/// instances of different size are compared without rounding.
///
/// Source: Llumnix's default decode metric, projected KV use;
/// https://github.com/llumnix-project/llumnix. Departure: it reads published gauges, which may be
/// older than the decision, and does not count what was sent since unless told to.
///
/// Parameters: `corrected`, whether the KV of requests sent to an instance since it published is
/// added, default false: a gauge of KV use is read as the engine reported it, as by llm-d's scorer
/// of KV utilization, https://github.com/llm-d/llm-d-inference-scheduler.
///
/// Example: (30 + 10) of 100 units and (45 + 3) of 150 units: 40 % and 32 %, so position 1,
/// although it holds more.
public struct LeastKV: RouteDecode {
  public static let entry = PolicyEntry.routeDecode(
    "least-kv",
    "Picks the decode instance with the smallest share of KV held, reserved or inbound.",
    parameters: [.corrected(default: false)]
  ) { LeastKV(isCorrected: $0.flag("corrected")) }

  let isCorrected: Bool

  public init(isCorrected: Bool = false) { self.isCorrected = isCorrected }

  public var signals: Signals { .kv }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    let addsSent = isCorrected && pool.isLagged
    // Pools are mostly of one kind, where comparing the numerators is enough.
    guard addsSent || pool.count == 0 || !pool.isOfOneCapacity else {
      return pool.kvUnits.firstMinimum(in: 0..<pool.count, adding: pool.inboundUnits)
    }
    return least(pool, addsSent: addsSent)
  }

  private func least(_ pool: borrowing PoolView, addsSent: Bool) -> Int {
    var (best, bestUnits, bestCapacity) = (0, Int64(1), Int64(0))
    for position in 0..<pool.count {
      let known = pool.kvUnits[position] + pool.inboundUnits[position]
      let units = addsSent ? known + pool.sentUnits[position] : known
      let capacity = pool.kvCapacityUnits[position]
      let isLess = Int128(units) * Int128(bestCapacity) < Int128(bestUnits) * Int128(capacity)
      if isLess { (best, bestUnits, bestCapacity) = (position, units, capacity) }
    }
    return best
  }
}
