import ArgumentParser
import Policies
import Reporting
import Workload

struct TraceCutCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "cut",
    abstract: "Keep the sessions of a trace that start in a window of time, whole.",
    discussion: """
      A request of no session is one by itself. Time is counted from the first arrival that is \
      kept. Records keep their numbers in a .replay.zst; a CSV numbers its rows by their lines.
      """
  )

  @Argument(help: "The trace: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Argument(help: "The file to write: a name in .replay.zst, .csv or .csv.zst.")
  var out: String

  @Option(
    parsing: .unconditional,
    help: .init("Where the window starts, such as 60s; at the trace's start unless given.")
  )
  var from: String?

  @Option(
    parsing: .unconditional,
    help: .init("Where it ends, itself not in it; at the trace's end unless given.")
  )
  var to: String?

  @OptionGroup var writing: TraceWriteOptions

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    guard from != nil || to != nil else {
      throw UsageError("cut needs --from, --to or both")
    }
    let start = try from.map { text throws(UsageError) in try Self.instant(text, "--from") } ?? 0
    let end = try to.map { text throws(UsageError) in try Self.instant(text, "--to") } ?? .never
    guard start < end else {
      throw UsageError(
        "--from is '\(from ?? "0s")' and --to is '\(to ?? "")'; expected an earlier one"
      )
    }
    let input = try TraceInput(trace, reading)
    let output = try TraceOutput(out, besides: [input], writing)
    try output.write(CutTrace(input.trace, to: start..<end))
    input.warnOfFailures()
  }

  private static func instant(_ text: String, _ flag: String) throws(UsageError) -> SimTime {
    guard let time = DurationText.nanoseconds(text) else {
      throw UsageError(
        "\(flag) is '\(text)'; expected a time since the first arrival, such as 60s, with units "
          + "ns, us, ms or s"
      )
    }
    return time
  }
}
