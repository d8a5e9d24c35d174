/// Idle leaves in the order in which they would be evicted, one binary heap per queue.
///
/// A run knows its place, so it can leave from the middle. Ranks do not change while a run waits.
struct LeafQueues: Sendable {
  private struct Entry {
    var key: Int64
    var second: Int64
    var lastOrder: Int64
    var run: Int32

    func precedes(_ other: Entry) -> Bool {
      if key != other.key { return key < other.key }
      return second != other.second ? second < other.second : lastOrder < other.lastOrder
    }
  }

  private var heaps: [ContiguousArray<Entry>] = [[]]

  /// How many queues have ever been used.
  var count: Int { heaps.count }

  func first(of queue: Int) -> Int32? { heaps[queue].first?.run }

  mutating func insert(
    _ index: Int32,
    _ rank: EvictionRank,
    in runs: inout ContiguousArray<CachedRun>
  ) {
    while heaps.count <= rank.queue { heaps.append([]) }
    let entry = Entry(
      key: rank.key,
      second: rank.second,
      lastOrder: runs[Int(index)].facts.lastOrder,
      run: index
    )
    runs[Int(index)].queue = rank.queue
    heaps[Int(rank.queue)].append(entry)
    Self.raise(heaps[Int(rank.queue)].count - 1, entry, &heaps[Int(rank.queue)], &runs)
  }

  mutating func remove(_ index: Int32, in runs: inout ContiguousArray<CachedRun>) {
    let (queue, place) = (Int(runs[Int(index)].queue), Int(runs[Int(index)].place))
    runs[Int(index)].place = -1
    guard let last = heaps[queue].popLast(), last.run != index else { return }
    if place > 0, last.precedes(heaps[queue][(place - 1) / 2]) {
      Self.raise(place, last, &heaps[queue], &runs)
    } else {
      Self.sink(place, last, &heaps[queue], &runs)
    }
  }

  private static func raise(
    _ place: Int,
    _ entry: Entry,
    _ heap: inout ContiguousArray<Entry>,
    _ runs: inout ContiguousArray<CachedRun>
  ) {
    var hole = place
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard entry.precedes(heap[parent]) else { break }
      heap[hole] = heap[parent]
      runs[Int(heap[hole].run)].place = Int32(hole)
      hole = parent
    }
    heap[hole] = entry
    runs[Int(entry.run)].place = Int32(hole)
  }

  private static func sink(
    _ place: Int,
    _ entry: Entry,
    _ heap: inout ContiguousArray<Entry>,
    _ runs: inout ContiguousArray<CachedRun>
  ) {
    var hole = place
    while 2 * hole + 1 < heap.count {
      var child = 2 * hole + 1
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(entry) else { break }
      heap[hole] = heap[child]
      runs[Int(heap[hole].run)].place = Int32(hole)
      hole = child
    }
    heap[hole] = entry
    runs[Int(entry.run)].place = Int32(hole)
  }
}
