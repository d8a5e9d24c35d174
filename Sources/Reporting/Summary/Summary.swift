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
  public var offered: Int64
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
  /// Why requests were rejected or failed, with how many.
  public let reasons: [(reason: String, count: Int64)]
  /// All reasons of the run; exported requests name theirs by its position here.
  public let reasonNames: [String]
  public let pools: [PoolSummary]
  /// Of a closed-loop run; nil for others.
  public let sessions: SessionMetrics?
  /// Requests whose turn did not come before the horizon; they are not offered.
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
        offered: sink.offered
      )
    }
    classes = sink.classes
      .filter { !$0.name.isEmpty && $0.metrics.offered > 0 }
      .map { ($0.name, $0.metrics) }
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
  public var goodput: Double? { perMeasuredSecond(overall.good) }

  /// Tokens that came out of the measured requests, per measured second.
  public var tokensPerSecond: Double? { perMeasuredSecond(overall.outputTokens) }

  /// Requests that were offered, measured or not.
  public var offered: Int64 { measured?.offered ?? overall.offered }

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
