public import Simulation
public import Workload

/// Serves the request with the fewest tokens to compute first.
///
/// Source: the textbook rule; in serving, BLIS's `sjf` scheduler,
/// https://github.com/inference-sim/inference-sim. Departure: the key counts the tokens that have to
/// be computed, which after a preemption is the whole context, not the prompt. There is no aging:
/// long prompts starve under overload.
///
/// Parameters: none.
///
/// Example: prompts of 700, 90 and 300 tokens are served as 90, 300, 700.
public struct ShortestJobFirst: OrderQueue {
  public static let entry = PolicyEntry.order(
    "sjf",
    "Serves the request with the fewest tokens to compute first."
  ) { _ in ShortestJobFirst() }

  public init() {}

  public func key(_ request: RequestView, now: SimTime) -> Double { Double(request.contextTokens) }
}
