/// Evicts what was used least, times what it costs to compute again: greedy dual size frequency.
///
/// A block's priority is the clock at its last use + uses × the time to compute it behind the blocks
/// before it; the clock is the priority of what left last. All blocks are of one size.
///
/// Source: Cherkasova, "Improving WWW proxies performance with greedy-dual-size-frequency caching
/// policy", HP Labs 1998; RAGCache (arXiv 2404.12457) for costs by position in the prompt.
public struct CostAware: Eviction {
  private let context: EvictionContext
  private var clock: Int64 = 0
  /// Time to compute the block at a depth, in nanoseconds, from depth 1.
  private var costs = ContiguousArray<Int64>()

  public init(_ context: EvictionContext) { self.context = context }

  public var ranksByDepth: Bool { true }

  public var stamp: Int64 { clock }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: priority(of: run))
  }

  public mutating func judge(_ run: CachedRun, order: Int64) -> Judgement {
    clock = max(clock, priority(of: run))
    return .evict
  }

  private mutating func priority(of run: CachedRun) -> Int64 {
    while costs.count < run.depth {
      costs.append(context.recomputeTime(context.blockTokens, costs.count * context.blockTokens))
    }
    let (cost, isHuge) = run.facts.uses.multipliedReportingOverflow(by: costs[Int(run.depth) - 1])
    let (sum, overflow) = run.facts.stamp.addingReportingOverflow(cost)
    return isHuge || overflow ? .max : sum
  }
}
