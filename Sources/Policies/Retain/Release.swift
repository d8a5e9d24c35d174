public import Simulation

/// A session's blocks stay cached while its next turn is awaited, as long as nobody needs the memory.
///
/// Source: what vLLM and SGLang do with prefix caching on.
///
/// Parameters: none.
///
/// Example: a context of 100,000 tokens is there after a tool call of 2 s, and gone after one of an hour
/// in which other prompts filled the memory.
public struct Release: Retain {
  public static let entry = PolicyEntry.retain(
    "release",
    "A session's blocks stay cached as long as nobody needs the memory."
  ) { _ in Release() }

  public init() {}

  public var keepsNothing: Bool { true }

  public mutating func retain(_ turn: RetentionView) -> Retention { .release }
}
