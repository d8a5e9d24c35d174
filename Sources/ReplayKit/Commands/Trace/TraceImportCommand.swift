import ArgumentParser
import Policies
import Workload

struct TraceImportCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Write any trace as a trace file of this project, NAME.replay.zst.",
    discussion: """
      Every column, record number and name is kept, and of a trace file what it says of its origin, \
      where no option says otherwise. Prints what was written, with the digest of its content, \
      which is that of the source, whatever its format.
      """
  )

  @Argument(help: "The trace: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Argument(help: "The file to write: a name in .replay.zst.")
  var out: String

  @Option(help: .init("The licence of the trace.", valueName: "text"))
  var licence: String?

  @Option(
    help: .init(
      "Where the trace comes from, such as a link; the file's name unless given.",
      valueName: "text"
    )
  )
  var source: String?

  @Option(help: .init("The time zone of the trace's time stamps, such as UTC.", valueName: "text"))
  var timeZone: String?

  @Option(help: .init("What else readers should know.", valueName: "text"))
  var note: String?

  @OptionGroup var writing: TraceWriteOptions

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    guard out.hasSuffix(".replay.zst") else {
      throw UsageError("'\(out)' does not end in .replay.zst; 'replay trace export' writes others")
    }
    let input = try TraceInput(trace, reading)
    let output = try TraceOutput(out, besides: [input], writing)
    let provenance = TraceProvenance(
      source: source ?? "",
      licence: licence ?? "",
      timeZone: timeZone ?? "",
      note: note ?? ""
    )
    try output.write(input.trace, provenance: provenance)
    input.warnOfFailures()
  }
}
