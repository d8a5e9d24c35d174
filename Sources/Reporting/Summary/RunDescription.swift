public import Simulation
public import Workload

/// What a run was, in the words that a table prints.
public struct RunDescription: Sendable, Equatable {
  public var trace: String
  public var fleet: String
  public var policy: String
  /// What the policies know; a bound is not a contender.
  public var clairvoyance: Clairvoyance
  public var options: RunOptionsText

  public init(
    trace: String,
    fleet: String,
    policy: String,
    clairvoyance: Clairvoyance,
    options: RunOptionsText
  ) {
    self.trace = trace
    self.fleet = fleet
    self.policy = policy
    self.clairvoyance = clairvoyance
    self.options = options
  }
}

/// The options of a run that a summary repeats.
public struct RunOptionsText: Sendable, Equatable {
  public var seed: UInt64
  public var rateScale: Double
  /// In nanoseconds; `SimTime.never` for none.
  public var horizon: SimTime
  /// Sessions that are offered at most; `Int64.max` for all.
  public var limit: Int64
  public var engine: EngineMode
  public var consultsEveryBoundary: Bool
  public var loop: LoopMode
  /// How old the gauges may be that policies read, in nanoseconds; 0 for those of this instant.
  public var viewLag: SimTime
  /// Over how long arrivals of one time stamp were spread, in nanoseconds; 0 for not at all.
  public var spreadTies: SimTime

  public init(_ options: RunOptions, spreadTies: SimTime = 0) {
    seed = options.seed
    rateScale = options.rateScale
    horizon = options.horizon
    limit = options.limit
    engine = options.mode
    consultsEveryBoundary = options.consultsEveryBoundary
    loop = options.loop
    viewLag = options.viewLag
    self.spreadTies = spreadTies
  }
}

/// How long a run took on this machine; in no digest.
public struct RunTimings: Sendable, Equatable {
  /// From opening the trace to the finished summary, in seconds.
  public var wallSeconds: Double
  /// Processor time from the first event to the finished summary, less reading the trace.
  public var replaySeconds: Double
  /// Processor time of reading the trace, in seconds.
  public var importSeconds: Double

  public init(wallSeconds: Double, replaySeconds: Double, importSeconds: Double) {
    self.wallSeconds = wallSeconds
    self.replaySeconds = replaySeconds
    self.importSeconds = importSeconds
  }
}
