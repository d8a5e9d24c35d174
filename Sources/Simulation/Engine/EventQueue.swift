import Workload

/// What an event is; within one instant, smaller kinds come first.
enum EventKind: UInt64 {
  case boundary, transferJoin, transferEnd, timer
}

/// The pending events, at most one per entity, ordered by (time, kind, owner).
///
/// An indexed 4-ary heap: an entity's event is moved in place when its time changes, so nothing
/// stale is ever popped. The order never depends on when an event was inserted.
struct EventQueue: ~Copyable {
  struct Entry {
    var time: SimTime
    /// The kind in the top byte, the owner below it.
    var tie: UInt64
    var entity: Int32
  }

  private var heap = Slots<Entry>(minimumCapacity: 64)
  /// Position of each entity in `heap`; −1 where it has no event.
  private var position: Slots<Int32>

  init(entities: Int) {
    position = Slots(repeating: -1, count: entities)
  }

  /// The earliest time, or `never`.
  var nextTime: SimTime { heap.count == 0 ? .never : heap[0].time }

  mutating func grow(entities: Int) {
    while position.count < entities { position.append(-1) }
  }

  /// Sets the entity's only event.
  mutating func schedule(_ entity: Int, at time: SimTime, kind: EventKind, owner: Int64) {
    let entry = Entry(
      time: time,
      tie: kind.rawValue << 56 | UInt64(truncatingIfNeeded: owner),
      entity: Int32(truncatingIfNeeded: entity)
    )
    let at = Int(position[entity])
    if at < 0 {
      heap.append(entry)
      siftUp(heap.count - 1)
    } else {
      let rises = Self.precedes(entry, heap[at])
      heap[at] = entry
      if rises { siftUp(at) } else { siftDown(at) }
    }
  }

  /// When the entity's event happens; `never` if it has none.
  func time(of entity: Int) -> SimTime {
    position[entity] < 0 ? .never : heap[Int(position[entity])].time
  }

  mutating func cancel(_ entity: Int) {
    let at = Int(position[entity])
    if at >= 0 { remove(at: at) }
  }

  /// Removes the first event and returns its kind and entity.
  mutating func pop() -> (kind: EventKind, entity: Int) {
    let first = heap[0]
    remove(at: 0)
    let kind = EventKind(rawValue: first.tie >> 56) ?? .timer
    return (kind, Int(first.entity))
  }

  private mutating func remove(at index: Int) {
    position[Int(heap[index].entity)] = -1
    let last = heap.removeLast()
    guard index < heap.count else { return }
    let rises = Self.precedes(last, heap[index])
    heap[index] = last
    if rises { siftUp(index) } else { siftDown(index) }
  }

  private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
    a.time != b.time ? a.time < b.time : a.tie < b.tie
  }

  private mutating func siftUp(_ start: Int) {
    var hole = start
    let entry = heap[start]
    while hole > 0 {
      let parent = (hole - 1) >> 2
      let above = heap[parent]
      guard Self.precedes(entry, above) else { break }
      heap[hole] = above
      position[Int(above.entity)] = Int32(truncatingIfNeeded: hole)
      hole = parent
    }
    heap[hole] = entry
    position[Int(entry.entity)] = Int32(truncatingIfNeeded: hole)
  }

  private mutating func siftDown(_ start: Int) {
    let count = heap.count
    var hole = start
    let entry = heap[start]
    while true {
      let firstChild = hole << 2 + 1
      guard firstChild < count else { break }
      var best = heap[firstChild]
      var bestIndex = firstChild
      var child = firstChild + 1
      let end = min(firstChild + 4, count)
      while child < end {
        let candidate = heap[child]
        if Self.precedes(candidate, best) { (best, bestIndex) = (candidate, child) }
        child += 1
      }
      guard Self.precedes(best, entry) else { break }
      heap[hole] = best
      position[Int(best.entity)] = Int32(truncatingIfNeeded: hole)
      hole = bestIndex
    }
    heap[hole] = entry
    position[Int(entry.entity)] = Int32(truncatingIfNeeded: hole)
  }
}
