/// An order of items, sorted by one integer key after another, the least significant key first.
///
/// A radix sort, since rows are sorted by the million and mostly stand in some of their orders
/// already: a key that ascends costs one look at each item, another one a pass for each 11 bits in
/// which its values differ.
struct StableOrder {
  private var items: ContiguousArray<Item>

  private struct Item {
    var key: UInt64 = 0
    var index: Int32 = 0
  }

  private static let digitBits: UInt64 = 11

  /// The order of the indices from 0 up to `count`.
  init(count: Int) {
    items = ContiguousArray((0..<count).lazy.map { Item(index: Int32($0)) })
  }

  /// Bytes that sorting takes per item.
  static let bytesPerItem = 2 * MemoryLayout<Item>.stride

  /// The items in order.
  var indices: some Sequence<Int> { items.lazy.map { Int($0.index) } }

  /// Sorts by a key of each item; items of equal keys keep their order.
  mutating func sort(by key: (Int) -> Int64) {
    var (least, largest) = (Int64.max, Int64.min)
    var isAscending = true
    for position in items.indices {
      let value = key(Int(items[position].index))
      isAscending = isAscending && value >= largest
      least = min(least, value)
      largest = max(largest, value)
      items[position].key = UInt64(bitPattern: value)
    }
    if isAscending { return }
    let base = UInt64(bitPattern: least)
    for position in items.indices { items[position].key &-= base }
    let span = UInt64(bitPattern: largest) &- base
    var target = ContiguousArray(repeating: Item(), count: items.count)
    for shift in stride(from: 0, to: UInt64(64), by: UInt64.Stride(Self.digitBits))
    where span >> shift > 0 {
      scatter(shift, into: &target)
      swap(&items, &target)
    }
  }

  /// Sorts by one digit of the key.
  private func scatter(_ shift: UInt64, into target: inout ContiguousArray<Item>) {
    let mask = UInt64(1) << Self.digitBits - 1
    var places = ContiguousArray(repeating: 0, count: Int(mask) + 1)
    for item in items { places[Int(item.key >> shift & mask)] += 1 }
    var start = 0
    for digit in places.indices {
      let count = places[digit]
      places[digit] = start
      start += count
    }
    for item in items {
      let digit = Int(item.key >> shift & mask)
      target[places[digit]] = item
      places[digit] += 1
    }
  }
}
