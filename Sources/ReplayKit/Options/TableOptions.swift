import ArgumentParser
import Workload

/// Tables that a run writes.
struct TableOptions: ParsableArguments {
  @Option(
    help: .init(
      """
      Also write one row per offered request, in the order in which they leave the engine. See \
      'replay columns'.
      """,
      valueName: "file.csv[.zst]"
    )
  )
  var requests: String?

  /// Opens the table, which must be neither a file that is about to be read nor the report.
  func openRequests(besides inputs: [InputFile], report: OutputTarget?) throws -> TextFileWriter? {
    guard let requests else { return nil }
    let isCompressed = requests.hasSuffix(".csv.zst")
    guard isCompressed || requests.hasSuffix(".csv") else {
      throw UsageError("--requests is '\(requests)', which ends in neither .csv nor .csv.zst")
    }
    let target = try OutputTarget(requests, flag: "--requests")
    try target.check(against: inputs)
    try target.check(against: report)
    // The engine waits while rows are written, so the fastest level.
    return try target.create(isCompressed ? .zstd(level: 1) : .none)
  }
}
