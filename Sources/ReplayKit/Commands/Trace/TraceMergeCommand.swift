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
    help: .init(
      "When each trace starts, in their order, such as 0s,10s; all at once unless given.",
      valueName: "durations"
    )
  )
  var offsets: String?

  @Option(parsing: .unconditional, help: "The zstd level, 1 to 22: higher is smaller and slower.")
  var level: Int32 = 19

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    try TraceOutput.check(level: level)
    guard files.count >= 3, let out = files.last else {
      throw UsageError("merge needs at least two traces and a file to write")
    }
    let offsets = try offsets.map(Self.times) ?? []
    let traces = files.dropLast()
    guard offsets.isEmpty || offsets.count == traces.count else {
      throw UsageError("--offsets has \(offsets.count) durations for \(traces.count) traces")
    }
    let inputs = try traces.map { try TraceInput($0, reading) }
    let output = try TraceOutput(out, besides: inputs)
    let merged = MergedTrace(inputs.map(\.trace), offsets: offsets, name: out)
    try output.write(merged, provenance: try Self.provenance(of: inputs), level: level)
  }

  private static func times(_ list: String) throws -> [SimTime] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let time = DurationText.nanoseconds(text) else {
        throw UsageError(
          "--offsets holds '\(text)'; expected durations such as 0s,10s, with units ns, us, ms or s"
        )
      }
      return time
    }
  }

  /// What the sources say, each text once.
  private static func provenance(of inputs: [TraceInput]) throws -> TraceProvenance {
    let all = try inputs.map { try $0.provenance() }
    func joined(_ texts: [String]) -> String {
      var known: [String] = []
      for text in texts where !text.isEmpty && !known.contains(text) { known.append(text) }
      return known.joined(separator: "; ")
    }
    return TraceProvenance(
      source: joined(all.map(\.source)),
      format: joined(all.map(\.format)),
      licence: joined(all.map(\.licence)),
      timeZone: joined(all.map(\.timeZone)),
      note: "merged of " + inputs.map(\.trace.name).joined(separator: ", ")
    )
  }
}
