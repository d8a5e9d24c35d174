/// Writes text to a file, compressed or not, that appears under its name only when it is complete.
public final class TextFileWriter {
  private let output: OutputFile
  private let encoder: ZstdWriter?

  /// Creates the file beside its name, so that one that cannot be written is known at once.
  public convenience init(
    path: String,
    compression: CSVTraceWriter.Compression
  ) throws(TraceWriteError) {
    try self.init(OutputFile(path: path), compression: compression)
  }

  /// Writes to a file to which nothing has been written.
  public init(
    _ output: OutputFile,
    compression: CSVTraceWriter.Compression
  ) throws(TraceWriteError) {
    self.output = output
    switch compression {
    case .none: encoder = nil
    case .zstd(let level): encoder = try ZstdWriter(output, level: level, file: output.path)
    }
  }

  /// The name that the file will have.
  public var path: String { output.path }

  /// The name that it has until it is complete. It is created for this writer, and removed with it.
  public var partialPath: String { output.partialPath }

  public func append(_ bytes: borrowing [UInt8]) throws(TraceWriteError) {
    if let encoder {
      try encoder.append(bytes, isLast: false)
    } else {
      try output.append(bytes, count: bytes.count)
    }
  }

  /// Ends the text and gives the file its name.
  public func complete() throws(TraceWriteError) {
    try encoder?.append([], isLast: true)
    try output.complete()
  }
}
