public import Simulation

/// A session's own blocks are moved to the tiers below memory as soon as its turn has completed.
///
/// Source: InferCept, Abhyankar et al., ICML 2024, https://arxiv.org/abs/2402.01869, `Swap`. The next turn
/// loads them where that is faster than computing them. Departure: what other sessions used too stays, and
/// the copy out frees its memory at once. It is `discard` where the fleet has no tiers, and with the tier
/// policy `write-on-hit` for what was not found often enough to have been written.
///
/// Parameters: none.
///
/// Example: a context of 20 GB comes back from host memory at 50 GB/s in 0.4 s after any gap.
public struct Swap: Retain {
  public static let entry = PolicyEntry.retain(
    "swap",
    "A session's own blocks are moved to the tiers below memory."
  ) { _ in Swap() }

  public init() {}

  public mutating func retain(_ turn: RetentionView) -> Retention { .swap }
}
