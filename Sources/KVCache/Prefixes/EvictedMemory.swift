/// Blocks that were evicted lately, first in, first out: the ghost queue of s3-fifo.
///
/// Blocks of a node leave the cache from its end, and none is remembered while it is cached, so what
/// is remembered of a node later stands before what was remembered of it earlier.
struct EvictedMemory: Sendable {
  private struct Entry {
    var blocks: EvictedBlocks
    /// Neighbours by age; −1 for none.
    var older: Int32 = -1
    var newer: Int32 = -1
    /// What was remembered of the node before, which stands behind this; −1 for nothing.
    var behind: Int32 = -1
    /// The reverse.
    var ahead: Int32 = -1

    var count: Int { Int(blocks.to - blocks.from) }
  }

  let capacity: Int
  private var entries = ContiguousArray<Entry>()
  private var free = ContiguousArray<Int32>()
  private var oldest: Int32 = -1
  private var newest: Int32 = -1
  /// The newest entry of each node.
  private var newestOfNode = SlotTable()
  private var count = 0

  /// An empty memory of so many blocks; 0 remembers nothing.
  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { count == 0 }

  /// Remembers blocks, the last of which left first, and forgets what is too much.
  mutating func remember(_ blocks: EvictedBlocks, in trie: inout PrefixTrie) {
    guard capacity > 0 else { return }
    trie.retain(blocks.node)
    var entry = Entry(blocks: blocks)
    entry.older = newest
    entry.behind = newestOfNode[blocks.node]
    let index: Int32
    if let recycled = free.popLast() {
      index = recycled
      entries[Int(index)] = entry
    } else {
      index = Int32(entries.count)
      entries.append(entry)
    }
    if newest >= 0 { entries[Int(newest)].newer = index } else { oldest = index }
    newest = index
    if entry.behind >= 0 { entries[Int(entry.behind)].ahead = index }
    newestOfNode.set(blocks.node, index)
    count += entry.count
    while count > capacity { forgetOldest(count - capacity, in: &trie) }
  }

  mutating func removeAll(in trie: inout PrefixTrie) {
    while oldest >= 0 { forgetOldest(count, in: &trie) }
  }

  /// Forgets blocks `from ..< to` of a path's node, and returns the depth of the deepest that was
  /// remembered; 0 for none.
  mutating func take(
    _ node: Int32,
    from: Int32,
    to: Int32,
    in trie: inout PrefixTrie
  ) -> Int32 {
    var deepest: Int32 = 0
    var index = newestOfNode[node]
    while index >= 0, entries[Int(index)].blocks.from < to {
      let entry = entries[Int(index)]
      let end = min(entry.blocks.to, to)
      deepest = end
      if end < entry.blocks.to {
        count -= Int(end - entry.blocks.from)
        entries[Int(index)].blocks.from = end
        break
      }
      count -= entry.count
      remove(index, in: &trie)
      index = entry.behind
    }
    return deepest
  }

  /// Forgets as much of the oldest entry as is too much.
  private mutating func forgetOldest(_ excess: Int, in trie: inout PrefixTrie) {
    let entry = entries[Int(oldest)]
    if excess < entry.count {
      entries[Int(oldest)].blocks.to -= Int32(excess)
      count -= excess
    } else {
      count -= entry.count
      remove(oldest, in: &trie)
    }
  }

  private mutating func remove(_ index: Int32, in trie: inout PrefixTrie) {
    let entry = entries[Int(index)]
    if entry.older >= 0 {
      entries[Int(entry.older)].newer = entry.newer
    } else {
      oldest = entry.newer
    }
    if entry.newer >= 0 {
      entries[Int(entry.newer)].older = entry.older
    } else {
      newest = entry.older
    }
    if entry.behind >= 0 { entries[Int(entry.behind)].ahead = entry.ahead }
    if entry.ahead >= 0 {
      entries[Int(entry.ahead)].behind = entry.behind
    } else if entry.behind >= 0 {
      newestOfNode.set(entry.blocks.node, entry.behind)
    } else {
      newestOfNode.remove(entry.blocks.node)
    }
    free.append(index)
    trie.release(entry.blocks.node)
  }
}
