/// The bound: evicts the block that is needed again last, which takes knowing the future.
///
/// A block that is touched is always inserted, as in the other caches; of blocks that are not needed
/// again the one with the lowest number goes first.
///
/// Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
/// Journal 1966.
public struct BeladyCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  /// The next reference to the block of each reference; `Int32.max` for none.
  private let nextUse: ContiguousArray<Int32>
  private var ranked: RankedBlocks
  private var time = 0

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    ranked = RankedBlocks(blocks: paths.blockCount)
    nextUse = Self.nextUses(paths)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    // The heap gives the smallest first.
    let rank = UInt128(Int32.max - nextUse[time]) << 32 | UInt128(block)
    time += 1
    if ranked.contains(block) {
      ranked.update(block, rank)
      return true
    }
    if ranked.count == capacity { _ = ranked.removeSmallest() }
    ranked.insert(block, rank)
    return false
  }

  private static func nextUses(_ paths: PrefixPaths) -> ContiguousArray<Int32> {
    var next = ContiguousArray<Int32>(repeating: .max, count: Int(paths.references))
    var last = ContiguousArray<Int32>(repeating: -1, count: paths.blockCount)
    var time: Int32 = 0
    for run in paths.runs {
      let first = Int(paths.firstBlock[Int(run.node)])
      for block in first + Int(run.start)..<first + Int(run.end) {
        if last[block] >= 0 { next[Int(last[block])] = time }
        last[block] = time
        time += 1
      }
    }
    return next
  }
}
