public import Hardware
public import Reporting
public import Simulation
public import Workload

/// One cell of a study: a trace on a fleet under a set of policies.
public struct Run: Sendable {
  public var trace: any Trace
  public var fleet: Fleet
  public var policies: PolicySet
  /// What tables call the policies.
  public var policyName: String
  public var objectives: ServiceObjectives
  public var options: RunOptions
  /// Printed beside the measured utilization, where a load was asked for.
  public var estimatedUtilization: [Double]?

  public init(
    trace: any Trace,
    fleet: Fleet,
    policies: PolicySet,
    policyName: String,
    objectives: ServiceObjectives = ServiceObjectives(),
    options: RunOptions = RunOptions(),
    estimatedUtilization: [Double]? = nil
  ) {
    self.trace = trace
    self.fleet = fleet
    self.policies = policies
    self.policyName = policyName
    self.objectives = objectives
    self.options = options
    self.estimatedUtilization = estimatedUtilization
  }

  /// Simulates the cell.
  ///
  /// - Parameter clock: What `replaySeconds` is measured with.
  /// - Returns: The summary; all of it but `timings` is the same on every machine.
  /// - Throws: What the trace's reader throws.
  public func summary(clock: CPUClock = .process) throws(TraceError) -> Summary {
    let wallStart = CPUClock.wall.now
    let reader = TimedReader(try trace.makeReader())
    var sink = SummarySink(objectives: objectives) { reader.names.classes }
    let start = clock.now
    let result = try Engine.run(
      reader,
      fleet: fleet,
      policies: policies,
      options: options,
      sink: &sink
    )
    var summary = Summary(
      description: RunDescription(
        trace: trace.name,
        fleet: fleet.name,
        policy: policyName,
        clairvoyance: policies.clairvoyance,
        options: RunOptionsText(options)
      ),
      fleet: fleet,
      result: result,
      sink: sink,
      estimatedUtilization: estimatedUtilization
    )
    summary.timings = RunTimings(
      wallSeconds: CPUClock.wall.seconds(since: wallStart),
      replaySeconds: max(clock.seconds(since: start) - reader.seconds, 0),
      importSeconds: reader.seconds
    )
    return summary
  }
}
