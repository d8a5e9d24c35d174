public import Simulation
public import Workload

/// Serves the request with the highest priority first; among equals, the one that entered the queue
/// first.
///
/// Source: the priority policy of vLLM, which sorts its waiting requests by (priority, arrival);
/// https://github.com/vllm-project/vllm, `vllm/v1/core/sched`. Departures: vLLM serves the lowest
/// number first, while traces here say that higher is more urgent; and equals go by their entry in
/// the queue, which is the arrival except in a bridge queue. There is no aging: low priorities
/// starve under overload.
///
/// Parameters: none.
///
/// Example: requests of priority 0, 5 and −1 are served as 5, 0, −1.
public struct HighestPriorityFirst: OrderQueue {
  public static let entry = PolicyEntry.order(
    "priority",
    "Serves the request with the highest priority first."
  ) { _ in HighestPriorityFirst() }

  public init() {}

  public func key(_ request: RequestView, now: SimTime) -> Double { -Double(request.priority) }
}
