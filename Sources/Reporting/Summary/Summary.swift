public import Hardware
public import Simulation
public import Workload

/// The part of a run that its metrics and shares are of.
public struct MeasuredPart: Sendable, Equatable {
  public var window: MeasureWindow
  /// The window as far as the run reached, in nanoseconds.
  public var length: SimTime
  /// Requests whose session starts in the window.
  public var requests: Int64
  /// Requests that were offered, in the window or not.
  public var offeredInAll: Int64
  /// Tokens that came in the window, of any request.
  public var tokens: Int64
}

/// Everything that a run prints, as one value.
public struct Summary: Sendable {
  public let description: RunDescription
  /// The SLOs of requests that bring none of their own; `summaryDigest` depends on them.
  public let objectives: ServiceObjectives
  /// What part of the run all metrics and shares are of; nil where it is the whole.
  public let measured: MeasuredPart?
  public let overall: RequestMetrics
  /// One per class of the trace that some request has; empty where the trace names no classes.
  public let classes: [(name: String, metrics: RequestMetrics)]
  /// All classes that the trace names, as far as it was read.
  public let namedClasses: [String]
  /// Why requests were rejected or failed, with how many.
  public let reasons: [(reason: String, count: Int64)]
  /// All reasons of the run; exported requests name theirs by its position here.
  public let reasonNames: [String]
  public let pools: [PoolSummary]
  /// Of a closed-loop run; nil for others.
  public let sessions: SessionMetrics?
  /// Whether the loop was closed and had nothing to close: no request is in a session.
  public let lacksSessions: Bool
  /// Requests of started sessions whose turn did not come; they are not offered.
  public let notDue: Int64
  /// Tokens that speculation yields per verified step; 1 is none.
  public let acceptedTokensPerStep: Double
  /// Of the whole run.
  public let stability: Stability
  /// From the first arrival to the last simulated instant, in nanoseconds.
  public let span: SimTime
  /// Of the whole run.
  public let engineSteps: Int64
  public let boundariesVisited: Int64
  public let resultDigest: UInt128
  public let summaryDigest: UInt128
  public var timings: RunTimings
  /// The life of the request that was asked about; nil where none was, or it was not offered.
  public var life: RequestLife?

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
    measured = sink.window.map { window in
      MeasuredPart(
        window: window,
        length: result.windowLength,
        requests: sink.classes.reduce(0) { $0 + $1.metrics.offered },
        offeredInAll: sink.offered,
        tokens: sink.tokensInside ?? 0
      )
    }
    classes = sink.classes
      .filter { !$0.name.isEmpty && $0.metrics.offered > 0 }
      .map { ($0.name, $0.metrics) }
    namedClasses = sink.namedClasses
    reasons = result.reasons.indices.dropFirst()
      .filter { $0 < sink.reasonCounts.count && sink.reasonCounts[$0] > 0 }
      .map { (result.reasons[$0], sink.reasonCounts[$0]) }
    reasonNames = result.reasons
    pools = PoolSummary.all(
      fleet: fleet,
      result: result,
      measuresWindow: sink.window != nil,
      estimates: estimatedUtilization
    )
    sessions = sink.sessions
    lacksSessions = sink.sessions != nil && sink.offered > 0 && !sink.hasSessions
    notDue = result.notDue
    acceptedTokensPerStep = fleet.acceptedTokensPerStep
    stability = Stability(load: result.load, fleet: fleet)
    span = result.end
    engineSteps = result.instances.reduce(0) { $0 + $1.steps }
    boundariesVisited = result.instances.reduce(0) { $0 + $1.boundaries }
    resultDigest = result.resultDigest
    summaryDigest = sink.digest
    self.timings = timings
  }

  public var spanSeconds: Double { Double(span) * 1e-9 }

  /// Simulated seconds that are measured.
  private var measuredSeconds: Double { measured.map { Double($0.length) * 1e-9 } ?? spanSeconds }

  /// Completed requests that met all their SLOs, per measured second.
  ///
  /// A window's are those whose session starts in it, whenever they complete: of the requests that
  /// came in a second of the window, how many were served well. So adjoining windows share none.
  public var goodput: Double? { perMeasuredSecond(overall.good) }

  /// Tokens that came, per measured second.
  ///
  /// A window's are those that came in it, of any request, measured or not: what the fleet put out
  /// in a second of the window. So the tokens of adjoining windows sum to those of the run.
  public var tokensPerSecond: Double? {
    perMeasuredSecond(measured?.tokens ?? overall.outputTokens)
  }

  /// Requests that were offered, measured or not.
  public var offered: Int64 { measured?.offeredInAll ?? overall.offered }

  /// What the fleet cost over the measured time.
  public var cost: RunningCost {
    RunningCost(pools, outputTokens: measured?.tokens ?? overall.outputTokens)
  }

  /// What the caches of all pools did.
  public var cache: CacheTotals { pools.reduce(into: CacheTotals()) { $0.merge($1.cache) } }

  /// What tables say of sessions; nil where there were none.
  var startedSessions: SessionMetrics? { sessions.flatMap { $0.started > 0 ? $0 : nil } }

  /// Offered requests per second of processor time.
  public var requestsPerSecond: Double? {
    timings.replaySeconds > 0 ? Double(offered) / timings.replaySeconds : nil
  }

  /// Simulated instance steps per second of processor time.
  public var stepsPerSecond: Double? {
    timings.replaySeconds > 0 ? Double(engineSteps) / timings.replaySeconds : nil
  }

  private func perMeasuredSecond(_ count: Int64) -> Double? {
    measuredSeconds > 0 ? Double(count) / measuredSeconds : nil
  }
}
