/// Values that the newer formats have.
extension JSONCursor {
  /// Moves past `null` if it is next.
  mutating func takeNull(in text: Span<UInt8>) -> Bool {
    guard position + 4 <= text.count, text.spells("null", position..<position + 4) else {
      return false
    }
    self = JSONCursor(at: position + 4)
    return true
  }

  /// Checks that nothing but space follows.
  mutating func expectEnd(in text: Span<UInt8>) throws(Fault) {
    skipSpace(in: text)
    if position < text.count {
      throw Fault(at: position, "expected the end after '}', found \(text.quoted(at: position))")
    }
  }

  /// Moves past an array or object that is scanned later: strings aside, brackets alone count.
  mutating func skipBrackets(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) {
    var end = position
    var depth = 0
    var isInString = false
    repeat {
      guard end < text.count else { throw Fault(at: position, "\(name()) is not closed") }
      switch text[end] {
      case UInt8(ascii: "\\") where isInString: end += 1
      case UInt8(ascii: "\""): isInString.toggle()
      case _ where isInString: break
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: if depth == 0 { throw Fault(at: end, "\(name()) is not an array or object") }
      }
      end += 1
    } while depth > 0 || isInString
    guard depth == 0, end <= text.count else {
      throw Fault(at: position, "\(name()) is not closed")
    }
    self = JSONCursor(at: end)
  }

  /// Moves into an array, returning false where it is empty and left already.
  mutating func enterArray(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> Bool {
    skipSpace(in: text)
    guard take(UInt8(ascii: "["), in: text) else {
      let found = text.quoted(position..<valueEnd(in: text))
      throw Fault(at: position, "\(name()) is \(found); expected a list")
    }
    skipSpace(in: text)
    return !take(UInt8(ascii: "]"), in: text)
  }

  /// Moves to the next element of an array, returning false behind the last one.
  mutating func nextElement(in text: Span<UInt8>) throws(Fault) -> Bool {
    guard try continues(until: UInt8(ascii: "]"), in: text) else { return false }
    skipSpace(in: text)
    return true
  }

  /// Reads seconds, not negative, as whole nanoseconds; finer ones are rounded if asked for.
  mutating func seconds(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String,
    _ options: ReadOptions
  ) throws(Fault) -> Int64 {
    let range = position..<valueEnd(in: text)
    let hasLeadingZero =
      range.count > 1 && text[range.lowerBound] == 48
      && (48...57).contains(text[range.lowerBound + 1])
    if hasLeadingZero {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(text.quoted(range)); expected seconds without leading zeros"
      )
    }
    let time = try text.seconds(range, name(), options)
    self = JSONCursor(at: range.upperBound)
    return time
  }

  /// Reads a string and returns where its text stands, escapes and all.
  mutating func string(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> Range<Int> {
    let opening = position
    guard take(UInt8(ascii: "\""), in: text) else {
      let found = text.quoted(opening..<max(opening, valueEnd(in: text)))
      throw Fault(at: opening, "\(name()) is \(found); expected a string")
    }
    var end = position
    while end < text.count, text[end] != UInt8(ascii: "\"") {
      if text[end] < 0x20 {
        throw Fault(at: end, "\(name()) holds a control character; write it as an escape")
      }
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < text.count else {
      throw Fault(at: opening, "\(name()) is not closed with a quote")
    }
    let start = position
    self = JSONCursor(at: end + 1)
    return start..<end
  }

  /// Reads a string as the text that it stands for.
  mutating func decodedString(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> String {
    let range = try string(in: text, name())
    let quoted = (range.lowerBound - 1...range.upperBound).map { text[$0] }
    do throws(JSONError) {
      if case .string(let value) = try JSONValue(parsing: quoted) { return value }
    } catch {
      throw Fault(at: range.lowerBound - 1 + error.offset, "\(name()): \(error.problem)")
    }
    throw Fault(at: range.lowerBound, "\(name()) is not a string")
  }

  /// Reads a list of strings, passing their number and whether one of them is `wanted`.
  mutating func strings(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String,
    contain wanted: StaticString
  ) throws(Fault) -> Bool {
    var isFound = false
    guard try enterArray(in: text, name()) else { return false }
    repeat {
      let range = try string(in: text, name())
      isFound = isFound || text.spells(wanted, range)
    } while try nextElement(in: text)
    return isFound
  }
}
