public import Simulation

/// Preempts the resident that was admitted last; of two admitted at once, the one with the larger
/// record.
///
/// Source: vLLM v1 under its first-come-first-served policy, which pops the newest running request;
/// https://github.com/vllm-project/vllm, `vllm/v1/core/sched/scheduler.py`. Departure: newest is by
/// the time its memory was reserved, also after an earlier preemption.
///
/// Parameters: none.
///
/// Example: residents 7, 9 and 8 admitted at 10, 30 and 30 ns: 9 is preempted.
public struct NewestFirst: Preempt {
  public static let entry = PolicyEntry.preempt(
    "newest-first",
    "Preempts the resident that was admitted last."
  ) { _ in NewestFirst() }

  public init() {}

  public func victim(_ instance: MemoryView) -> Int {
    var newest = 0
    for position in instance.residents.indices.dropFirst() {
      let (one, other) = (instance.residents[position], instance.residents[newest])
      if (one.admittedAt, one.record) > (other.admittedAt, other.record) { newest = position }
    }
    return newest
  }
}
