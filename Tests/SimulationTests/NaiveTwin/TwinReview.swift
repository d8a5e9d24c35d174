import Simulation
import Workload

/// A review that a hook asked for and that has not fired.
enum TwinReview {
  case none
  case at(SimTime)
  case steps(Int)

  init(_ review: Review) {
    switch review {
    case .never: self = .none
    case .at(let time): self = .at(time)
    case .afterSteps(let count): self = .steps(count)
    }
  }

  var instant: SimTime {
    if case .at(let time) = self { time } else { .never }
  }

  /// Counts a boundary; returns whether the review fires there, which ends it.
  mutating func countBoundary(at now: SimTime) -> Bool {
    if case .steps(let count) = self, count > 1 {
      self = .steps(count - 1)
      return false
    }
    if case .steps = self {
      self = .none
      return true
    }
    return fire(at: now)
  }

  /// Returns whether the instant that was asked for has come, which ends the review.
  mutating func fire(at now: SimTime) -> Bool {
    guard instant <= now else { return false }
    self = .none
    return true
  }
}
