/// Walks the tokens of a JSON value, on one line or more.
struct JSONCursor {
  private(set) var position: Int

  init(at position: Int = 0) { self.position = position }

  mutating func skipSpace(in line: Span<UInt8>) {
    while position < line.count {
      let byte = line[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
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
  @inline(__always)
  mutating func whole(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String,
    _ bounds: ClosedRange<Int64>
  ) throws(Fault) -> Int64 {
    let start = position
    var end = start
    var value: Int64 = 0
    while end < line.count, case let digit = line[end] &- 48, digit <= 9 {
      value = value &* 10 &+ Int64(digit)
      end += 1
    }
    // Eighteen digits fit for certain; more, and what is wrong, take the slow way.
    let isPlain = end < line.count && Self.endsValue(line[end]) && (1...18).contains(end - start)
    guard isPlain, line[start] != 48 || end == start + 1, bounds.contains(value) else {
      return try unusualWhole(in: line, name(), bounds)
    }
    position = end
    return value
  }

  @inline(never)
  private mutating func unusualWhole(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String,
    _ bounds: ClosedRange<Int64>
  ) throws(Fault) -> Int64 {
    let range = position..<valueEnd(in: line)
    let hasLeadingZero = range.count > 1 && line[range.lowerBound] == 48
    guard !range.isEmpty, !hasLeadingZero, let value = line.digits(range), bounds.contains(value)
    else {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(line.quoted(range)); expected a whole number from "
          + "\(bounds.lowerBound) to \(bounds.upperBound)"
      )
    }
    position = range.upperBound
    return value
  }

  /// Reads a whole number that may have a minus sign.
  mutating func signed(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String,
    _ bounds: ClosedRange<Int64>
  ) throws(Fault) -> Int64 {
    guard take(UInt8(ascii: "-"), in: line) else { return try whole(in: line, name(), bounds) }
    return -(try whole(in: line, name(), 0...(-bounds.lowerBound)))
  }

  /// Reads milliseconds, not negative, as whole nanoseconds; finer ones are rounded if asked for.
  mutating func milliseconds(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String,
    _ options: ReadOptions
  ) throws(Fault) -> Int64 {
    let range = position..<valueEnd(in: line)
    let hasLeadingZero =
      range.count > 1 && line[range.lowerBound] == 48
      && line[range.lowerBound + 1] != UInt8(ascii: ".")
    if !hasLeadingZero, let total = line.plainDecimal(range, places: 6) {
      position = range.upperBound
      return total
    }
    guard !hasLeadingZero,
      let decimal = ScaledDecimal(line, range, places: 6, exponents: false),
      decimal.isWhole || options.rounding
    else {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(line.quoted(range)); expected milliseconds, not negative, with at most 6 "
          + "decimals, such as 330.5; --round rounds finer times to the nearest nanosecond"
      )
    }
    guard let total = decimal.rounded else {
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

  /// Moves past a value of any kind.
  mutating func skipValue(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) {
    if let end = plainValueEnd(in: line) {
      position = end
      return
    }
    let start = position
    var depth = 0
    var isInString = false
    scan: while position < line.count {
      let byte = line[position]
      switch byte {
      case UInt8(ascii: "\\") where isInString: position += 1
      case UInt8(ascii: "\""): isInString.toggle()
      case _ where isInString: break
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 0 { break scan }
        if byte != UInt8(ascii: ",") { depth -= 1 }
      default: break
      }
      position += 1
    }
    position = min(position, line.count)
    do throws(JSONError) {
      _ = try JSONValue(parsing: (start..<position).map { line[$0] })
    } catch {
      throw Fault(at: start + error.offset, "\(name()) is not a JSON value: \(error.problem)")
    }
  }

  /// Where the value at hand ends, unless it is a string or has others inside, so that an error shows `1.5` rather than `1`.
  func valueEnd(in line: Span<UInt8>) -> Int {
    var end = position
    while end < line.count, !Self.endsValue(line[end]) { end += 1 }
    return end
  }

  static func endsValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: true
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
