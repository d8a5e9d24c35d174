public import Workload

/// How the engine moves from boundary to boundary; the results do not depend on it.
public enum EngineMode: String, Sendable, CaseIterable {
  /// Jumps to the next boundary that matters.
  case fast
  /// Visits every boundary.
  case stepping
}

/// When the later turns of a session arrive.
public enum LoopMode: String, Sendable, CaseIterable {
  /// As recorded, whatever the replayed system does.
  case open
  /// When the turns that they depend on have been dispatched or completed, after each edge's delay.
  case closed
}

/// A stretch of simulated time, from its first instant up to, not including, its end.
public struct MeasureWindow: Sendable, Equatable {
  /// In nanoseconds, 0 ≤ `start` < `end`.
  public var start: SimTime
  public var end: SimTime

  public init(start: SimTime, end: SimTime) {
    precondition(start >= 0 && start < end)
    self.start = start
    self.end = end
  }

  public func contains(_ time: SimTime) -> Bool { start <= time && time < end }
}

/// What a run is given besides a trace, a fleet and policies.
public struct RunOptions: Sendable {
  public var mode: EngineMode = .fast
  /// Asks every hook at every boundary, not only at decision points.
  public var consultsEveryBoundary = false
  public var seed: UInt64 = 0
  /// Arrivals come this many times faster; finite and above 0.
  public var rateScale = 1.0
  /// The last instant that is simulated, in nanoseconds.
  public var horizon: SimTime = .never
  /// Only the first so many sessions (requests, where there are none) are offered.
  public var limit: Int64 = .max
  public var loop = LoopMode.open
  /// How old the gauges may be that policies read: instances publish on a grid of this period only.
  /// 0 publishes every change at once. In nanoseconds, at most an hour. A gateway that holds requests
  /// looks again after every grid point of every instance, so periods far below a step cost time.
  public var viewLag: SimTime = 0
  /// The time whose utilization is told apart from the whole run's; results do not depend on it.
  public var window: MeasureWindow?
  /// How often the sink receives samples of the pools, in nanoseconds; 0 for never. Results do not
  /// depend on it. A run that would take more than `mostSamples` ends with an error.
  public var sampleInterval: SimTime = 0
  /// The most samples that a run takes, of all pools together.
  public static let mostSamples: Int64 = 10_000_000
  /// The largest `viewLag`, in nanoseconds: an hour.
  public static let longestViewLag: SimTime = 3_600_000_000_000
  /// The record whose life is written down in `RunResult.life`; results do not depend on it.
  public var explainedRecord: Int64 = -1

  public init() {}
}
