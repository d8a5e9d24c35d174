public import Simulation
public import Workload

/// A session's blocks are held for a fixed time after its turn has completed; after that they stay as
/// long as nobody needs the memory.
///
/// Source: the fixed time to live of Continuum, Li et al. 2025, https://arxiv.org/abs/2511.02230, whose
/// public version pins for 2 s.
///
/// Parameters: `seconds`, default 2.
///
/// Example: a tool that answers after 1.5 s finds the whole context; for one that takes a minute nobody
/// had to wait longer than 2 s.
public struct FixedTTL: Retain {
  public static let entry = PolicyEntry.retain(
    "ttl",
    "A session's blocks are held for a fixed time.",
    parameters: [.seconds("seconds", default: 2, summary: "How long they are held.")]
  ) { FixedTTL($0.nanoseconds("seconds")) }

  let length: SimTime

  /// - Parameter length: How long blocks are held, in nanoseconds.
  public init(_ length: SimTime) { self.length = length }

  public mutating func retain(_ turn: RetentionView) -> Retention { .hold(length) }
}
