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

  /// Where the JSON goes, which must be no file that is about to be read.
  func target(besides inputs: [InputFile]) throws -> OutputTarget? {
    guard let out else { return nil }
    let target = try OutputTarget(out, flag: "--out")
    try target.check(against: inputs)
    return target
  }

  func write(text: String, document: JSONValue, to file: TextFileWriter?) throws {
    let json = document.document
    try file?.append(Array(json.utf8))
    try file?.complete()
    try StandardOutput.write(self.json ? json : text)
  }

  /// Points out options that had nothing to act on, since they are most likely mistaken.
  static func warnAboutUnusedOptions(_ summary: Summary) {
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
