import ArgumentParser

/// How a trace is written.
struct TraceWriteOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help:
      "The zstd level of a compressed file, 1 to 22: higher is smaller and slower. (default: 19)"
  )
  var level: Int32?

  static let defaultLevel: Int32 = 19

  /// The level for a file of this name.
  func level(for path: String) throws(UsageError) -> Int32 {
    guard let level else { return Self.defaultLevel }
    guard path.hasSuffix(".zst") else {
      throw UsageError("--level is for compressed files, and '\(path)' does not end in .zst")
    }
    guard (1...22).contains(level) else {
      throw UsageError("--level is \(level); expected 1 to 22")
    }
    return level
  }
}
