import Workload

/// Requests that wait in an order policy's order: smallest (key, queuedAt, record) first.
///
/// With static keys it is a binary heap; with keys that depend on time it is a bag whose head is
/// searched for, because the order may change between any two looks.
struct WaitQueue: ~Copyable {
  struct Entry {
    var key: Double
    var queuedAt: SimTime
    var record: Int64
    var slot: Int32

    func precedes(_ other: Entry) -> Bool {
      if key != other.key { return key < other.key }
      if queuedAt != other.queuedAt { return queuedAt < other.queuedAt }
      return record < other.record
    }
  }

  private(set) var entries = Slots<Entry>()
  let isHeap: Bool

  init(dependsOnTime: Bool) { isHeap = !dependsOnTime }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.count == 0 }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    guard isHeap else { return }
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) >> 1
      guard entry.precedes(entries[parent]) else { break }
      entries[child] = entries[parent]
      child = parent
    }
    entries[child] = entry
  }

  /// Gives every entry the key it has now.
  mutating func rekey(_ key: (Int32) -> Double) {
    for index in entries.indices { entries[index].key = key(entries[index].slot) }
  }

  /// The position of the head; the queue must not be empty.
  func headIndex() -> Int {
    guard !isHeap else { return 0 }
    var best = 0
    for index in 1..<max(1, entries.count) where entries[index].precedes(entries[best]) {
      best = index
    }
    return best
  }

  /// Removes the head found by `headIndex`.
  mutating func remove(at index: Int) {
    let last = entries.removeLast()
    guard index < entries.count else { return }
    guard isHeap else {
      entries[index] = last
      return
    }
    var hole = index
    while true {
      var child = 2 * hole + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(last) else { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = last
  }
}
