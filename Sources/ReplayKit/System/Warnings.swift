import Reporting
import Spelling
import Study
import Workload

/// What is said about a run besides its results.
enum Warnings {
  /// Says what became of a trace's failed requests, once it has been read.
  static func aboutFailures(in source: TraceSource) {
    aboutFailures(source.failures, in: source.path)
  }

  static func aboutFailures(_ count: FailureCount?, in path: String) {
    if let note = count?.note { StandardError.write("warning: \(path): \(note)\n") }
  }

  /// Points out options that had nothing to act on, since they are most likely mistaken.
  static func aboutUnusedOptions(_ summary: Summary) {
    let known = summary.namedClasses
    for entry in summary.objectives.classes where !known.contains(entry.name) {
      let hint =
        known.isEmpty
        ? "; the trace names no classes"
        : KnownNames(known).nearest(to: entry.name).map { "; did you mean '\($0)'?" }
          ?? "; the trace names \(known.joined(separator: ", "))"
      StandardError.write("warning: no request has class '\(entry.name)'\(hint)\n")
    }
    if summary.lacksSessions {
      StandardError.write(
        "warning: --loop closed changes nothing, since no request is in a session\n"
      )
    }
  }
}
