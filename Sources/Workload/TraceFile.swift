/// A trace in a file, plain or compressed with zstd or gzip.
///
/// Compression and, unless given, the format are recognized from the content, not from the name.
public struct TraceFile: Trace {
  public let path: String
  public let format: TraceFormat?

  /// The last component of the path.
  public var name: String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Names a file, to be opened by `makeReader`.
  ///
  /// - Parameters:
  ///   - path: The file, absolute or relative to the working folder.
  ///   - format: How the file is spelled; nil finds out from its first line.
  public init(path: String, format: TraceFormat? = nil) {
    self.path = path
    self.format = format
  }

  /// Opens the file.
  ///
  /// - Throws: `noSuchFile` for a missing file or a folder, `unreadable` where the system refuses,
  ///   `badData` for an empty file, an unknown format, a bad header or broken compression. Errors
  ///   in later lines come from the reader.
  public func makeReader() throws(TraceError) -> any TraceReader {
    var lines = LineReader(try plainBytes(of: FileBytes(path: path)))
    guard let firstLine = try lines.peek() else {
      throw TraceError(.badData, file: path, problem: "is empty")
    }
    if let format { return try format.open(lines) }
    guard let found = TraceFormat.all.first(where: { $0.recognizes(firstLine: firstLine) }) else {
      let known = TraceFormat.all.map(\.name).joined(separator: ", ")
      throw TraceError(
        .badData,
        file: path,
        line: 1,
        column: 1,
        problem: "first line \(firstLine.span.quoted(0..<firstLine.count)) is of no known format; "
          + "name one of: \(known)"
      )
    }
    return try found.open(lines)
  }
}
