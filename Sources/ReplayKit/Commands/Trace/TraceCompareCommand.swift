import ArgumentParser
import Policies
import Reporting
import Workload

struct TraceCompareCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Say how far two traces are from each other: lengths, sessions, gaps, sharing.",
    discussion: """
      Prints quantiles of both and the two-sample Kolmogorov-Smirnov distance, the largest \
      difference between the shares of values up to a point: 0 for equal distributions, 1 for those \
      that do not overlap. Memory is for the distinct values.
      """
  )

  @Argument(help: "The first trace: plain, gzip or zstd.", completion: .file())
  var first: String

  @Argument(help: "The second.", completion: .file())
  var second: String

  @Option(help: .init("Draw the distribution functions into this file.", valueName: "file"))
  var svg: String?

  @Option(
    help: .init("Write the figures as CSV into this file, or - for stdout.", valueName: "file")
  )
  var csv: String?

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    guard !(json && csv == "-") else {
      throw UsageError("--json and --csv - both print to stdout; give --csv a file")
    }
    let inputs = [
      InputFile(what: "first trace", path: first), InputFile(what: "second trace", path: second),
    ]
    let pictures = try svg.map { try OutputTarget($0, flag: "--svg") }
    let table = try csv.flatMap { try $0 == "-" ? nil : OutputTarget($0, flag: "--csv") }
    try pictures?.check(against: inputs)
    try table?.check(against: inputs)
    try table?.check(against: pictures)
    let traces = try [first, second].map { try TraceInput($0, reading) }
    var samples = try traces.map { try TraceSamples(reading: $0.trace) }
    for trace in traces { trace.warnOfFailures() }
    if samples[0].name == samples[1].name {
      samples[0].name = first
      samples[1].name = second
    }
    let comparison = TraceComparison(samples[0], samples[1])
    if let pictures { try Self.write(comparison.svg, to: pictures) }
    if let table { try Self.write(comparison.csv, to: table) }
    try StandardOutput.write(
      json ? comparison.json.document : csv == "-" ? comparison.csv : comparison.text
    )
  }

  private static func write(_ text: String, to target: OutputTarget) throws {
    let file = try target.create()
    try file.append(Array(text.utf8))
    try file.complete()
  }
}
