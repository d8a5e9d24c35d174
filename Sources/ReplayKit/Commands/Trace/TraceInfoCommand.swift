import ArgumentParser
import Policies
import Reporting
import Workload

struct TraceInfoCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Print what a trace holds: its rate, burstiness, lengths, sessions and prefixes.",
    discussion: """
      Quantiles are interpolated linearly, as pandas does. Minutes and seconds are counted from the \
      first arrival; the last, cut short, counts among the seconds and not among the minutes.
      """
  )

  @Argument(help: "The trace: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    let input = try TraceInput(trace, reading)
    let profile = try TraceProfile(reading: input.trace)
    input.warnOfFailures()
    try StandardOutput.write(
      json ? profile.json(bytes: input.bytes).document : profile.text(bytes: input.bytes)
    )
  }
}
