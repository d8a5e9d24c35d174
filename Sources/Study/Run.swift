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
  /// Over how long the trace spreads arrivals of one time stamp, in nanoseconds, for the summary.
  public var spreadTies: SimTime
  /// Whether the trace's first rows set `options.loop`, to the loop that it was made for.
  public var findsLoop: Bool

  public init(
    trace: any Trace,
    fleet: Fleet,
    policies: PolicySet,
    policyName: String,
    objectives: ServiceObjectives = ServiceObjectives(),
    options: RunOptions = RunOptions(),
    estimatedUtilization: [Double]? = nil,
    spreadTies: SimTime = 0,
    findsLoop: Bool = false
  ) {
    self.trace = trace
    self.fleet = fleet
    self.policies = policies
    self.policyName = policyName
    self.objectives = objectives
    self.options = options
    self.estimatedUtilization = estimatedUtilization
    self.spreadTies = spreadTies
    self.findsLoop = findsLoop
  }

  /// Simulates the cell.
  ///
  /// - Parameter clock: What `replaySeconds` is measured with.
  /// - Returns: The summary; all of it but `timings` is the same on every machine.
  /// - Throws: What the trace's reader throws.
  public func summary(clock: CPUClock = .process) throws(TraceError) -> Summary {
    let wall = CPUClock.wall.now
    return try simulate(TimedReader(try trace.makeReader()), clock: clock, since: wall).summary
  }

  /// What a run leaves behind besides what went to a dataset.
  struct Simulated {
    var summary: Summary
    var result: RunResult
  }

  /// Simulates the cell.
  ///
  /// - Parameters:
  ///   - reader: The trace, at its first row.
  ///   - clock: What `replaySeconds` is measured with.
  ///   - wallStart: When the run began, on the clock `wall`.
  ///   - dataset: Is given all records.
  ///   - progress: Is told of requests as they leave the engine.
  /// - Returns: What the run leaves behind.
  /// - Throws: What the trace's reader throws.
  func simulate(
    _ reader: TimedReader,
    clock: CPUClock,
    since wallStart: Int64,
    dataset: DatasetWriter? = nil,
    progress: RunProgress? = nil
  ) throws(TraceError) -> Simulated {
    guard !findsLoop else {
      return try withLoop(of: reader)
        .simulate(reader, clock: clock, since: wallStart, dataset: dataset, progress: progress)
    }
    var sink = RunSink(
      summary: SummarySink(
        objectives: objectives,
        window: options.window,
        countsSessions: options.loop == .closed
      ) { reader.names.classes },
      dataset: dataset,
      explained: options.explainedRecord >= 0 ? RecordFinder(options.explainedRecord) : nil,
      progress: progress
    )
    let start = clock.now
    let result = try replay(reader, into: &sink)
    var summary = Summary(
      description: description,
      fleet: fleet,
      result: result,
      sink: sink.summary,
      estimatedUtilization: estimatedUtilization
    )
    summary.life = sink.explained?.record.map { life(of: $0, result, reader.names) }
    summary.timings = RunTimings(
      wallSeconds: CPUClock.wall.seconds(since: wallStart),
      replaySeconds: max(clock.seconds(since: start) - reader.seconds, 0),
      importSeconds: reader.seconds
    )
    return Simulated(summary: summary, result: result)
  }

  /// The same run with the loop that the rows ahead of a reader were made for, if it is to be found.
  func withLoop(of reader: TimedReader) throws(TraceError) -> Run {
    guard findsLoop else { return self }
    var run = self
    run.options.loop = try reader.recordedLoop()
    run.findsLoop = false
    return run
  }

  /// Streams the trace, unless turns wait for each other, or sessions are to start at another rate,
  /// which takes all of it in memory.
  private func replay(_ reader: TimedReader, into sink: inout RunSink) throws(TraceError)
    -> RunResult
  {
    let scales = options.rateScale != 1
    let needsMemory = options.loop == .closed ? true : scales ? try reader.hasSessions() : false
    if needsMemory {
      return try Engine.run(
        reader.rest(named: trace.name),
        fleet: fleet,
        policies: policies,
        options: options,
        sink: &sink
      )
    }
    return try Engine.run(
      reader,
      fleet: fleet,
      policies: policies,
      options: options,
      sink: &sink
    )
  }

  private var description: RunDescription {
    RunDescription(
      trace: trace.name,
      fleet: fleet.name,
      policy: policyName,
      clairvoyance: policies.clairvoyance,
      options: RunOptionsText(options, spreadTies: spreadTies)
    )
  }

  private func life(
    of record: RequestRecord,
    _ result: RunResult,
    _ names: TraceNames
  ) -> RequestLife {
    let index = Int(record.requestClass)
    return RequestLife(
      record: record,
      className: index < names.classes.count ? names.classes[index] : "",
      result: result,
      objectives: objectives,
      fleet: fleet
    )
  }
}
