public import Simulation

/// Preempts the resident whose KV is restored in the least time, and restores it that way: by
/// computing it again or by moving it to the host and back, whichever is shorter. Among equals the
/// one that was admitted last goes, and of two admitted at once the one with the larger record; a
/// victim that costs the same either way is recomputed.
///
/// The time is that of the whole victim, not per byte that it frees: short contexts go first, and
/// it may take several of them.
///
/// Source: the choice between swapping and recomputing by cost, Kwon et al., SOSP 2023, section
/// 4.5, https://arxiv.org/abs/2309.06180, where recomputing wins for small contexts or slow host
/// links. Departures: there one of the two is set for all requests, and the victim is the newest.
/// The times are those of the simulation's own cost model on idle hardware.
///
/// Parameters: none.
///
/// Example: of three residents with 9, 4 and 6 ms to recompute and 5, 7 and 4 ms to swap, the
/// second and third cost 4 ms each; the third was admitted later and is swapped.
public struct CheapestFirst: Preempt {
  public static let entry = PolicyEntry.preempt(
    "cheapest",
    "Preempts the resident that is recomputed or swapped in the least time, in that way.",
    clairvoyance: .predicted
  ) { _ in CheapestFirst() }

  public init() {}

  public var clairvoyance: Clairvoyance { .predicted }
  public var signals: Signals { .restoreTimes }

  public func preempt(_ instance: MemoryView) -> PreemptDecision {
    let victim = instance.resident(leastBy: { min($0.recomputeTime, $0.swapTime) })
    let resident = instance.residents[victim]
    let restore: PreemptDecision.Restore =
      resident.swapTime < resident.recomputeTime ? .swap : .recompute
    return PreemptDecision(victim: victim, restore: restore)
  }
}
