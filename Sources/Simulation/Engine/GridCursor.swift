import Workload

/// Walks the publication grids of a view's instances in the order of time, so that a read looks only
/// at those whose grid point has passed since the read before.
struct GridCursor: ~Copyable {
  private let tick: SimTime
  /// Phase of each position, not falling, below `tick`.
  private var phases = Slots<SimTime>()
  /// Start of the current round.
  private var round: SimTime = 0
  private var position = 0

  init(tick: SimTime) { self.tick = tick }

  mutating func append(phase: SimTime) { phases.append(phase) }

  /// The next position with a grid point at or before `now` that has not been visited, and that
  /// point; or nil.
  ///
  /// After a long gap it goes round twice at most: what matters is each instance's latest point.
  @inline(__always)
  mutating func next(at now: SimTime) -> (position: Int, point: SimTime)? {
    // The round that the cursor is in seldom has more.
    guard phases.count > 0, round + phases[position] <= now else { return nil }
    return advance(to: now)
  }

  private mutating func advance(to now: SimTime) -> (position: Int, point: SimTime)? {
    if now - round > 2 * tick {
      round = (now / tick - 1) * tick
      position = 0
    }
    let point = round + phases[position]
    guard point <= now else { return nil }
    defer {
      position += 1
      if position == phases.count {
        position = 0
        round += tick
      }
    }
    return (position, point)
  }
}
