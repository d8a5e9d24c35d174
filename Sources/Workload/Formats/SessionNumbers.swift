/// Numbers the sessions of a source, named by any bytes, in order of first appearance.
///
/// An open-addressing table with linear probing over the bytes themselves: no string is made, and the
/// session of the line before, which many files repeat, is compared first.
struct SessionNumbers {
  /// The names, one behind another, and where each starts; that of the next one last.
  private var bytes = ContiguousArray<UInt8>()
  private var start: ContiguousArray<Int> = [0]
  /// Numbers by hash; −1 where a slot is free.
  private var slots = ContiguousArray<Int32>(repeating: -1, count: 1_024)
  private var last: Int32 = -1

  var count: Int { start.count - 1 }

  /// The number of a session, and whether it is a new one.
  mutating func number(
    of id: CSVField,
    _ line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> (number: Int32, isNew: Bool) {
    if last >= 0, spells(last, id.range, line) { return (last, false) }
    var index = Self.slot(of: Self.hash(id.range, line), in: slots.count)
    while slots[index] >= 0 {
      if spells(slots[index], id.range, line) {
        last = slots[index]
        return (last, false)
      }
      index = (index + 1) & (slots.count - 1)
    }
    guard let number = Int32(exactly: count), number < .max else {
      throw Fault(at: id.range.lowerBound, "\(name()) is of more than \(Int32.max) sessions")
    }
    for position in id.range { bytes.append(line[position]) }
    start.append(bytes.count)
    slots[index] = number
    if 2 * count > slots.count { grow() }
    last = number
    return (number, true)
  }

  private func spells(_ number: Int32, _ range: Range<Int>, _ line: Span<UInt8>) -> Bool {
    let first = start[Int(number)]
    guard start[Int(number) + 1] - first == range.count else { return false }
    // Names of one source mostly differ at their ends.
    var offset = range.count - 1
    while offset >= 0, bytes[first + offset] == line[range.lowerBound + offset] { offset -= 1 }
    return offset < 0
  }

  private mutating func grow() {
    var larger = ContiguousArray<Int32>(repeating: -1, count: 2 * slots.count)
    for number in 0..<count {
      let name = bytes.span.extracting(start[number]..<start[number + 1])
      var index = Self.slot(of: Self.hash(0..<name.count, name), in: larger.count)
      while larger[index] >= 0 { index = (index + 1) & (larger.count - 1) }
      larger[index] = Int32(number)
    }
    slots = larger
  }

  /// Where the search for a hash starts, of so many slots, a power of two.
  private static func slot(of hash: UInt64, in slots: Int) -> Int {
    Int(truncatingIfNeeded: hash) & (slots - 1)
  }

  private static func hash(_ range: Range<Int>, _ line: Span<UInt8>) -> UInt64 {
    var hash = UInt64(range.count)
    var word: UInt64 = 0
    var filled = 0
    for position in range {
      word = word << 8 | UInt64(line[position])
      filled += 1
      if filled == 8 {
        hash = SplitMix64.mix(hash ^ word)
        word = 0
        filled = 0
      }
    }
    return SplitMix64.mix(hash ^ word)
  }
}
