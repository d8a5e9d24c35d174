public import Hardware
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

  public init(_ options: RunOptions) {
    seed = options.seed
    rateScale = options.rateScale
    horizon = options.horizon
    limit = options.limit
    engine = options.mode
    consultsEveryBoundary = options.consultsEveryBoundary
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

/// Everything that a run prints, as one value.
public struct Summary: Sendable {
  public let description: RunDescription
  /// The SLOs of requests that bring none of their own; `summaryDigest` depends on them.
  public let objectives: ServiceObjectives
  public let overall: RequestMetrics
  /// One per class of the trace that some request has; empty where the trace names no classes.
  public let classes: [(name: String, metrics: RequestMetrics)]
  /// Why requests were rejected or failed, with how many.
  public let reasons: [(reason: String, count: Int64)]
  public let pools: [PoolSummary]
  public let stability: Stability
  /// From the first arrival to the last simulated instant, in nanoseconds.
  public let span: SimTime
  public let engineSteps: Int64
  public let boundariesVisited: Int64
  public let resultDigest: UInt128
  public let summaryDigest: UInt128
  public var timings: RunTimings

  public init(
    description: RunDescription,
    fleet: Fleet,
    result: RunResult,
    sink: SummarySink,
    estimatedUtilization: [Double]? = nil,
    timings: RunTimings = RunTimings(wallSeconds: 0, replaySeconds: 0, importSeconds: 0)
  ) {
    self.description = description
    objectives = sink.objectives
    overall = sink.overall
    classes = sink.classes
      .filter { !$0.name.isEmpty && $0.metrics.offered > 0 }
      .map { ($0.name, $0.metrics) }
    reasons = result.reasons.indices.dropFirst()
      .filter { $0 < sink.reasonCounts.count && sink.reasonCounts[$0] > 0 }
      .map { (result.reasons[$0], sink.reasonCounts[$0]) }
    pools = PoolSummary.all(fleet: fleet, result: result, estimates: estimatedUtilization)
    stability = Stability(load: result.load, fleet: fleet)
    span = result.end
    engineSteps = result.instances.reduce(0) { $0 + $1.steps }
    boundariesVisited = result.instances.reduce(0) { $0 + $1.boundaries }
    resultDigest = result.resultDigest
    summaryDigest = sink.digest
    self.timings = timings
  }

  public var spanSeconds: Double { Double(span) * 1e-9 }

  /// Completed requests that met all their SLOs, per simulated second.
  public var goodput: Double? { perSimulatedSecond(overall.good) }

  /// Tokens that came out, per simulated second.
  public var tokensPerSecond: Double? { perSimulatedSecond(overall.outputTokens) }

  /// Offered requests per second of processor time.
  public var requestsPerSecond: Double? {
    timings.replaySeconds > 0 ? Double(overall.offered) / timings.replaySeconds : nil
  }

  /// Simulated instance steps per second of processor time.
  public var stepsPerSecond: Double? {
    timings.replaySeconds > 0 ? Double(engineSteps) / timings.replaySeconds : nil
  }

  private func perSimulatedSecond(_ count: Int64) -> Double? {
    span > 0 ? Double(count) / spanSeconds : nil
  }
}
