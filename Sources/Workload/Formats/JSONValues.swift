/// Values of JSON lines that more than one format has.
extension JSONCursor {
  /// Reads true or false.
  mutating func flag(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> Bool {
    let range = position..<valueEnd(in: line)
    let isTrue = line.spells("true", range)
    guard isTrue || line.spells("false", range) else {
      throw Fault(at: position, "\(name()) is \(line.quoted(range)); expected true or false")
    }
    self = JSONCursor(at: range.upperBound)
    return isTrue
  }

  /// Reads whole numbers from 0 on into an emptied array.
  mutating func wholes(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String,
    into numbers: inout ContiguousArray<Int64>
  ) throws(Fault) {
    numbers.removeAll(keepingCapacity: true)
    guard try enterArray(in: line, name()) else { return }
    repeat {
      numbers.append(try whole(in: line, name(), 0...Int64.max))
    } while try nextElement(in: line)
  }

  /// Moves past a value of any kind, fast where it is null or a string without escapes.
  mutating func skipAny(in line: Span<UInt8>, _ name: @autoclosure () -> String) throws(Fault) {
    if takeNull(in: line) { return }
    guard position < line.count, line[position] == UInt8(ascii: "\"") else {
      return try skipValue(in: line, name())
    }
    var end = position + 1
    while end < line.count, line[end] != UInt8(ascii: "\""), line[end] != UInt8(ascii: "\\"),
      line[end] >= 0x20
    {
      end += 1
    }
    guard end < line.count, line[end] == UInt8(ascii: "\"") else {
      return try skipValue(in: line, name())
    }
    self = JSONCursor(at: end + 1)
  }
}
