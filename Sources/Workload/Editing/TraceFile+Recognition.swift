extension TraceFile {
  /// The format that the first line is of, unless one is given; nil for a file of this project and
  /// where no format fits.
  ///
  /// Reads the start of the file, so that of a pipe nothing could be read afterwards.
  ///
  /// - Throws: As `makeReader` does where the file cannot be read or its compression is broken.
  public func recognizedFormat() throws(TraceError) -> TraceFormat? {
    if let format { return format }
    if try TraceArchive.isArchive(path: path) { return nil }
    var lines = LineReader(try plainBytes(of: FileBytes(path: path)))
    guard let line = try lines.peek() else { return nil }
    return TraceFormat.all.first { $0.recognizes(firstLine: line) }
  }
}
