public import Simulation

/// Preempts the resident that was admitted last; of two admitted at once, the one with the larger
/// record.
///
/// Source: vLLM v1 under its first-come-first-served policy, which pops the newest running request
/// and recomputes it; https://github.com/vllm-project/vllm, `vllm/v1/core/sched/scheduler.py`. vLLM
/// v0 and DistServe swap. Departure: newest is by the time its memory was reserved, also after an
/// earlier preemption.
///
/// Parameters: `restore`, how the victim gets its KV back: `recompute` (the default) or `swap`.
///
/// Example: residents 7, 9 and 8 admitted at 10, 30 and 30 ns: 9 is preempted.
public struct NewestFirst: Preempt {
  public static let entry = PolicyEntry.preempt(
    "newest-first",
    "Preempts the resident that was admitted last.",
    parameters: [.restore]
  ) { NewestFirst(restore: $0.restore) }

  let restore: PreemptDecision.Restore

  public init(restore: PreemptDecision.Restore = .recompute) { self.restore = restore }

  public func preempt(_ instance: MemoryView) -> PreemptDecision {
    PreemptDecision(victim: instance.resident(leastBy: { _ in 0 }), restore: restore)
  }
}
