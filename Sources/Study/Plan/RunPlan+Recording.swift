public import Policies
public import Reporting
import Simulation
import Workload

extension RunPlan {
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
    let run = try run(of: trace.digested(into: digest), in: registry)
    let reader = TimedReader(try run.trace.makeReader())
    let dataset = try DatasetWriter(
      in: folder,
      fleet: run.fleet,
      window: options.window,
      objectives: objectives,
      countsSessions: options.loop == .closed
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
    try dataset.finish(summary: summary, result: simulated.result) { files in
      Manifest(
        arguments: arguments,
        plan: self,
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
