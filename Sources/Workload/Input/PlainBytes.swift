/// The content of a file, decompressed where it is zstd or gzip, one block at a time.
public final class PlainBytes {
  private let source: any ByteSource
  private var block = [UInt8](repeating: 0, count: blockBytes)

  /// - Throws: `TraceError` of kind `noSuchFile` or `unreadable`, or `badData` for what starts like a
  ///   compressed file and is none.
  public init(path: String) throws(TraceError) {
    source = try plainBytes(of: FileBytes(path: path))
  }

  /// Calls `body` with the next bytes.
  ///
  /// - Returns: False at the end, without a call.
  /// - Throws: `TraceError` where the file cannot be read, is truncated or corrupt.
  public func next(_ body: (ArraySlice<UInt8>) -> Void) throws(TraceError) -> Bool {
    let count = try source.fill(&block, from: 0)
    guard count > 0 else { return false }
    body(block[..<count])
    return true
  }

  /// All that is left of a file that is known to be small.
  ///
  /// - Throws: As `next`, and `badData` where there is more than `limit`.
  public func rest(limit: Int) throws(TraceError) -> [UInt8] {
    var bytes: [UInt8] = []
    while try next({ bytes.append(contentsOf: $0) }) {
      guard bytes.count <= limit else {
        throw TraceError(
          .badData,
          file: source.file,
          problem: "is larger than the \(limit) bytes that are expected at most"
        )
      }
    }
    return bytes
  }
}
