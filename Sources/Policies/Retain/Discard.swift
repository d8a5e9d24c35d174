public import Simulation

/// A session's own blocks are evicted as soon as its turn has completed.
///
/// Source: InferCept, Abhyankar et al., ICML 2024, https://arxiv.org/abs/2402.01869, `Discard`: what an
/// engine without a prefix cache does at every tool call. Departure: blocks that other sessions used too,
/// such as a system prompt, stay.
///
/// Parameters: none.
///
/// Example: a context of 100,000 tokens, 15,000 of them a system prompt that others share, is computed
/// again from token 15,000 on, even after a tool call of 10 ms.
public struct Discard: Retain {
  public static let entry = PolicyEntry.retain(
    "discard",
    "A session's own blocks are evicted as soon as its turn has completed."
  ) { _ in Discard() }

  public init() {}

  public mutating func retain(_ turn: RetentionView) -> Retention { .discard }
}
