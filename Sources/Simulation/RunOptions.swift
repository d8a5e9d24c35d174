public import Workload

/// How the engine moves from boundary to boundary; the results do not depend on it.
public enum EngineMode: String, Sendable, CaseIterable {
  /// Jumps to the next boundary that matters.
  case fast
  /// Visits every boundary.
  case stepping
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

  public init() {}
}
