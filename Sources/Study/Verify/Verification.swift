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

  /// Checks the manifest, the trace and the tables, and simulates.
  ///
  /// - Parameter registry: The policies that the manifest may name.
  /// - Returns: Whether this program gives the same results.
  /// - Throws: `DatasetFault` for a manifest or table that is missing, was changed or does not fit
  ///   what the run leaves, `TraceError` for the trace, `PolicyError` for a policy that this program
  ///   does not have.
  public func verdict(in registry: PolicyRegistry = .standard) throws -> Verdict {
    let manifest = try Manifest(inFolder: folder)
    guard manifest.resultsVersion == Engine.resultsVersion else {
      return .differs([
        "results are of version \(manifest.resultsVersion), written by replay \(manifest.kit); "
          + "those of this program, replay \(KitVersion.current), of version "
          + "\(Engine.resultsVersion)"
      ])
    }
    let plan = manifest.plan
    var source = plan.trace
    if let tracePath { source.path = tracePath }
    let digest = TraceDigest()
    // Another file's name would be another row of the summary.
    let trace = source.digested(into: digest, named: plan.trace.name)
    let run = try plan.run(of: trace, in: registry)
    let reader = TimedReader(try run.trace.makeReader())
    let simulated = try run.simulate(reader, clock: .process, since: CPUClock.wall.now)
    while try reader.next() != nil {}
    try check(digest.found, isThatOf: manifest, path: source.path)
    let differences = differences(of: simulated.summary, from: manifest)
    guard differences.isEmpty else { return .differs(differences) }
    try WrittenTables(folder: folder).check(
      summary: simulated.summary,
      counts: simulated.counts,
      fleet: run.fleet
    )
    return .reproduced
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
        + "manifest has \(manifest.trace.rows) and \(manifest.trace.digest.hex)"
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
}
