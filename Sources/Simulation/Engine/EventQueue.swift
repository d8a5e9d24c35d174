import Workload

/// What an event is; within one instant, smaller kinds come first.
enum EventKind: UInt64 {
  case boundary, transferJoin, transferEnd, swapInEnd, loadEnd, retentionEnd, timer
}

/// The pending events, at most one per entity, ordered by (time, kind, owner).
///
/// An indexed 4-ary heap: an entity's event is moved in place when its time changes, so nothing
/// stale is ever popped. The order never depends on when an event was inserted.
struct EventQueue: ~Copyable {
  struct Entry {
    /// The time, then the kind, then the owner, as one number: a comparison without branches.
    var key: UInt128
    var entity: Int32

    var time: SimTime { SimTime(bitPattern: key._high) }
    var kind: EventKind { EventKind(rawValue: key._low >> 56) ?? .timer }
  }

  private var heap = Slots<Entry>(minimumCapacity: 64)
  /// Whether the root has been popped and its place not taken. Most events schedule the next one of
  /// their instance, which then sinks from the root instead of being appended and rising.
  private var hasHole = false
  /// Position of each entity in `heap`; −1 where it has no event.
  private var position: Slots<Int32>

  init(entities: Int) {
    position = Slots(repeating: -1, count: entities)
  }

  /// The earliest time, or `never`: read several times for each event.
  private(set) var nextTime = SimTime.never

  mutating func grow(entities: Int) {
    while position.count < entities { position.append(-1) }
  }

  /// Sets the entity's only event. While the root's place is open, an event that is moved must not
  /// become earlier than the one that was popped: during an instant all are for now or later.
  mutating func schedule(_ entity: Int, at time: SimTime, kind: EventKind, owner: Int64) {
    let entry = Entry(
      key: UInt128(
        _low: kind.rawValue << 56 | UInt64(truncatingIfNeeded: owner),
        _high: UInt64(bitPattern: time)
      ),
      entity: Int32(truncatingIfNeeded: entity)
    )
    let at = Int(position[entity])
    if at < 0, hasHole {
      hasHole = false
      heap[0] = entry
      siftDown(0)
      nextTime = heap[0].time
    } else if at < 0 {
      heap.append(entry)
      siftUp(heap.count - 1)
      nextTime = min(nextTime, time)
    } else {
      let rises = entry.key < heap[at].key
      heap[at] = entry
      if rises { siftUp(at) } else { siftDown(at) }
      findNextTime()
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
    if hasHole { fillHole() }
    let first = heap[0]
    position[Int(first.entity)] = -1
    hasHole = true
    findNextTime()
    return (first.kind, Int(first.entity))
  }

  @inline(__always)
  private mutating func findNextTime() {
    guard hasHole else {
      nextTime = heap.count == 0 ? .never : heap[0].time
      return
    }
    nextTime =
      heap.count >= 5
      ? heap[firstOfFour(1)].time : heap.count == 1 ? .never : heap[firstOfLast(1)].time
  }

  private mutating func fillHole() {
    hasHole = false
    let last = heap.removeLast()
    guard heap.count > 0 else { return }
    heap[0] = last
    siftDown(0)
  }

  private mutating func remove(at index: Int) {
    defer { findNextTime() }
    position[Int(heap[index].entity)] = -1
    let last = heap.removeLast()
    guard index < heap.count else { return }
    let rises = last.key < heap[index].key
    heap[index] = last
    if rises { siftUp(index) } else { siftDown(index) }
  }

  // Indices below are derived from `start` and `count` alone, so the checked subscript would only
  // repeat the loop conditions.

  private mutating func siftUp(_ start: Int) {
    var hole = start
    let entry = heap[start]
    while hole > 0 {
      let parent = (hole - 1) >> 2
      let above = unsafe heap[unchecked: parent]
      guard entry.key < above.key else { break }
      unsafe heap[unchecked: hole] = above
      unsafe position[unchecked: Int(above.entity)] = Int32(truncatingIfNeeded: hole)
      hole = parent
    }
    unsafe heap[unchecked: hole] = entry
    unsafe position[unchecked: Int(entry.entity)] = Int32(truncatingIfNeeded: hole)
  }

  /// The first of four siblings: which it is is as good as random, so positions are added, not branched
  /// on.
  @inline(__always)
  private func firstOfFour(_ child: Int) -> Int {
    let (a, b, c, d) = unsafe (
      heap[unchecked: child].key, heap[unchecked: child + 1].key,
      heap[unchecked: child + 2].key, heap[unchecked: child + 3].key
    )
    let left = child + (b < a ? 1 : 0)
    let right = child + (d < c ? 3 : 2)
    return unsafe heap[unchecked: right].key < heap[unchecked: left].key ? right : left
  }

  /// The first of fewer than four siblings, the last in the heap.
  private func firstOfLast(_ child: Int) -> Int {
    var best = child
    for sibling in child + 1..<heap.count {
      best = unsafe heap[unchecked: sibling].key < heap[unchecked: best].key ? sibling : best
    }
    return best
  }

  private mutating func siftDown(_ start: Int) {
    let count = heap.count
    var hole = start
    let entry = heap[start]
    while true {
      let child = hole << 2 + 1
      guard child < count else { break }
      let best = child + 4 <= count ? firstOfFour(child) : firstOfLast(child)
      let below = unsafe heap[unchecked: best]
      guard below.key < entry.key else { break }
      unsafe heap[unchecked: hole] = below
      unsafe position[unchecked: Int(below.entity)] = Int32(truncatingIfNeeded: hole)
      hole = best
    }
    unsafe heap[unchecked: hole] = entry
    unsafe position[unchecked: Int(entry.entity)] = Int32(truncatingIfNeeded: hole)
  }
}
