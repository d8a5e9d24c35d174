/// Moving past values without making anything of them.
extension JSONCursor {
  /// Values inside each other that are looked at here.
  private static let deepest = 16

  /// Where the value at hand ends, if it is spelled the usual way and nothing is wrong with it; nil
  /// leaves it to a parser to find out.
  func plainValueEnd(in text: Span<UInt8>) -> Int? {
    var cursor = self
    guard cursor.skipPlain(in: text, depth: 0) else { return nil }
    let end = cursor.position
    cursor.skipSpace(in: text)
    guard cursor.position < text.count else { return end }
    switch text[cursor.position] {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return end
    default: return nil
    }
  }

  /// Moves past a value, or returns false at a place that does not matter.
  private mutating func skipPlain(in text: Span<UInt8>, depth: Int) -> Bool {
    guard position < text.count, depth <= Self.deepest else { return false }
    switch text[position] {
    case UInt8(ascii: "\""): return skipPlainString(in: text) != nil
    case UInt8(ascii: "["): return skipPlainItems(in: text, depth: depth)
    case UInt8(ascii: "{"): return skipPlainMembers(in: text, depth: depth)
    default: return skipPlainWord(in: text)
    }
  }

  /// Moves past ASCII without escapes, returning where it stands.
  private mutating func skipPlainString(in text: Span<UInt8>) -> Range<Int>? {
    var end = position + 1
    while end < text.count, case let byte = text[end], byte != UInt8(ascii: "\"") {
      guard (0x20..<0x80).contains(byte), byte != UInt8(ascii: "\\") else { return nil }
      end += 1
    }
    guard end < text.count else { return nil }
    let start = position + 1
    self = JSONCursor(at: end + 1)
    return start..<end
  }

  private mutating func skipPlainItems(in text: Span<UInt8>, depth: Int) -> Bool {
    self = JSONCursor(at: position + 1)
    skipSpace(in: text)
    if take(UInt8(ascii: "]"), in: text) { return true }
    while skipPlain(in: text, depth: depth + 1) {
      skipSpace(in: text)
      guard take(UInt8(ascii: ","), in: text) else { return take(UInt8(ascii: "]"), in: text) }
      skipSpace(in: text)
    }
    return false
  }

  private mutating func skipPlainMembers(in text: Span<UInt8>, depth: Int) -> Bool {
    self = JSONCursor(at: position + 1)
    skipSpace(in: text)
    if take(UInt8(ascii: "}"), in: text) { return true }
    var keys = ContiguousArray<Range<Int>>()
    while position < text.count, text[position] == UInt8(ascii: "\""),
      let key = skipPlainString(in: text)
    {
      // The parser remembers many keys better.
      guard keys.count < 32, !keys.contains(where: { text.isSame($0, key) }) else { return false }
      keys.append(key)
      skipSpace(in: text)
      guard take(UInt8(ascii: ":"), in: text) else { return false }
      skipSpace(in: text)
      guard skipPlain(in: text, depth: depth + 1) else { return false }
      skipSpace(in: text)
      guard take(UInt8(ascii: ","), in: text) else { return take(UInt8(ascii: "}"), in: text) }
      skipSpace(in: text)
    }
    return false
  }

  /// Moves past a word of JSON, or a number without an exponent.
  private mutating func skipPlainWord(in text: Span<UInt8>) -> Bool {
    let range = position..<valueEnd(in: text)
    let isWord =
      text.spells("true", range) || text.spells("false", range) || text.spells("null", range)
    guard isWord || text.isPlainNumber(range) else { return false }
    self = JSONCursor(at: range.upperBound)
    return true
  }
}

extension Span<UInt8> {
  /// Whether two ranges hold the same bytes.
  fileprivate func isSame(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
    guard first.count == second.count else { return false }
    for offset in 0..<first.count
    where self[first.lowerBound + offset] != self[second.lowerBound + offset] {
      return false
    }
    return true
  }

  /// Whether a range holds a JSON number of a few digits, without an exponent.
  fileprivate func isPlainNumber(_ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    if start < range.upperBound, self[start] == UInt8(ascii: "-") { start += 1 }
    guard start < range.upperBound, range.count <= 18 else { return false }
    var point = range.upperBound
    for position in start..<range.upperBound where self[position] &- 48 > 9 {
      guard self[position] == UInt8(ascii: "."), point == range.upperBound else { return false }
      point = position
    }
    return start < point && point + 1 != range.upperBound
      && (self[start] != 48 || start + 1 == point)
  }
}
