public import Simulation

/// Preempts the resident with the lowest priority; among equals the one that was admitted last, and
/// of two admitted at once the one with the larger record.
///
/// Source: vLLM under its priority policy, which preempts the running request with the least urgent
/// (priority, arrival); https://github.com/vllm-project/vllm, `vllm/v1/core/sched/scheduler.py`;
/// BLIS evicts by priority, then newest, https://github.com/inference-sim/inference-sim.
/// Departures: equals go by admission, as in BLIS, and there is no limit on how often a request is
/// preempted.
///
/// Parameters: `restore`, how the victim gets its KV back: `recompute` (the default) or `swap`.
///
/// Example: residents 7, 8 and 9 of priority 0, 0 and 5, admitted at 10, 20 and 30 ns: 8 is
/// preempted.
public struct LowestPriorityFirst: Preempt {
  public static let entry = PolicyEntry.preempt(
    "priority",
    "Preempts the resident with the lowest priority, and of those the one admitted last.",
    parameters: [.restore]
  ) { LowestPriorityFirst(restore: $0.restore) }

  let restore: PreemptDecision.Restore

  public init(restore: PreemptDecision.Restore = .recompute) { self.restore = restore }

  public func preempt(_ instance: MemoryView) -> PreemptDecision {
    PreemptDecision(victim: instance.resident(leastBy: { Int64($0.priority) }), restore: restore)
  }
}
