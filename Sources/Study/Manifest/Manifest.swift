import Hardware
import Policies
public import Reporting
import Simulation
import Workload

/// What a run was, and what came of it: enough to run it again with nothing but the trace file.
public struct Manifest: Sendable {
  /// The version of the program that wrote it.
  public var kit: String
  /// `Engine.resultsVersion` of that program.
  public var resultsVersion: Int
  /// What the program was called with, for people; nothing is read from it.
  public var arguments: [String]
  public var plan: RunPlan
  public var trace: TraceIdentity
  public var resultDigest: UInt128
  public var summaryDigest: UInt128
  /// The other files of the dataset, in the order of `DatasetSchema.digestedFiles`.
  public var files: [DatasetFile]

  /// The file's name in a dataset's folder.
  public static let fileName = "manifest.json"
  /// The version of the file's form.
  static let version: Int64 = 1

  public init(
    arguments: [String],
    plan: RunPlan,
    trace: TraceIdentity,
    resultDigest: UInt128,
    summaryDigest: UInt128,
    files: [DatasetFile]
  ) {
    kit = KitVersion.current
    resultsVersion = Engine.resultsVersion
    self.arguments = arguments
    self.plan = plan
    self.trace = trace
    self.resultDigest = resultDigest
    self.summaryDigest = summaryDigest
    self.files = files
  }

  /// In which fields a run that is planned departs from this one; none means that it would leave the
  /// same dataset, so that it need not be run again.
  ///
  /// - Parameters:
  ///   - plan: What would be run.
  ///   - trace: The content of its trace.
  /// - Returns: The paths of the fields, in the order of the file.
  public func departures(of plan: RunPlan, on trace: TraceIdentity) -> [String] {
    let other = Manifest(
      arguments: arguments,
      plan: plan,
      trace: trace,
      resultDigest: resultDigest,
      summaryDigest: summaryDigest,
      files: files
    )
    return ManifestSeal.differences(of: content, from: other.content)
      .filter { !Self.places.contains($0) }
  }

  /// Fields that say where inputs were found, not what they were.
  private static let places = ["trace.path", "fleet.file"]
}
