/// Numbers by other numbers, both from 0, in one open-addressed table.
///
/// For keys that are few among many: an array would cost its length in every cache.
struct SlotTable: Sendable {
  /// A key above its value, −1 where a place is free; a power of two of them, at most half taken.
  private var entries: ContiguousArray<Int64>
  private var mask: Int
  private(set) var count = 0

  init() {
    entries = ContiguousArray(repeating: -1, count: 16)
    mask = 15
  }

  /// The value of a key; −1 where it has none.
  subscript(key: Int32) -> Int32 {
    var place = home(of: key)
    while true {
      let entry = entries[place]
      if entry < 0 { return -1 }
      if Int32(truncatingIfNeeded: entry >> 32) == key { return Int32(truncatingIfNeeded: entry) }
      place = (place + 1) & mask
    }
  }

  /// Gives a key a value, instead of the one that it has.
  mutating func set(_ key: Int32, _ value: Int32) {
    let entry = Int64(key) << 32 | Int64(value)
    var place = home(of: key)
    while entries[place] >= 0 {
      if Int32(truncatingIfNeeded: entries[place] >> 32) == key {
        entries[place] = entry
        return
      }
      place = (place + 1) & mask
    }
    entries[place] = entry
    count += 1
    if 2 * count > entries.count { grow(to: 2 * entries.count) }
  }

  /// Forgets a key, if it is there.
  mutating func remove(_ key: Int32) {
    var hole = home(of: key)
    while true {
      if entries[hole] < 0 { return }
      if Int32(truncatingIfNeeded: entries[hole] >> 32) == key { break }
      hole = (hole + 1) & mask
    }
    // What was pushed past the hole moves back, so that no search ends early.
    var place = (hole + 1) & mask
    while entries[place] >= 0 {
      let distance = (place - home(of: Int32(truncatingIfNeeded: entries[place] >> 32))) & mask
      if distance >= (place - hole) & mask {
        entries[hole] = entries[place]
        hole = place
      }
      place = (place + 1) & mask
    }
    entries[hole] = -1
    count -= 1
  }

  private func home(of key: Int32) -> Int {
    let scattered = UInt64(UInt32(bitPattern: key)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: scattered >> 32) & mask
  }

  /// Makes room for as many more keys as are to be expected.
  mutating func reserve(_ more: Int) {
    var places = entries.count
    while 2 * (count + more) > places { places *= 2 }
    if places > entries.count { grow(to: places) }
  }

  private mutating func grow(to places: Int) {
    let old = entries
    entries = ContiguousArray(repeating: -1, count: places)
    mask = entries.count - 1
    for entry in old where entry >= 0 {
      var place = home(of: Int32(truncatingIfNeeded: entry >> 32))
      while entries[place] >= 0 { place = (place + 1) & mask }
      entries[place] = entry
    }
  }
}
