public import Simulation
public import Workload

/// Serves requests in the order in which they entered the queue.
///
/// Source: the default of vLLM, SGLang, Dynamo and DistServe, for example
/// https://github.com/vllm-project/vllm, `vllm/v1/core/sched/scheduler.py`. No departure.
///
/// Parameters: none.
///
/// Example: every key is 0, so the engine's tie rule decides: earlier entry, then smaller record.
public struct FirstComeFirstServed: OrderQueue {
  public static let entry = PolicyEntry.order(
    "fcfs",
    "Serves requests in the order in which they entered the queue."
  ) { _ in FirstComeFirstServed() }

  public init() {}

  public func key(_ request: RequestView, now: SimTime) -> Double { 0 }
}
