/// Cached blocks by a rank that changes when they are touched; the smallest is the next victim.
///
/// A binary heap that knows where each block stands, so that a rank changes in place.
struct RankedBlocks<Rank: Comparable> {
  private var heap = ContiguousArray<Int32>()
  private var ranks = ContiguousArray<Rank>()
  /// Where each block stands in the heap; −1 where it is not cached.
  private var slot: ContiguousArray<Int32>

  init(blocks: Int) { slot = ContiguousArray(repeating: -1, count: blocks) }

  var count: Int { heap.count }

  func contains(_ block: Int) -> Bool { slot[block] >= 0 }

  func rank(of block: Int) -> Rank { ranks[Int(slot[block])] }

  mutating func insert(_ block: Int, _ rank: Rank) {
    heap.append(Int32(block))
    ranks.append(rank)
    slot[block] = Int32(heap.count - 1)
    raise(heap.count - 1)
  }

  /// Gives a block that is there another rank.
  mutating func update(_ block: Int, _ rank: Rank) {
    let index = Int(slot[block])
    let isSmaller = rank < ranks[index]
    ranks[index] = rank
    if isSmaller { raise(index) } else { sink(index) }
  }

  /// Removes the block with the smallest rank.
  mutating func removeSmallest() -> Int {
    let block = Int(heap[0])
    let last = heap.count - 1
    exchange(0, last)
    heap.removeLast()
    ranks.removeLast()
    slot[block] = -1
    if !heap.isEmpty { sink(0) }
    return block
  }

  private mutating func raise(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard ranks[child] < ranks[parent] else { return }
      exchange(child, parent)
      child = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && ranks[child] < ranks[smallest] {
        smallest = child
      }
      if smallest == parent { return }
      exchange(parent, smallest)
      parent = smallest
    }
  }

  private mutating func exchange(_ a: Int, _ b: Int) {
    heap.swapAt(a, b)
    ranks.swapAt(a, b)
    slot[Int(heap[a])] = Int32(a)
    slot[Int(heap[b])] = Int32(b)
  }
}

/// Ranks that are compared part by part, the first that differs deciding.
struct CountedRank: Comparable {
  /// Times touched since it was inserted.
  var count: Int64
  /// Blocks before it in its prompt, where that matters; else 0.
  var position: Int64
  /// When it was last touched, in references.
  var touched: Int64

  static func < (a: CountedRank, b: CountedRank) -> Bool {
    if a.count != b.count { return a.count < b.count }
    if a.position != b.position { return a.position < b.position }
    return a.touched < b.touched
  }
}
