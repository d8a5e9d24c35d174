/// Numbers names of any bytes in order of first appearance.
///
/// An open-addressing table with linear probing over the bytes themselves: no string is made, and the
/// name met last, which many files repeat, is compared first.
struct ByteNames {
  /// The names, one behind another, and where each starts; that of the next one last.
  private var bytes = ContiguousArray<UInt8>()
  private var start: ContiguousArray<Int> = [0]
  private var scopes = ContiguousArray<Int32>()
  private var slots = ContiguousArray<Slot>(repeating: Slot(), count: 1_024)
  private var last: Int32 = -1

  private struct Slot {
    /// −1 where the slot is free.
    var number: Int32 = -1
    /// Spares a look at the names of other hashes, and all of them when the table grows.
    var hash: UInt32 = 0
  }

  var count: Int { scopes.count }

  /// The number of a name, and whether it is a new one; nil where there are too many of them. In each
  /// scope a name has another number.
  mutating func number(
    of range: Range<Int>,
    _ line: Span<UInt8>,
    scope: Int32 = 0
  ) -> (number: Int32, isNew: Bool)? {
    if last >= 0, isName(last, range, line, scope) { return (last, false) }
    let hash = Self.hash(range, line, scope)
    var index = Int(hash) & (slots.count - 1)
    while slots[index].number >= 0 {
      if slots[index].hash == hash, isName(slots[index].number, range, line, scope) {
        last = slots[index].number
        return (last, false)
      }
      index = (index + 1) & (slots.count - 1)
    }
    guard let number = Int32(exactly: count), number < .max else { return nil }
    unsafe line.extracting(range).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    start.append(bytes.count)
    scopes.append(scope)
    slots[index] = Slot(number: number, hash: hash)
    if 2 * count > slots.count { grow() }
    last = number
    return (number, true)
  }

  /// A name, what is not UTF-8 in it replaced.
  func text(of number: Int32) -> String {
    String(decoding: bytes[start[Int(number)]..<start[Int(number) + 1]], as: UTF8.self)
  }

  private func isName(
    _ number: Int32,
    _ range: Range<Int>,
    _ line: Span<UInt8>,
    _ scope: Int32
  ) -> Bool {
    let first = start[Int(number)]
    guard start[Int(number) + 1] - first == range.count, scopes[Int(number)] == scope else {
      return false
    }
    // Names of one source mostly differ at their ends.
    var offset = range.count - 1
    while offset >= 0, bytes[first + offset] == line[range.lowerBound + offset] { offset -= 1 }
    return offset < 0
  }

  private mutating func grow() {
    var larger = ContiguousArray<Slot>(repeating: Slot(), count: 2 * slots.count)
    for slot in slots where slot.number >= 0 {
      var index = Int(slot.hash) & (larger.count - 1)
      while larger[index].number >= 0 { index = (index + 1) & (larger.count - 1) }
      larger[index] = slot
    }
    slots = larger
  }

  /// Tables have a power of two of slots, at most as many as there are hashes.
  private static func hash(_ range: Range<Int>, _ line: Span<UInt8>, _ scope: Int32) -> UInt32 {
    var hash = UInt64(range.count) | UInt64(UInt32(bitPattern: scope)) << 32
    var position = range.lowerBound
    while let lanes = ByteLanes(line, at: position), position + ByteLanes.count <= range.upperBound
    {
      hash = SplitMix64.mix(hash ^ lanes.word)
      position += ByteLanes.count
    }
    var rest: UInt64 = 0
    while position < range.upperBound {
      rest = rest << 8 | UInt64(line[position])
      position += 1
    }
    return UInt32(truncatingIfNeeded: SplitMix64.mix(hash ^ rest))
  }
}
