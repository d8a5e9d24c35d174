import Study
import Workload

/// A trace that a command reads.
struct TraceInput {
  /// A `TraceArchive` where it is a trace file of this project, and no pipe.
  let trace: any Trace
  private let source: TraceSource

  var path: String { source.path }

  init(_ path: String, _ options: TraceReadOptions) throws {
    let reading = try options.reading
    source = TraceSource(path: path, reading: reading)
    // Looking at the first bytes of a pipe would take them away.
    let isArchive = try FileKind(of: path) == .file && TraceArchive.isArchive(path: path)
    if isArchive, reading.format == nil, reading.sessionsPerSecond == nil {
      trace = try TraceArchive(path: path)
    } else {
      trace = source.trace
    }
  }

  /// The bytes of the file; nil for a pipe.
  var bytes: Int64? { FileKind.size(of: path) }

  /// Says what became of failed requests, once the trace has been read.
  func warnOfFailures() { Warnings.aboutFailures(in: source) }

  /// Makes sure that the trace can be read twice.
  func checkRereadable() throws(UsageError) {
    if FileKind(of: path) == .pipe {
      throw UsageError(
        "\(path) is a pipe, which is read once; this reads a trace twice, from a file"
      )
    }
  }
}
