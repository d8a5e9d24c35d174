public import Simulation

/// Takes the instances in turn, whatever their load.
///
/// Source: the baseline router of every gateway, for example
/// https://github.com/vllm-project/production-stack (`roundrobin`). Departure: the turn is kept as a
/// position among the instances offered, so when a prompt is too long for some of them the turn
/// goes on among the others.
///
/// Parameters: none.
///
/// Example: three instances receive five requests at positions 0, 1, 2, 0, 1.
public struct RoundRobin: RoutePrefill, RouteDecode {
  private static let summary = "Takes the instances in turn, whatever their load."

  public static let prefillEntry = PolicyEntry.routePrefill("round-robin", summary) { _ in
    RoundRobin()
  }
  public static let decodeEntry = PolicyEntry.routeDecode("round-robin", summary) { _ in
    RoundRobin()
  }

  private var turn = 0

  public init() {}

  public mutating func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    let position = turn < pool.count ? turn : 0
    turn = position + 1
    return position
  }
}
