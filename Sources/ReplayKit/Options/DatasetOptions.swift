import ArgumentParser
import Simulation
import Workload

/// Where the tables of runs go.
struct DatasetOptions: ParsableArguments {
  @Option(
    help: .init(
      """
      Also write the dataset: a folder of tables and a manifest, which appears when it is complete. \
      See 'replay columns' and 'replay verify'.
      """,
      valueName: "folder"
    )
  )
  var out: String?

  @Option(
    parsing: .unconditional,
    help: .init(
      "How often the dataset's timeline has a row per pool; every simulated second unless given.",
      valueName: "duration"
    )
  )
  var interval: String?

  @Flag(help: "Replace the datasets that the folder holds, whatever runs they are of.")
  var overwrite = false

  /// Few steps are shorter, and an interval shorter than a step tells nothing.
  private static let shortestInterval: SimTime = 1_000_000

  func apply(to options: inout RunOptions) throws(UsageError) {
    guard let out else {
      for (isGiven, flag) in [(interval != nil, "--interval"), (overwrite, "--overwrite")]
      where isGiven {
        throw UsageError("\(flag) is about the dataset of --out, which is not given")
      }
      return
    }
    guard !out.isEmpty else { throw UsageError("--out is ''; expected the name of a folder") }
    options.sampleInterval = 1_000_000_000
    guard let interval else { return }
    options.sampleInterval = try OptionValue.time(interval, "--interval")
    guard options.sampleInterval >= Self.shortestInterval else {
      throw UsageError("--interval is '\(interval)'; expected at least 1ms")
    }
  }
}
