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

  /// The next position with a grid point at or before `now` that has not been visited, or nil.
  ///
  /// After a long gap it goes round twice at most: what matters is each instance's latest point.
  mutating func next(at now: SimTime) -> Int? {
    if now - round > 2 * tick {
      round = (now / tick - 1) * tick
      position = 0
    }
    guard phases.count > 0, round + phases[position] <= now else { return nil }
    defer {
      position += 1
      if position == phases.count {
        position = 0
        round += tick
      }
    }
    return position
  }
}
