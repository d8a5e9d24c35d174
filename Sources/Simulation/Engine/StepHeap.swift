/// Requests of a batch by the step at which something happens to them, earliest first.
struct StepHeap: ~Copyable {
  struct Entry {
    var step: Int64
    var record: Int64
    var slot: Int32

    /// The step, then the record, as one number: a comparison without branches. Both are at least 0.
    @inline(__always)
    fileprivate var key: UInt128 {
      UInt128(_low: UInt64(bitPattern: record), _high: UInt64(bitPattern: step))
    }
  }

  private(set) var entries = Slots<Entry>()

  /// The earliest step; `Int64.max` if empty.
  var nextStep: Int64 { entries.count == 0 ? .max : entries[0].step }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    siftUp(entries.count - 1)
  }

  mutating func pop() -> Int32 {
    let slot = entries[0].slot
    remove(at: 0)
    return slot
  }

  /// Removes a request wherever it is; used for preemption only, so a search is cheap enough.
  mutating func remove(slot: Int32) {
    for index in entries.indices where entries[index].slot == slot { return remove(at: index) }
  }

  private mutating func remove(at index: Int) {
    let last = entries.removeLast()
    guard index < entries.count else { return }
    let hole = sinkHole(from: index)
    entries[hole] = last
    siftUp(hole)
  }

  // Indices below are derived from `start` and `count` alone, so the checked subscript would only
  // repeat the loop conditions.

  private mutating func siftUp(_ start: Int) {
    let entry = entries[start]
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) >> 1
      let above = unsafe entries[unchecked: parent]
      guard entry.key < above.key else { break }
      unsafe entries[unchecked: hole] = above
      hole = parent
    }
    unsafe entries[unchecked: hole] = entry
  }

  /// Moves a hole to the bottom, below the first of its children each time: the entry that fills it
  /// comes from there, and hardly ever rises again.
  private mutating func sinkHole(from start: Int) -> Int {
    let count = entries.count
    var hole = start
    while true {
      var child = 2 * hole + 1
      guard child < count else { return hole }
      if child + 1 < count {
        // Which of two children is first is as good as random: added, not branched on.
        let (left, right) = unsafe (
          entries[unchecked: child].key, entries[unchecked: child + 1].key
        )
        child += right < left ? 1 : 0
      }
      unsafe entries[unchecked: hole] = entries[unchecked: child]
      hole = child
    }
  }
}
