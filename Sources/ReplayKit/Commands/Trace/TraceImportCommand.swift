import ArgumentParser
import Policies
import Workload

struct TraceImportCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Write any trace as a trace file of this project, NAME.replay.zst.",
    discussion: """
      Every column, record number and name is kept. Prints what was written, with the digest of its \
      content, which is that of the source, whatever its format.
      """
  )

  @Argument(help: "The trace: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Argument(help: "The file to write: a name in .replay.zst.")
  var out: String

  @Option(parsing: .unconditional, help: "The zstd level, 1 to 22: higher is smaller and slower.")
  var level: Int32 = 19

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

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    try TraceOutput.check(level: level)
    guard out.hasSuffix(".replay.zst") else {
      throw UsageError("'\(out)' does not end in .replay.zst; 'replay trace export' writes others")
    }
    let input = try TraceInput(trace, reading)
    let output = try TraceOutput(out, besides: [input])
    try output.write(input.trace, provenance: try provenance(of: input), level: level)
  }

  /// What the file said of itself, but for what the options say.
  private func provenance(of input: TraceInput) throws -> TraceProvenance {
    var provenance = try input.provenance()
    provenance.format = reading.format ?? provenance.format
    provenance.licence = licence ?? provenance.licence
    provenance.source = source ?? (provenance.source.isEmpty ? input.trace.name : provenance.source)
    provenance.timeZone = timeZone ?? provenance.timeZone
    provenance.note = note ?? provenance.note
    return provenance
  }
}
