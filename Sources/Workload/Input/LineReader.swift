#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Cuts a byte source into lines, or into JSON objects, in place.
///
/// A line ends with `\n`, `\r\n` or the end of the source; the ending is not part of the line.
struct LineReader: ~Copyable {
  /// The block at hand; a returned range refers to it until the next call.
  private var bytes = [UInt8](repeating: 0, count: 2 * blockBytes)
  /// 1-based number of the line returned last, or on which the object returned last begins; 0 before
  /// the first.
  private(set) var line = 0
  /// Bytes before an object on its line; 0 for lines.
  private(set) var column = 0
  private let source: any ByteSource
  private var position = 0
  private var end = 0
  private var framer = ObjectFramer()
  private var isStarted = false

  /// No real record is longer, and a file without line ends must not take all memory.
  static let maximumLineBytes = 64 << 20

  var file: String { source.file }

  init(_ source: any ByteSource) {
    self.source = source
  }

  /// Returns where the next line stands in `bytes`, or nil at the end of the source.
  mutating func next() throws(TraceError) -> Range<Int>? {
    try passMark()
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

  /// Returns a copy of the first bytes without moving past them: all, or at least so many.
  mutating func peek(_ count: Int) throws(TraceError) -> ArraySlice<UInt8> {
    try passMark()
    while end - position < min(count, bytes.count) {
      let more = try source.fill(&bytes, from: end)
      if more == 0 { break }
      end += more
    }
    return bytes[position..<end]
  }

  /// Returns where the next JSON object stands in `bytes`, or nil at the end of the source.
  ///
  /// At the end of the source an object that is not closed is returned as far as it goes: whoever
  /// scans it finds out what is wrong.
  mutating func nextObject() throws(TraceError) -> Range<Int>? {
    try passMark()
    while true {
      if let found = try frame() {
        let start = position
        position += found.upperBound
        framer.drop(found.upperBound)
        (line, column) = (framer.objectLine, framer.objectColumn)
        return start + found.lowerBound..<position
      }
      let passed = framer.passed
      position += passed
      framer.drop(passed)
      if end - position == Self.maximumLineBytes { throw tooLong("object", at: framer.objectLine) }
      try makeRoom()
      let count = try source.fill(&bytes, from: end)
      end += count
      if count == 0 { return try lastObject() }
    }
  }

  /// Passes over the byte order mark with which some programs start UTF-8, once.
  private mutating func passMark() throws(TraceError) {
    if isStarted { return }
    isStarted = true
    if try peek(3).starts(with: [0xEF, 0xBB, 0xBF]) { position += 3 }
  }

  private mutating func frame() throws(TraceError) -> Range<Int>? {
    do throws(Fault) {
      // A copy, since the bytes are this reader's too.
      var framer = framer
      defer { self.framer = framer }
      return try framer.scan(bytes.span.extracting(position..<end))
    } catch {
      throw TraceError(
        .badData,
        file: file,
        line: framer.line,
        column: framer.column(of: error.position),
        problem: error.problem
      )
    }
  }

  /// What there is of an object at the end of the source.
  private mutating func lastObject() throws(TraceError) -> Range<Int>? {
    if framer.isInsideObject {
      framer.abandonObject()
      (line, column) = (framer.objectLine, framer.objectColumn)
      defer { position = end }
      return position..<end
    }
    if let problem = framer.problemAtEnd {
      throw TraceError(.badData, file: file, line: framer.line, problem: problem)
    }
    return nil
  }

  /// Calls back with the bytes of the line that was returned last.
  func withLine<Result>(
    _ range: Range<Int>,
    _ body: (Span<UInt8>) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    try body(bytes.span.extracting(range))
  }

  /// The 1-based line and column of a byte of the line or object that was returned last.
  func place(of offset: Int, in range: Range<Int>) -> (line: Int, column: Int) {
    let before = bytes[range.lowerBound..<min(range.lowerBound + offset, range.upperBound)]
    guard let lineFeed = before.lastIndex(of: 0x0A) else { return (line, column + offset + 1) }
    let breaks = before.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
    return (line + breaks, range.lowerBound + offset - lineFeed)
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
    guard end < Self.maximumLineBytes else { throw tooLong("line", at: line + 1) }
    bytes += [UInt8](repeating: 0, count: bytes.count)
  }

  private func tooLong(_ part: String, at line: Int) -> TraceError {
    TraceError(
      .badData,
      file: file,
      line: line,
      column: 1,
      problem: "\(part) is longer than \(Self.maximumLineBytes) bytes; is this a trace?"
    )
  }
}
