/// SIEVE: first in, first out, but a hand passes over blocks that were hit since it last came by.
///
/// Source: Zhang et al., "SIEVE is Simpler than LRU", NSDI '24, algorithm 1.
public struct SieveCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  private var isCached: ContiguousArray<Bool>
  private var wasHit: ContiguousArray<Bool>
  /// From the oldest to the newest.
  private var queue = BlockLists.Ends()
  private var lists: BlockLists
  /// Where the search for the next victim begins; −1 for the oldest.
  private var hand: Int32 = -1

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    isCached = ContiguousArray(repeating: false, count: paths.blockCount)
    wasHit = ContiguousArray(repeating: false, count: paths.blockCount)
    lists = BlockLists(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    if isCached[block] {
      wasHit[block] = true
      return true
    }
    if queue.count == capacity { evict() }
    lists.append(Int32(block), to: &queue)
    isCached[block] = true
    wasHit[block] = false
    return false
  }

  private mutating func evict() {
    var victim = hand >= 0 ? hand : queue.head
    while wasHit[Int(victim)] {
      wasHit[Int(victim)] = false
      let next = lists.next(after: victim)
      victim = next >= 0 ? next : queue.head
    }
    hand = lists.next(after: victim)
    lists.remove(victim, from: &queue)
    isCached[Int(victim)] = false
  }
}
