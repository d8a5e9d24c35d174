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

  @Option(parsing: .unconditional, help: "The zstd level, 1 to 22: higher is smaller and slower.")
  var level: Int32 = 19

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    try TraceOutput.check(level: level)
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
    let output = try TraceOutput(out, besides: [input])
    let cut = CutTrace(input.trace, to: start..<end)
    try output.write(cut, provenance: try provenance(of: input), level: level)
  }

  private func provenance(of input: TraceInput) throws -> TraceProvenance {
    var provenance = try input.provenance()
    // The first arrival that is kept may be another one.
    provenance.epoch = ""
    let window = [from.map { "from \($0)" }, to.map { "up to \($0)" }].compactMap(\.self)
    let note = "cut \(window.joined(separator: " ")) of \(input.trace.name)"
    provenance.note = provenance.note.isEmpty ? note : "\(provenance.note); \(note)"
    return provenance
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
