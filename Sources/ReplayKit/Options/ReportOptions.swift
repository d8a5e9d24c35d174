import ArgumentParser
import Reporting
import Spelling
import Workload

/// Where results go, and in which form.
struct ReportOptions: ParsableArguments {
  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  @Option(
    help: .init(
      "Also write the JSON to a file, which appears when it is complete.",
      valueName: "file"
    )
  )
  var out: String?

  /// Opens the report, which must not be the trace that is about to be read.
  func openFile(besides trace: String) throws(OutputError) -> ReportFile? {
    guard let out else { return nil }
    if FileKind.areSame(out, trace) { throw OutputError(file: out, problem: "is the trace itself") }
    return try ReportFile(path: out)
  }

  func write(text: String, document: JSONValue, to file: ReportFile?) throws(OutputError) {
    try file?.complete(document)
    try StandardOutput.write(json ? document.document : text)
  }

  /// Points out SLOs for classes that no request has, since they are most likely misspelt.
  static func warnAboutUnusedObjectives(_ summary: Summary) {
    let known = summary.classes.map(\.name)
    for entry in summary.objectives.classes where !known.contains(entry.name) {
      let nearest = KnownNames(known).nearest(to: entry.name)
      let hint = nearest.map { "; did you mean '\($0)'?" } ?? "; the trace names no classes"
      let request = summary.measured == nil ? "request" : "measured request"
      StandardError.write("warning: no \(request) has class '\(entry.name)'\(hint)\n")
    }
  }
}
