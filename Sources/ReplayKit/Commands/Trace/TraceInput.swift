import ArgumentParser
import Workload

/// A trace that a command reads.
struct TraceInput {
  let path: String
  /// A `TraceArchive` where it is a trace file of this project, and no pipe.
  let trace: any Trace
  private let failures = FailureLog()

  init(_ path: String, _ options: TraceReadOptions) throws {
    self.path = path
    let format = options.format
    if let format, TraceFormat.named(format) == nil {
      throw UsageError(unknown: "format", format, known: TraceFormat.all.map(\.name))
    }
    if let rate = options.sessionsPerSecond, !(rate.isFinite && rate > 0) {
      throw UsageError("--sessions-per-second is \(rate); expected a number above 0")
    }
    if let name = options.failures, FailurePolicy(rawValue: name) == nil {
      throw UsageError(
        unknown: "choice of --failures",
        name,
        known: FailurePolicy.allCases.map(\.rawValue)
      )
    }
    if let ratio = options.charactersPerToken, !(ratio.isFinite && ratio > 0) {
      throw UsageError("--characters-per-token is \(ratio); expected a number above 0")
    }
    // Looking at the first bytes of a pipe would take them away.
    let isArchive = try FileKind(of: path) == .file && TraceArchive.isArchive(path: path)
    if isArchive, format == nil, options.sessionsPerSecond == nil {
      trace = try TraceArchive(path: path)
    } else {
      let file = TraceFile(
        path: path,
        format: format.flatMap(TraceFormat.named),
        rounding: options.round,
        sessionsPerSecond: options.sessionsPerSecond,
        failures: options.failures.flatMap(FailurePolicy.init),
        charactersPerToken: options.charactersPerToken ?? 4
      )
      trace = LoggedTrace(file, into: failures)
    }
  }

  /// The bytes of the file; nil for a pipe.
  var bytes: Int64? { FileKind.size(of: path) }

  /// Says what became of failed requests, once the trace has been read.
  func warnOfFailures() {
    if let note = failures.found?.note { StandardError.write("warning: \(path): \(note)\n") }
  }

  /// Makes sure that the trace can be read twice.
  func checkRereadable() throws(UsageError) {
    if FileKind(of: path) == .pipe {
      throw UsageError(
        "\(path) is a pipe, which is read once; this reads a trace twice, from a file"
      )
    }
  }
}
