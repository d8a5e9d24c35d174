public import Policies
public import Reporting
import Workload

/// Several runs side by side; those that a folder already holds are taken from there.
public struct Comparison: Sendable {
  public var plans: [RunPlan]
  public var registry: PolicyRegistry
  /// How many runs are simulated at the same time; no result depends on it.
  public var threads: Int
  /// Where every run leaves its dataset; nil keeps none.
  public var output: Output?

  /// Where datasets go.
  public struct Output: Sendable {
    public var folder: StudyFolder
    /// What the program was called with, for the manifests.
    public var arguments: [String]
    /// Whether every run is made anew, in the place of what is there.
    public var overwrites: Bool
    /// Calls its argument with the folder of one dataset, and completes that.
    public var withFolder: WithFolder

    public typealias WithFolder =
      @Sendable (
        _ path: String, _ body: (DatasetFolder) throws -> Summary
      ) throws -> Summary

    public init(
      folder: StudyFolder,
      arguments: [String],
      overwrites: Bool = false,
      withFolder: @escaping WithFolder
    ) {
      self.folder = folder
      self.arguments = arguments
      self.overwrites = overwrites
      self.withFolder = withFolder
    }
  }

  /// What came of one run.
  public struct Cell: Sendable {
    public var plan: RunPlan
    /// The rows of its `summary.csv`.
    public var rows: [MetricRow]
    /// Nil for a run that a folder already held.
    public var summary: Summary?
  }

  /// - Precondition: `threads` is at least 1, and no plan has yet to find its loop.
  public init(
    _ plans: [RunPlan],
    registry: PolicyRegistry = .standard,
    threads: Int,
    output: Output? = nil
  ) {
    precondition(threads >= 1 && !plans.contains(where: \.findsLoop))
    self.plans = plans
    self.registry = registry
    self.threads = threads
    self.output = output
  }

  /// Simulates what is not there yet.
  ///
  /// - Parameter progress: Is told of runs and requests.
  /// - Returns: What came of the runs, in the order of `plans`.
  /// - Throws: Before anything is simulated, `StudyError.otherRun`, `DatasetFault` and `DatasetError`
  ///   for a folder that holds something else or cannot be used; else the error of the first run, in
  ///   that order, that failed.
  public func cells(progress: RunProgress? = nil) throws -> [Cell] {
    let kept = try keptRows()
    return try Parallel.map(plans.count, threads: threads) { index in
      let plan = plans[index]
      progress?.start(index, plan.label)
      defer { progress?.finish(index) }
      if let rows = kept[index] { return Cell(plan: plan, rows: rows, summary: nil) }
      let summary = try summary(of: plan, progress)
      return Cell(plan: plan, rows: summary.metricRows, summary: summary)
    }
  }

  private func summary(of plan: RunPlan, _ progress: RunProgress?) throws -> Summary {
    guard let output else {
      return try plan.summary(in: registry, clock: .thread, progress: progress)
    }
    return try output.withFolder(output.folder.path(of: plan)) { folder in
      try plan.record(
        into: folder,
        arguments: output.arguments,
        registry: registry,
        clock: .thread,
        progress: progress
      )
    }
  }

  /// The rows of runs whose datasets are complete, and nil for the others.
  private func keptRows() throws -> [[MetricRow]?] {
    guard let output else { return plans.map { _ in nil } }
    // Traces are digested once, and only where there is something to compare with.
    var digests: [(trace: TraceSource, identity: TraceIdentity)] = []
    return try plans.map { plan in
      let path = output.folder.path(of: plan)
      guard !output.overwrites, let manifest = try Self.manifest(in: path) else {
        try DatasetFolder.check(path: path, overwrite: output.overwrites)
        return nil
      }
      let known = digests.first { $0.trace == plan.trace }?.identity
      let identity = try known ?? TraceIdentity(of: plan.trace)
      if known == nil { digests.append((plan.trace, identity)) }
      let departures = manifest.departures(of: plan, on: identity)
      guard departures.isEmpty else {
        throw StudyError.otherRun(folder: path, departures: departures)
      }
      return try Self.undamaged {
        let files = WrittenFiles(folder: path)
        try files.check(against: manifest.files)
        return try files.summaryRows()
      }
    }
  }

  /// Nil where there is none.
  private static func manifest(in folder: String) throws -> Manifest? {
    try undamaged {
      do throws(DatasetFault) {
        return try Manifest(inFolder: folder)
      } catch {
        if error.kind == .missing { return nil }
        throw error
      }
    }
  }

  /// What `body` returns of a dataset; where that is damaged, the error says how to go on.
  private static func undamaged<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch var fault as DatasetFault {
      fault.problem += "; --overwrite makes the runs anew"
      throw fault
    }
  }
}
