/// A field of a comma-separated line: where its text stands, without surrounding quotes.
struct CSVField {
  var range: Range<Int>
  /// Whether quotes inside the text are doubled, as RFC 4180 writes them.
  var hasDoubledQuotes = false
}

/// Walks the fields of one line.
struct CSVCursor {
  fileprivate(set) var position = 0
  /// Whether the field returned last was the line's last.
  fileprivate(set) var isAtEnd = false
  /// Fields returned so far.
  private(set) var count = 0

  /// Returns the next field of the line; an error calls it by the name if the line has no more.
  mutating func next(
    of line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> CSVField {
    if isAtEnd {
      throw Fault(at: line.count, "\(name()) is missing; the line has only \(count) fields")
    }
    count += 1
    if position < line.count, line[position] == UInt8(ascii: "\"") { return try quoted(in: line) }
    let start = position
    while position < line.count, line[position] != UInt8(ascii: ",") {
      if line[position] == UInt8(ascii: "\"") {
        throw Fault(at: position, "quote inside a bare field; quote the whole field and double it")
      }
      position += 1
    }
    let field = CSVField(range: start..<position)
    step(over: line)
    return field
  }

  /// Checks that the line has no fields beyond those already returned.
  func finish(_ line: Span<UInt8>) throws(Fault) {
    if !isAtEnd {
      throw Fault(at: position, "expected \(count) fields, found more: remove the extra ones")
    }
  }

  private mutating func quoted(in line: Span<UInt8>) throws(Fault) -> CSVField {
    let opening = position
    position += 1
    var field = CSVField(range: position..<position)
    while true {
      guard position < line.count else {
        throw Fault(at: opening, "quote is not closed on its line; close it, without line breaks")
      }
      if line[position] != UInt8(ascii: "\"") {
        position += 1
      } else if position + 1 < line.count, line[position + 1] == UInt8(ascii: "\"") {
        field.hasDoubledQuotes = true
        position += 2
      } else {
        break
      }
    }
    field.range = opening + 1..<position
    position += 1
    if position < line.count, line[position] != UInt8(ascii: ",") {
      throw Fault(
        at: position,
        "expected a comma after the closing quote, found \(line.quoted(at: position))"
      )
    }
    step(over: line)
    return field
  }

  private mutating func step(over line: Span<UInt8>) {
    if position < line.count { position += 1 } else { isAtEnd = true }
  }
}

extension Span<UInt8> {
  /// Whether a range holds ASCII alone.
  func isASCII(_ range: Range<Int>) -> Bool {
    var bits: UInt8 = 0
    for position in range { bits |= self[position] }
    return bits < 0x80
  }

  /// The text of a field, or nil where it is not UTF-8.
  func text(_ field: CSVField) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(field.range.count)
    var position = field.range.lowerBound
    while position < field.range.upperBound {
      let byte = self[position]
      bytes.append(byte)
      position += field.hasDoubledQuotes && byte == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
