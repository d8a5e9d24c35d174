/// Walks the tokens of one line of JSON.
struct JSONCursor {
  private(set) var position = 0

  mutating func skipSpace(in line: Span<UInt8>) {
    while position < line.count {
      let byte = line[position]
      guard byte == 0x20 || byte == 0x09 || byte == 0x0D else { return }
      position += 1
    }
  }

  /// Moves past a byte if it is next.
  mutating func take(_ byte: UInt8, in line: Span<UInt8>) -> Bool {
    guard position < line.count, line[position] == byte else { return false }
    position += 1
    return true
  }

  /// Moves past a byte that has to come next, after any space.
  mutating func expect(_ byte: UInt8, in line: Span<UInt8>) throws(Fault) {
    skipSpace(in: line)
    guard take(byte, in: line) else {
      let wanted = UnicodeScalar(byte)
      throw Fault(at: position, "expected '\(wanted)', found \(line.quoted(at: position))")
    }
  }

  /// Moves past a comma, returning true, or past the closing byte, returning false.
  mutating func continues(until closing: UInt8, in line: Span<UInt8>) throws(Fault) -> Bool {
    skipSpace(in: line)
    if take(UInt8(ascii: ","), in: line) { return true }
    if take(closing, in: line) { return false }
    let wanted = UnicodeScalar(closing)
    throw Fault(at: position, "expected ',' or '\(wanted)', found \(line.quoted(at: position))")
  }

  /// Reads a key, without its quotes.
  ///
  /// A key with an escape ends early or is unknown: no format spells its keys with escapes.
  mutating func key(in line: Span<UInt8>) throws(Fault) -> Range<Int> {
    try expect(UInt8(ascii: "\""), in: line)
    let start = position
    while position < line.count, line[position] != UInt8(ascii: "\"") { position += 1 }
    guard position < line.count else {
      throw Fault(at: start - 1, "key is not closed with a quote")
    }
    position += 1
    return start..<position - 1
  }

  /// Reads a whole number as JSON spells it: no sign, no leading zero, no fraction or exponent.
  mutating func whole(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String,
    _ bounds: ClosedRange<Int64>
  ) throws(Fault) -> Int64 {
    let start = position
    var value: Int64 = 0
    var isTooLarge = false
    while position < line.count, case let byte = line[position], byte >= 48, byte <= 57 {
      let (scaled, high) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(Int64(byte - 48))
      isTooLarge = isTooLarge || high || carry
      value = sum
      position += 1
    }
    let hasLeadingZero = position > start + 1 && line[start] == 48
    let end = valueEnd(in: line)
    if position == start || end != position || hasLeadingZero || isTooLarge
      || !bounds.contains(value)
    {
      throw Fault(
        at: start,
        "\(name()) is \(line.quoted(start..<end)); expected a whole number from "
          + "\(bounds.lowerBound) to \(bounds.upperBound)"
      )
    }
    return value
  }

  /// Reads milliseconds, not negative, with at most six decimals, as whole nanoseconds.
  mutating func milliseconds(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> Int64 {
    let range = position..<valueEnd(in: line)
    var point = range.lowerBound
    while point < range.upperBound, line[point] != UInt8(ascii: ".") { point += 1 }
    let hasLeadingZero = point > range.lowerBound + 1 && line[range.lowerBound] == 48
    guard point > range.lowerBound, !hasLeadingZero,
      let whole = line.digits(range.lowerBound..<point),
      let fraction = point == range.upperBound
        ? 0 : line.decimals(point + 1..<range.upperBound, places: 6)
    else {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(line.quoted(range)); expected milliseconds, not negative, with at most 6 "
          + "decimals, such as 330.5; round finer times first"
      )
    }
    let (scaled, high) = whole.multipliedReportingOverflow(by: 1_000_000)
    let (total, carry) = scaled.addingReportingOverflow(fraction)
    if high || carry {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(line.quoted(range)), beyond 292 years in milliseconds"
      )
    }
    position = range.upperBound
    return total
  }

  /// Reads a string without escapes or a whole number and returns where its text stands.
  mutating func label(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> Range<Int> {
    let opening = position
    guard take(UInt8(ascii: "\""), in: line) else {
      if position < line.count, (48...57).contains(line[position]) {
        _ = try whole(in: line, name(), 0...Int64.max)
        return opening..<position
      }
      let found = line.quoted(opening..<valueEnd(in: line))
      throw Fault(at: opening, "\(name()) is \(found); expected a string or a whole number from 0")
    }
    while position < line.count, line[position] != UInt8(ascii: "\"") {
      guard line[position] >= 0x20, line[position] != UInt8(ascii: "\\") else {
        throw Fault(at: position, "\(name()) holds an escape or a control character; leave it out")
      }
      position += 1
    }
    guard position < line.count else {
      throw Fault(at: opening, "\(name()) is not closed with a quote")
    }
    position += 1
    return opening + 1..<position - 1
  }

  /// Where the value at hand ends, so that an error shows `1.5` rather than `1`.
  private func valueEnd(in line: Span<UInt8>) -> Int {
    var end = position
    while end < line.count, !Self.endsValue(line[end]) { end += 1 }
    return end
  }

  private static func endsValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x09, 0x0D: true
    default: false
    }
  }
}

extension Span<UInt8> {
  /// Whether the range holds exactly this ASCII text.
  func spells(_ text: StaticString, _ range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { text in
      var offset = 0
      while offset < range.count, unsafe self[range.lowerBound + offset] == text[offset] {
        offset += 1
      }
      return offset == range.count
    }
  }
}
