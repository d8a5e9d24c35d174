/// A cache whose rule needs to look at every block by itself.
public protocol SingleBlockCache: BlockCache, ~Copyable {
  /// Number of each node's first block.
  var firstBlock: ContiguousArray<Int32> { get }

  /// Touches one block, by its number in the trace, and returns whether it was cached.
  mutating func touch(block: Int, position: Int) -> Bool
}

extension SingleBlockCache where Self: ~Copyable {
  public mutating func touch(_ run: PathRun, position: Int) -> RunHits {
    let first = Int(firstBlock[Int(run.node)])
    var hits = RunHits(count: 0, includesLast: false)
    var position = position
    for block in first + Int(run.start)..<first + Int(run.end) {
      hits.includesLast = touch(block: block, position: position)
      if hits.includesLast { hits.count += 1 }
      position += 1
    }
    return hits
  }
}

/// Lists of blocks that share one pair of links per block, since a block is in one list at a time.
struct BlockLists {
  struct Ends {
    var head: Int32 = -1
    var tail: Int32 = -1
    var count = 0
  }

  private var before: ContiguousArray<Int32>
  private var after: ContiguousArray<Int32>

  init(blocks: Int) {
    before = ContiguousArray(repeating: -1, count: blocks)
    after = ContiguousArray(repeating: -1, count: blocks)
  }

  /// Puts a block that is in no list behind the last.
  mutating func append(_ block: Int32, to list: inout Ends) {
    before[Int(block)] = list.tail
    after[Int(block)] = -1
    if list.tail >= 0 { after[Int(list.tail)] = block } else { list.head = block }
    list.tail = block
    list.count += 1
  }

  /// Puts a block that is in no list before one that is in this.
  mutating func insert(_ block: Int32, before next: Int32, in list: inout Ends) {
    let previous = before[Int(next)]
    before[Int(block)] = previous
    after[Int(block)] = next
    before[Int(next)] = block
    if previous >= 0 { after[Int(previous)] = block } else { list.head = block }
    list.count += 1
  }

  mutating func remove(_ block: Int32, from list: inout Ends) {
    let (previous, next) = (before[Int(block)], after[Int(block)])
    if previous >= 0 { after[Int(previous)] = next } else { list.head = next }
    if next >= 0 { before[Int(next)] = previous } else { list.tail = previous }
    list.count -= 1
  }

  /// Takes the first block of a list that is not empty.
  mutating func removeFirst(of list: inout Ends) -> Int32 {
    let block = list.head
    remove(block, from: &list)
    return block
  }

  /// The next block of its list; −1 behind the last.
  func next(after block: Int32) -> Int32 { after[Int(block)] }
}
