/// A trace in a file: one of our own (`NAME.replay.zst`), or text, plain or compressed with zstd or
/// gzip; or the folder of a trace that is published as several files.
///
/// Compression and, unless given, the format are recognized from the content, not from the name.
public struct TraceFile: Trace {
  public let path: String
  public let format: TraceFormat?
  private let options: ReadOptions

  /// The last component of the path.
  public var name: String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Names a file, to be opened by `makeReader`.
  ///
  /// - Parameters:
  ///   - path: The file, absolute or relative to the working folder.
  ///   - format: How the file is spelled; nil finds out from its first line or object.
  ///   - rounding: Whether times finer than a nanosecond are rounded to the nearest one, halves up;
  ///     otherwise they are an error.
  ///   - sessionsPerSecond: How many requests start per second, evenly spaced and in whole
  ///     microseconds, in a file that does not say when they do, which is an error otherwise; in
  ///     one that does it has to be nil. A session counts as one request.
  ///   - failures: What becomes of requests that failed; nil makes them an error.
  ///   - charactersPerToken: How many characters stand for a token where a file has text alone.
  /// - Precondition: `sessionsPerSecond` and `charactersPerToken` are above 0 and finite.
  public init(
    path: String,
    format: TraceFormat? = nil,
    rounding: Bool = false,
    sessionsPerSecond: Double? = nil,
    failures: FailurePolicy? = nil,
    charactersPerToken: Double = 4
  ) {
    if let rate = sessionsPerSecond { precondition(rate > 0 && rate.isFinite) }
    precondition(charactersPerToken > 0 && charactersPerToken.isFinite)
    self.path = path
    self.format = format
    options = ReadOptions(
      rounding: rounding,
      sessionsPerSecond: sessionsPerSecond,
      failures: failures,
      charactersPerToken: charactersPerToken
    )
  }

  /// Opens the file.
  ///
  /// - Throws: `noSuchFile` for a missing file or a folder, `unreadable` where the system refuses,
  ///   `badData` for an empty file, an unknown format, a bad header or broken compression. Errors
  ///   in later lines come from the reader.
  public func makeReader() throws(TraceError) -> any TraceReader {
    if format == nil || format?.name == TraceFormat.servegen.name,
      let clients = try ServeGenFiles(folder: path)
    {
      return try ServeGenReader(clients, options)
    }
    let source = PeekedBytes(try FileBytes(path: path))
    if ArchiveFormat.recognizes(try source.peek(ArchiveFormat.recognizedBytes)) {
      return try openArchive(source)
    }
    let plain = PeekedBytes(try plainBytes(of: source))
    if ArchiveFormat.recognizes(try plain.peek(ArchiveFormat.recognizedBytes)) {
      throw TraceError(.badData, file: path, problem: "is a compressed trace file; unpack it first")
    }
    var lines = LineReader(plain)
    let start = try lines.peek(TraceFormat.recognizedBytes)
    if start.isEmpty { throw TraceError(.badData, file: path, problem: "is empty") }
    if let format { return try format.open(lines, options) }
    let head = TraceFormat.isJSON(start) ? Array(start) : try lines.peek() ?? []
    guard let found = TraceFormat.all.first(where: { $0.recognizes(start: head) }) else {
      throw unknownFormat(head)
    }
    return try found.open(lines, options)
  }

  private func unknownFormat(_ head: [UInt8]) -> TraceError {
    let known = TraceFormat.all.map(\.name).joined(separator: ", ")
    let end = head.firstIndex(of: 0x0A) ?? head.count
    return TraceError(
      .badData,
      file: path,
      line: 1,
      column: 1,
      problem: "first line \(head.span.quoted(0..<end)) is of no known format; "
        + "name one of: \(known)"
    )
  }

  private func openArchive(_ source: any ByteSource) throws(TraceError) -> any TraceReader {
    if let format {
      throw TraceError(
        .badData,
        file: path,
        problem: "is a trace file of this project, not of format \(format.name); name no format"
      )
    }
    if options.sessionsPerSecond != nil { throw ReadOptions.hasStartTimes(file: path) }
    return ArrivalOrder(try ArchiveReader(source))
  }
}
