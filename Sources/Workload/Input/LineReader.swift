#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Cuts a byte source into lines, in place.
///
/// A line ends with `\n`, `\r\n` or the end of the source; the ending is not part of the line.
struct LineReader: ~Copyable {
  /// The block at hand; a returned range refers to it until the next call.
  private var bytes = [UInt8](repeating: 0, count: 2 * blockBytes)
  /// 1-based number of the line returned last; 0 before the first.
  private(set) var line = 0
  private let source: any ByteSource
  private var position = 0
  private var end = 0

  /// No real record is longer, and a file without line ends must not take all memory.
  static let maximumLineBytes = 64 << 20

  var file: String { source.file }

  init(_ source: any ByteSource) {
    self.source = source
  }

  /// Returns where the next line stands in `bytes`, or nil at the end of the source.
  mutating func next() throws(TraceError) -> Range<Int>? {
    var searched = 0
    while true {
      if let newline = newline(in: position + searched..<end) { return take(through: newline) }
      searched = end - position
      try makeRoom()
      let count = try source.fill(&bytes, from: end)
      if count == 0 { return position < end ? take(through: end) : nil }
      end += count
    }
  }

  /// Returns a copy of the next line without moving past it, or nil at the end of the source.
  mutating func peek() throws(TraceError) -> [UInt8]? {
    guard let range = try next() else { return nil }
    position = range.lowerBound
    line -= 1
    return Array(bytes[range])
  }

  /// Calls back with the bytes of the line that was returned last.
  func withLine<Result>(
    _ range: Range<Int>,
    _ body: (Span<UInt8>) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    try body(bytes.span.extracting(range))
  }

  private mutating func take(through newline: Int) -> Range<Int> {
    let start = position
    position = min(newline + 1, end)
    line += 1
    let hasReturn = newline > start && bytes[newline - 1] == UInt8(ascii: "\r")
    return start..<(hasReturn ? newline - 1 : newline)
  }

  private func newline(in range: Range<Int>) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, !range.isEmpty,
        let found = unsafe memchr(base + range.lowerBound, 10, range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// Moves the unfinished line to the front and grows the block if that line fills it.
  private mutating func makeRoom() throws(TraceError) {
    if position > 0 {
      unsafe bytes.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        unsafe memmove(base, base + position, end - position)
      }
      end -= position
      position = 0
    }
    guard end == bytes.count else { return }
    guard end < Self.maximumLineBytes else {
      throw TraceError(
        .badData,
        file: file,
        line: line + 1,
        column: 1,
        problem: "line is longer than \(Self.maximumLineBytes) bytes; is this a trace?"
      )
    }
    bytes += [UInt8](repeating: 0, count: bytes.count)
  }
}
