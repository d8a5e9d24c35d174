import ArgumentParser
import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Tables that a run writes.
struct TableOptions: ParsableArguments {
  @Option(
    help: .init(
      """
      Also write one row per offered request, in the order in which they leave the engine. See \
      'replay columns'.
      """,
      valueName: "file.csv[.zst]"
    )
  )
  var requests: String?

  /// Opens the table, which must be neither the trace that is about to be read nor the report.
  func openRequests(besides trace: String, report: String?) throws -> TextFileWriter? {
    guard let requests else { return nil }
    let isCompressed = requests.hasSuffix(".csv.zst")
    guard isCompressed || requests.hasSuffix(".csv") else {
      throw UsageError("--requests is '\(requests)', which ends in neither .csv nor .csv.zst")
    }
    // The table is renamed into place, which would replace anything else that has the name.
    switch FileKind(of: requests) {
    case nil, .file: break
    case .folder: throw OutputError(file: requests, problem: "is a folder")
    case .pipe, .device: throw OutputError(file: requests, problem: "is not a file")
    }
    if FileKind.areSame(requests, trace) {
      throw OutputError(file: requests, problem: "is the trace itself")
    }
    if let report, requests == report || FileKind.areSame(requests, report) {
      throw UsageError("--requests and --out are one file, '\(requests)'")
    }
    let path = Self.target(of: requests)
    Interrupt.willWrite(path + ".partial")
    // The engine waits while rows are written, so the fastest level.
    return try TextFileWriter(path: path, compression: isCompressed ? .zstd(level: 1) : .none)
  }

  /// The file that a symbolic link leads to, so that the link stays one.
  private static func target(of path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
