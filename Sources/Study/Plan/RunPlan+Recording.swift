public import Policies
public import Reporting
import Simulation
import Workload

extension RunPlan {
  /// Runs the plan.
  ///
  /// - Parameters:
  ///   - registry: The policies that can be named.
  ///   - clock: What `replaySeconds` is measured with.
  ///   - progress: Is told of requests as they leave the engine.
  /// - Returns: The summary.
  /// - Throws: `TraceError` from the trace's reader, `FleetError` and `PolicyError` for what cannot
  ///   be built.
  public func summary(
    in registry: PolicyRegistry,
    clock: CPUClock = .process,
    progress: RunProgress? = nil
  ) throws -> Summary {
    let wall = CPUClock.wall.now
    let run = try run(in: registry)
    let reader = TimedReader(try run.trace.makeReader())
    let summary = try run.simulate(reader, clock: clock, since: wall, progress: progress).summary
    if trace.reading.failures != nil {
      // Failed requests are counted in the whole trace, of which the run may have needed a part;
      // where the rest cannot be read, they are not.
      while (try? reader.next()) != nil {}
    }
    return summary
  }

  /// Runs the plan and writes its dataset.
  ///
  /// - Parameters:
  ///   - folder: Where the dataset is written; the caller completes it.
  ///   - arguments: What the program was called with, for the manifest.
  ///   - registry: The policies that can be named.
  ///   - clock: What `replaySeconds` is measured with.
  ///   - progress: Is told of requests as they leave the engine.
  /// - Returns: The same summary as without a dataset.
  /// - Throws: `TraceError` from the trace's reader, `FleetError` and `PolicyError` for what cannot
  ///   be built, `DatasetError` where the dataset cannot be written.
  public func record(
    into folder: DatasetFolder,
    arguments: [String],
    registry: PolicyRegistry,
    clock: CPUClock = .process,
    progress: RunProgress? = nil
  ) throws -> Summary {
    let wall = CPUClock.wall.now
    let digest = TraceDigest()
    let found = try run(of: trace.digested(into: digest), in: registry)
    let reader = TimedReader(try found.trace.makeReader())
    let run = try found.withLoop(of: reader)
    let dataset = try DatasetWriter(
      in: folder,
      fleet: run.fleet,
      window: options.window,
      objectives: objectives,
      countsSessions: run.options.loop == .closed
    ) { reader.names.classes }
    let simulated = try run.simulate(
      reader,
      clock: clock,
      since: wall,
      dataset: dataset,
      progress: progress
    )
    // The digest is of the whole trace, of which the run may have needed a part.
    while try reader.next() != nil {}
    let summary = simulated.summary
    var plan = self
    plan.options = run.options
    plan.findsLoop = false
    try dataset.finish(summary: summary, result: simulated.result) { files in
      Manifest(
        arguments: arguments,
        plan: plan,
        trace: digest.found,
        resultDigest: summary.resultDigest,
        summaryDigest: summary.summaryDigest,
        files: files
      )
      .json
    }
    return summary
  }
}
