/// Least frequently used first, ties by least recent; what is evicted is forgotten.
public struct LFUCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  private var ranked: RankedBlocks<CountedRank>
  private var time: Int64 = 0

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    ranked = RankedBlocks(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    ranked.touch(block, rankPosition: 0, capacity: capacity, time: &time)
  }
}

/// Least frequently used first; of those the one that stands earliest in its prompt, then the least
/// recent.
///
/// Source: Mooncake (arXiv 2407.00079), table 1, LengthAwareCache.
public struct LengthAwareCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  private var ranked: RankedBlocks<CountedRank>
  private var time: Int64 = 0

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    ranked = RankedBlocks(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    ranked.touch(block, rankPosition: Int64(position), capacity: capacity, time: &time)
  }
}

extension RankedBlocks<CountedRank> {
  /// Counts a touch, inserting the block where it is missing, and returns whether it was there.
  fileprivate mutating func touch(
    _ block: Int,
    rankPosition: Int64,
    capacity: Int,
    time: inout Int64
  ) -> Bool {
    time += 1
    if contains(block) {
      let count = rank(of: block).count + 1
      update(block, CountedRank(count: count, position: rankPosition, touched: time))
      return true
    }
    if count == capacity { _ = removeSmallest() }
    insert(block, CountedRank(count: 1, position: rankPosition, touched: time))
    return false
  }
}
