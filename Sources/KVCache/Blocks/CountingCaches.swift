/// Least frequently used first, ties by least recent; what is evicted is forgotten.
public struct LFUCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  private var ranked: RankedBlocks
  private var time: UInt64 = 0

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
  private var ranked: RankedBlocks
  private var time: UInt64 = 0

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    ranked = RankedBlocks(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    ranked.touch(block, rankPosition: position, capacity: capacity, time: &time)
  }
}

extension RankedBlocks {
  /// Counts a touch, inserting the block where it is missing, and returns whether it was there.
  fileprivate mutating func touch(
    _ block: Int,
    rankPosition: Int,
    capacity: Int,
    time: inout UInt64
  ) -> Bool {
    time += 1
    let isCached = contains(block)
    let count = isCached ? rank(of: block) >> 96 + 1 : 1
    let rank = count << 96 | UInt128(rankPosition) << 64 | UInt128(time)
    if isCached {
      update(block, rank)
    } else {
      if self.count == capacity { _ = removeSmallest() }
      insert(block, rank)
    }
    return isCached
  }
}
