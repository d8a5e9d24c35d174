import Workload

/// A trace file that a command writes, of the kind that its name says.
struct TraceOutput {
  private let target: OutputTarget
  private let suffix: String
  /// The zstd level of a compressed file.
  private let level: Int32

  private static let suffixes = [".replay.zst", ".csv", ".csv.zst"]

  /// - Throws: `UsageError` where the name is of no kind, the options do not fit it, or the file is
  ///   one of the inputs; `OutputError` where it is no file.
  init(
    _ path: String,
    besides inputs: [TraceInput],
    _ options: TraceWriteOptions? = nil
  ) throws {
    guard let suffix = Self.suffixes.first(where: path.hasSuffix) else {
      throw UsageError("'\(path)' ends in none of \(Self.suffixes.joined(separator: ", "))")
    }
    self.suffix = suffix
    level = try options?.level(for: path) ?? TraceWriteOptions.defaultLevel
    target = try OutputTarget(path, flag: "<out>")
    try target.check(against: inputs.map { InputFile(what: "trace", path: $0.path) })
    if suffix != ".replay.zst" {
      for input in inputs { try input.checkRereadable() }
    }
  }

  /// Writes a trace and says what was written.
  ///
  /// A trace file says of the trace's origin what `provenance` does, and else what the trace does.
  func write(_ trace: any Trace, provenance: TraceProvenance = TraceProvenance()) throws {
    switch suffix {
    case ".replay.zst":
      let file = try target.createFile()
      let header = try ArchiveWriter.write(trace, to: file, provenance: provenance, level: level)
      try Self.report(file.path, rows: header.rows, header)
    default:
      let file = try target.create(suffix == ".csv" ? .none : .zstd(level: level))
      try Self.report(file.path, rows: Int64(try CSVTraceWriter.write(trace, to: file)), nil)
    }
  }

  /// Prints one line on a complete file.
  static func report(_ path: String, rows: Int64, _ header: ArchiveHeader?) throws(OutputError) {
    let bytes = FileKind.size(of: path) ?? 0
    let perRow = rows > 0 ? bytes * 100 / rows : 0
    let (whole, cents) = perRow.quotientAndRemainder(dividingBy: 100)
    var line = "\(path): \(rows) requests"
    if let header, header.sessions > 0 { line += ", \(header.sessions) sessions" }
    line += ", \(bytes) bytes (\(whole).\(cents < 10 ? "0" : "")\(cents) per request)"
    if let header { line += ", digest \(header.digest.hex)" }
    try StandardOutput.write(line + "\n")
  }
}
