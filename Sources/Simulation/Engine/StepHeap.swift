/// Requests of a batch by the step at which something happens to them, earliest first.
struct StepHeap {
  struct Entry {
    var step: Int64
    var record: Int64
    var slot: Int32

    @inline(__always)
    func precedes(_ other: Entry) -> Bool {
      step != other.step ? step < other.step : record < other.record
    }
  }

  private(set) var entries: ContiguousArray<Entry> = []

  /// The earliest step; `Int64.max` if empty.
  var nextStep: Int64 { entries.isEmpty ? .max : entries[0].step }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    siftUp(entries.count - 1, entry)
  }

  mutating func pop() -> Int32 {
    let slot = entries[0].slot
    remove(at: 0)
    return slot
  }

  /// Removes a request wherever it is; used for preemption only, so a search is cheap enough.
  mutating func remove(slot: Int32) {
    if let index = entries.firstIndex(where: { $0.slot == slot }) { remove(at: index) }
  }

  private mutating func remove(at index: Int) {
    let last = entries.removeLast()
    guard index < entries.count else { return }
    if index > 0, last.precedes(entries[(index - 1) >> 1]) {
      siftUp(index, last)
    } else {
      siftDown(index, last)
    }
  }

  private mutating func siftUp(_ start: Int, _ entry: Entry) {
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) >> 1
      guard entry.precedes(entries[parent]) else { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = entry
  }

  private mutating func siftDown(_ start: Int, _ entry: Entry) {
    var hole = start
    while true {
      var child = 2 * hole + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(entry) else { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = entry
  }
}
