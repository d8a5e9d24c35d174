/// What comes next: a binary heap of places by time, ties by place.
struct TimeHeap {
  struct Entry {
    /// Microseconds.
    var time: Int64
    var place: Int32

    @inline(__always)
    func isBefore(_ other: Entry) -> Bool {
      time < other.time || (time == other.time && place < other.place)
    }
  }

  private var entries = ContiguousArray<Entry>()

  var first: Entry? { entries.first }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var hole = entries.count - 1
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard entry.isBefore(entries[parent]) else { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = entry
  }

  /// Puts another entry in the first one's place.
  mutating func replaceFirst(_ entry: Entry) {
    let count = entries.count
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < count else { break }
      if child + 1 < count, entries[child + 1].isBefore(entries[child]) { child += 1 }
      guard entries[child].isBefore(entry) else { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = entry
  }

  mutating func removeFirst() {
    guard let last = entries.popLast(), !entries.isEmpty else { return }
    replaceFirst(last)
  }
}
