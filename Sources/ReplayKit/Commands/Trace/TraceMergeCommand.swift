import ArgumentParser
import Policies
import Reporting
import Workload

struct TraceMergeCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Interleave traces by time, each from its own start.",
    discussion: """
      Records, sessions and prefix nodes are numbered anew, so that none of one trace is taken for \
      another's; names are merged by their text. Traces with prefixes need blocks of one size.
      """
  )

  @Argument(
    help: "The traces, at least two, and last the file to write: .replay.zst, .csv or .csv.zst.",
    completion: .file()
  )
  var files: [String]

  @Option(
    parsing: .unconditional,
    help: .init(
      "When each trace starts, in their order, such as 0s,10s; all at once unless given.",
      valueName: "durations"
    )
  )
  var offsets: String?

  @OptionGroup var writing: TraceWriteOptions

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    guard files.count >= 3, let out = files.last else {
      throw UsageError("merge needs at least two traces and a file to write")
    }
    let offsets = try offsets.map(Self.times) ?? []
    let traces = files.dropLast()
    guard offsets.isEmpty || offsets.count == traces.count else {
      throw UsageError("--offsets has \(offsets.count) durations for \(traces.count) traces")
    }
    let inputs = try traces.map { try TraceInput($0, reading) }
    let output = try TraceOutput(out, besides: inputs, writing)
    try output.write(MergedTrace(inputs.map(\.trace), offsets: offsets, name: out))
    for input in inputs { input.warnOfFailures() }
  }

  private static func times(_ list: String) throws -> [SimTime] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let time = DurationText.nanoseconds(text) else {
        throw UsageError(
          "--offsets holds '\(text)'; expected durations of at least 0, such as 0s,10s, with units "
            + "ns, us, ms or s"
        )
      }
      return time
    }
  }
}
