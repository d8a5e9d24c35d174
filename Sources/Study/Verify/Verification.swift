public import Policies
import Reporting
import Simulation
import Workload

/// Runs the run of a dataset again and compares.
public struct Verification: Sendable {
  public enum Verdict: Sendable, Equatable {
    case reproduced
    /// What came out differently, one sentence each.
    case differs([String])
  }

  /// The dataset's folder.
  public var folder: String
  /// Where the trace is found now; nil where the manifest says.
  public var tracePath: String?

  public init(folder: String, tracePath: String? = nil) {
    self.folder = folder
    self.tracePath = tracePath
  }

  /// Checks the manifest and the files, simulates, and compares the trace, the digests and the
  /// summary.
  ///
  /// - Parameter registry: The policies that the manifest may name.
  /// - Returns: Whether this program gives the same results.
  /// - Throws: `DatasetFault` for a manifest, file or trace that is missing or was changed,
  ///   `TraceError` for a trace that cannot be read, `PolicyError` for a policy that this program
  ///   does not have.
  public func verdict(in registry: PolicyRegistry = .standard) throws -> Verdict {
    let manifest = try Manifest(inFolder: folder)
    let files = WrittenFiles(folder: folder)
    try files.check(against: manifest.files)
    guard manifest.resultsVersion == Engine.resultsVersion else {
      return .differs([
        "results are of version \(manifest.resultsVersion), written by replay \(manifest.kit); "
          + "those of this program, replay \(KitVersion.current), of version "
          + "\(Engine.resultsVersion)"
      ])
    }
    let summary = try summary(of: manifest, in: registry)
    let differences = differences(of: summary, from: manifest)
    guard differences.isEmpty else { return .differs(differences) }
    let line = Self.firstDifference(try files.summary(), MetricRow.csv(of: summary.metricRows))
    return line.map { .differs(["\(DatasetSchema.summaryFile) differs from line \($0) on"]) }
      ?? .reproduced
  }

  /// Runs the run again.
  private func summary(of manifest: Manifest, in registry: PolicyRegistry) throws -> Summary {
    var source = manifest.plan.trace
    if let tracePath { source.path = tracePath }
    if tracePath == nil, PathKind(of: source.path) == .stream {
      throw DatasetFault(.missing, file: source.path, problem: "was a pipe" + traceHint)
    }
    let digest = TraceDigest()
    // Another file's name would be another row of the summary.
    let trace = source.digested(into: digest, named: manifest.plan.trace.name)
    let run = try manifest.plan.run(of: trace, in: registry)
    let simulated: Run.Simulated
    do throws(TraceError) {
      let reader = TimedReader(try run.trace.makeReader())
      simulated = try run.simulate(reader, clock: .process, since: CPUClock.wall.now)
      while try reader.next() != nil {}
    } catch {
      var error = error
      error.problem += traceHint
      throw error
    }
    try check(digest.found, isThatOf: manifest, path: source.path)
    return simulated.summary
  }

  /// What to do where the trace is elsewhere by now.
  private var traceHint: String {
    tracePath == nil ? " (the manifest's path; name it with --trace)" : ""
  }

  private func check(
    _ found: TraceIdentity,
    isThatOf manifest: Manifest,
    path: String
  ) throws(DatasetFault) {
    guard found != manifest.trace else { return }
    throw DatasetFault(
      .damaged,
      file: path,
      problem:
        "is another trace: it has \(found.rows) requests and digest \(found.digest.hex); the "
        + "manifest has \(manifest.trace.rows) and \(manifest.trace.digest.hex)" + traceHint
    )
  }

  private func differences(of summary: Summary, from manifest: Manifest) -> [String] {
    let digests = [
      ("result digest", manifest.resultDigest, summary.resultDigest),
      ("summary digest", manifest.summaryDigest, summary.summaryDigest),
    ]
    return digests.filter { $0.1 != $0.2 }.map { name, expected, found in
      "\(name) is \(found.hex); the manifest has \(expected.hex)"
    }
  }

  /// The 1-based line at which two texts part; nil where they do not.
  static func firstDifference(_ one: [UInt8], _ other: [UInt8]) -> Int? {
    guard one != other else { return nil }
    let common = zip(one, other).prefix { $0 == $1 }
    return 1 + common.count { $0.0 == UInt8(ascii: "\n") }
  }
}
