public import Simulation

/// Sends a turn to the instance that decoded its session last, unless that is too full.
///
/// It leaves that instance when its share of KV held, reserved and inbound is more than `percent` points
/// larger than that of the least full one, and more than `ratio` times as large; then, and for a request
/// without a session, it picks as `least-kv` does.
///
/// Source: as `session-affinity` for prompts; what it saves here is the hand-off of what the instance still
/// has.
///
/// Parameters: `percent`, default 20, and `ratio`, default 1.5, both assumed.
///
/// Example: with 60 % at home and 30 % elsewhere it goes elsewhere; with 45 % and 30 % it goes home.
public struct DecodeAffinity: RouteDecode {
  public static let entry = PolicyEntry.routeDecode(
    "session-affinity",
    "Sends a turn where its session was decoded last, unless that is too full.",
    parameters: [
      PolicyParameter(
        "percent",
        unit: "points of the KV capacity",
        default: 20,
        range: 0...100,
        isWhole: false,
        summary: "How much more than the least full it takes to leave."
      ),
      .imbalance,
    ]
  ) { DecodeAffinity(slackPercent: $0["percent"], ratio: $0["ratio"]) }

  let slackPercent: Double
  let ratio: Double
  private let least = LeastKV()

  /// - Parameters:
  ///   - slackPercent: How many points fuller than the least full instance it takes to leave, at least 0.
  ///   - ratio: And how many times as full, at least 1.
  public init(slackPercent: Double = 20, ratio: Double = 1.5) {
    self.slackPercent = slackPercent
    self.ratio = ratio
  }

  public var signals: Signals { [.sessions, .kv] }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    let best = least.route(request, pool)
    guard request.home >= 0 else { return best }
    let (home, other) = (share(request.home, pool), share(best, pool))
    let isTooFull = home - other > slackPercent / 100 && home > ratio * other
    return isTooFull ? best : request.home
  }

  private func share(_ position: Int, _ pool: borrowing PoolView) -> Double {
    Double(pool.kvUnits[position] + pool.inboundUnits[position])
      / Double(pool.kvCapacityUnits[position])
  }
}
