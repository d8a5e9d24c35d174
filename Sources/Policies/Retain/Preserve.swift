public import Simulation
import Workload

/// A session's blocks are held until its next turn starts, however long that takes.
///
/// Source: InferCept, Abhyankar et al., ICML 2024, https://arxiv.org/abs/2402.01869, `Preserve`. What is
/// held gives way when an idle instance could not start a prompt otherwise, or a batch could not grow.
///
/// Parameters: none.
///
/// Example: a context of 100,000 tokens is there after an hour of thinking; prompts of others have waited
/// for its memory as long as something else ran on the instance.
public struct Preserve: Retain {
  public static let entry = PolicyEntry.retain(
    "preserve",
    "A session's blocks are held until its next turn starts."
  ) { _ in Preserve() }

  public init() {}

  public mutating func retain(_ turn: RetentionView) -> Retention { .hold(.never) }
}
