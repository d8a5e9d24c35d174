import Workload

/// The records of a comma-separated text with a header, read line by line in bounded memory.
///
/// Fields may be quoted as RFC 4180 writes them, without line breaks; every record has as many fields
/// as the header.
struct CSVRecords {
  let file: String
  private(set) var header: [String] = []
  /// 1-based line of the record returned last.
  private(set) var line = 0
  /// nil where all bytes were given.
  private let source: PlainBytes?
  private var bytes: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// No real record is longer.
  private static let longestLine = 1 << 20

  /// Opens a file, plain, gzip or zstd, at its first record.
  ///
  /// - Throws: `MeasuredDataError` where there is no such file or no header, or one that names a
  ///   column twice.
  init(path: String) throws(MeasuredDataError) {
    file = path
    do throws(TraceError) {
      source = try PlainBytes(path: path)
    } catch {
      throw MeasuredDataError(error)
    }
    try readHeader()
  }

  /// Starts on the content of a file.
  ///
  /// - Throws: `MeasuredDataError` where there is no header, or one that names a column twice.
  init(bytes: [UInt8], file: String) throws(MeasuredDataError) {
    self.file = file
    self.bytes = bytes
    source = nil
    isAtEnd = true
    try readHeader()
  }

  private mutating func readHeader() throws(MeasuredDataError) {
    guard let names = try nextFields() else {
      throw MeasuredDataError(.badData, file: file, problem: "is empty; expected a header")
    }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw MeasuredDataError(
        .badData,
        file: file,
        line: line,
        field: name,
        problem: "the column stands in the header twice; keep one"
      )
    }
    header = names
  }

  /// The next record; nil after the last. Empty lines are passed over.
  mutating func next() throws(MeasuredDataError) -> [String]? {
    guard let fields = try nextFields() else { return nil }
    guard fields.count == header.count else {
      throw fault("has \(fields.count) fields; expected \(header.count), as the header has")
    }
    return fields
  }

  private mutating func nextFields() throws(MeasuredDataError) -> [String]? {
    while let text = try nextLine() {
      if text.isEmpty { continue }
      return try split(text)
    }
    return nil
  }

  /// The bytes of the next line, without its end.
  private mutating func nextLine() throws(MeasuredDataError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return take(upTo: end, after: end + 1)
      }
      if isAtEnd {
        return position < bytes.count ? take(upTo: bytes.count, after: bytes.count) : nil
      }
      bytes.removeSubrange(..<position)
      position = 0
      searched = bytes.count
      guard searched <= Self.longestLine else {
        line += 1
        throw fault("the line is longer than \(Self.longestLine) bytes")
      }
      try fill()
    }
  }

  private mutating func fill() throws(MeasuredDataError) {
    var more: [UInt8] = []
    do throws(TraceError) {
      if let source { isAtEnd = try !source.next { more.append(contentsOf: $0) } }
    } catch {
      throw MeasuredDataError(error)
    }
    // The mark with which some programs start UTF-8.
    let hasMark = line == 0 && bytes.isEmpty && more.starts(with: [0xEF, 0xBB, 0xBF])
    bytes.append(contentsOf: hasMark ? more[3...] : more[...])
  }

  private mutating func take(upTo end: Int, after next: Int) -> ArraySlice<UInt8> {
    line += 1
    defer { position = next }
    let hasReturn = end > position && bytes[end - 1] == UInt8(ascii: "\r")
    return bytes[position..<(hasReturn ? end - 1 : end)]
  }

  private func split(_ line: ArraySlice<UInt8>) throws(MeasuredDataError) -> [String] {
    var fields: [String] = []
    var position = line.startIndex
    while true {
      var field: [UInt8] = []
      if position < line.endIndex, line[position] == UInt8(ascii: "\"") {
        position = try unquote(line, from: position + 1, into: &field)
      } else {
        let end = line[position...].firstIndex(of: UInt8(ascii: ",")) ?? line.endIndex
        field += line[position..<end]
        position = end
        guard !field.contains(UInt8(ascii: "\"")) else {
          throw fault("field \(fields.count + 1) has a quote inside; quote the whole field")
        }
      }
      guard let text = String(validating: field, as: UTF8.self) else {
        throw fault("field \(fields.count + 1) is not UTF-8 text")
      }
      fields.append(text)
      guard position < line.endIndex else { return fields }
      guard line[position] == UInt8(ascii: ",") else {
        throw fault("field \(fields.count) goes on after its closing quote; expected a comma")
      }
      position += 1
    }
  }

  /// Appends the text of a quoted field, and returns where it ends, behind the closing quote.
  private func unquote(
    _ line: ArraySlice<UInt8>,
    from start: Int,
    into field: inout [UInt8]
  ) throws(MeasuredDataError) -> Int {
    var position = start
    while position < line.endIndex {
      if line[position] == UInt8(ascii: "\"") {
        let isDoubled = position + 1 < line.endIndex && line[position + 1] == UInt8(ascii: "\"")
        guard isDoubled else { return position + 1 }
        position += 1
      }
      field.append(line[position])
      position += 1
    }
    throw fault("a quote is not closed on its line")
  }

  private func fault(_ problem: String) -> MeasuredDataError {
    MeasuredDataError(.badData, file: file, line: line, problem: problem)
  }
}
