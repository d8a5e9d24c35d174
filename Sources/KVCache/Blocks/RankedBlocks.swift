/// Cached blocks by a rank that changes when they are touched; the smallest is the next victim.
///
/// A binary heap that knows where each block stands, so that a rank changes in place. What ranks are
/// compared by is packed into one number, the most important part first.
struct RankedBlocks {
  private var heap = ContiguousArray<Int32>()
  private var ranks = ContiguousArray<UInt128>()
  /// Where each block stands in the heap; −1 where it is not cached.
  private var slot: ContiguousArray<Int32>

  init(blocks: Int) { slot = ContiguousArray(repeating: -1, count: blocks) }

  var count: Int { heap.count }

  func contains(_ block: Int) -> Bool { slot[block] >= 0 }

  func rank(of block: Int) -> UInt128 { ranks[Int(slot[block])] }

  mutating func insert(_ block: Int, _ rank: UInt128) {
    heap.append(Int32(block))
    ranks.append(rank)
    raise(heap.count - 1, block, rank)
  }

  /// Gives a block that is there another rank.
  mutating func update(_ block: Int, _ rank: UInt128) {
    let index = Int(slot[block])
    if rank < ranks[index] { raise(index, block, rank) } else { sink(index, block, rank) }
  }

  /// The smallest rank.
  var smallestRank: UInt128 { ranks[0] }

  /// Removes the block with the smallest rank.
  mutating func removeSmallest() -> Int {
    let smallest = Int(heap[0])
    remove(smallest)
    return smallest
  }

  mutating func remove(_ block: Int) {
    let place = Int(slot[block])
    slot[block] = -1
    let (moved, rank) = (Int(heap.removeLast()), ranks.removeLast())
    guard moved != block else { return }
    if place > 0, rank < ranks[(place - 1) / 2] {
      raise(place, moved, rank)
    } else {
      sink(place, moved, rank)
    }
  }

  /// Fills the hole at a place of the heap with a block that belongs there or higher up.
  private mutating func raise(_ place: Int, _ block: Int, _ rank: UInt128) {
    var hole = place
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard rank < ranks[parent] else { break }
      put(Int(heap[parent]), ranks[parent], at: hole)
      hole = parent
    }
    put(block, rank, at: hole)
  }

  /// Fills the hole at a place of the heap with a block that belongs there or lower down.
  private mutating func sink(_ place: Int, _ block: Int, _ rank: UInt128) {
    var hole = place
    while 2 * hole + 1 < heap.count {
      var child = 2 * hole + 1
      if child + 1 < heap.count, ranks[child + 1] < ranks[child] { child += 1 }
      guard ranks[child] < rank else { break }
      put(Int(heap[child]), ranks[child], at: hole)
      hole = child
    }
    put(block, rank, at: hole)
  }

  private mutating func put(_ block: Int, _ rank: UInt128, at place: Int) {
    heap[place] = Int32(block)
    ranks[place] = rank
    slot[block] = Int32(place)
  }
}
