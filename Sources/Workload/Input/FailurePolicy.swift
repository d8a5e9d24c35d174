/// What becomes of requests that a source recorded as failed: those without prompt or output
/// tokens, and those whose status says so.
public enum FailurePolicy: String, Sendable, CaseIterable {
  /// They are replayed, with at least one prompt and one output token.
  case keep
  /// They are left out.
  case drop
}

/// How many failed requests a reader has met so far.
public struct FailureCount: Sendable, Equatable {
  public var kept: Int64
  public var dropped: Int64

  public init(kept: Int64 = 0, dropped: Int64 = 0) {
    self.kept = kept
    self.dropped = dropped
  }

  /// The count with the longest note.
  static let widest = FailureCount(kept: .max)

  /// What became of them, such as `27 failed requests kept with at least 1 token`; nil where there
  /// were none.
  public var note: String? {
    if kept > 0 {
      return
        "\(kept) failed request\(kept == 1 ? "" : "s") kept with at least 1 prompt and 1 output "
        + "token"
    }
    if dropped > 0 { return "\(dropped) failed request\(dropped == 1 ? "" : "s") left out" }
    return nil
  }
}

/// Decides on the failed requests of a source and counts them.
struct FailureRule {
  private let policy: FailurePolicy?
  private(set) var count: FailureCount?

  init(_ options: ReadOptions) {
    policy = options.failures
    count = policy == nil ? nil : FailureCount()
  }

  /// Takes a failed request and says whether it is a row.
  ///
  /// - Throws: Without a policy, that a choice is needed.
  mutating func keeps(
    at position: Int,
    _ problem: @autoclosure () -> String
  ) throws(Fault) -> Bool {
    switch policy {
    case .keep:
      count?.kept += 1
      return true
    case .drop:
      count?.dropped += 1
      return false
    case nil:
      throw Fault(
        at: position,
        "\(problem()), as of a failed request; say with --failures keep or --failures drop what "
          + "becomes of such requests"
      )
    }
  }
}
