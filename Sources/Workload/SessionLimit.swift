/// Which rows belong to the first sessions of a trace; a row of no session is one by itself.
///
/// Rows have to be asked about in the trace's order. What a run offers and what is estimated of it
/// beforehand are limited alike.
public struct SessionLimit: Sendable {
  /// Whether all rows are admitted.
  public let isUnlimited: Bool
  private var left: Int64
  private var admitted: Set<Int32> = []

  /// - Parameter sessions: How many sessions are admitted; `Int64.max` admits all rows.
  /// - Precondition: `sessions` is at least 0.
  public init(_ sessions: Int64) {
    precondition(sessions >= 0)
    left = sessions
    isUnlimited = sessions == .max
  }

  /// Whether no later row can be admitted, so that the trace need not be read on.
  public var isClosed: Bool { left == 0 && admitted.isEmpty }

  /// Whether a row is admitted; its session, if new, then counts.
  @inlinable
  public mutating func admits(row: Int, of group: borrowing RowGroup) -> Bool {
    isUnlimited || admits(session: group.session.isEmpty ? -1 : group.session[row])
  }

  @usableFromInline
  mutating func admits(session: Int32) -> Bool {
    if session >= 0, admitted.contains(session) { return true }
    guard left > 0 else { return false }
    left -= 1
    if session >= 0 { admitted.insert(session) }
    return true
  }
}
