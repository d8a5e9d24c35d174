/// Greedy dual size frequency: evicts the least of clock at the last touch + touches × the time to
/// compute the block behind those before it; the clock is that of what left last.
///
/// Source: see `CostAware`, which is the same rule for leaves.
public struct CostAwareCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let context: EvictionContext
  private var ranked: RankedBlocks
  private var touches: ContiguousArray<Int64>
  private var clock: Int64 = 0
  private var time: UInt64 = 0
  /// Time to compute the block at a position, in nanoseconds.
  private var costs = ContiguousArray<Int64>()

  public init(capacity: Int, for paths: PrefixPaths) {
    self.init(
      for: paths,
      EvictionContext(blockTokens: paths.blockTokens, capacityBlocks: capacity)
    )
  }

  public init(for paths: PrefixPaths, _ context: EvictionContext) {
    self.context = context
    firstBlock = paths.firstBlock
    ranked = RankedBlocks(blocks: paths.blockCount)
    touches = ContiguousArray(repeating: 0, count: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    time += 1
    let wasCached = ranked.contains(block)
    if !wasCached, ranked.count == context.capacityBlocks {
      clock = Int64(truncatingIfNeeded: ranked.smallestRank >> 64)
      _ = ranked.removeSmallest()
    }
    touches[block] = wasCached ? touches[block] + 1 : 1
    let rank = UInt128(priority(touches[block], position)) << 64 | UInt128(time)
    if wasCached { ranked.update(block, rank) } else { ranked.insert(block, rank) }
    return wasCached
  }

  private mutating func priority(_ touches: Int64, _ position: Int) -> Int64 {
    while costs.count <= position {
      costs.append(context.recomputeTime(context.blockTokens, costs.count * context.blockTokens))
    }
    let (cost, isHuge) = touches.multipliedReportingOverflow(by: max(0, costs[position]))
    let (sum, overflow) = clock.addingReportingOverflow(cost)
    return isHuge || overflow ? .max : sum
  }
}
