public import Workload

/// Evicts what is least likely to be used again within a lifespan, by class of request.
///
/// For each class the times between a use and the next are taken to be exponential, with the mean of
/// those seen so far, which is the lifespan before the first; what was not used for a time a is used
/// in the lifespan L with probability exp(−a/mean) − exp(−(a + L)/mean). So in each class the least
/// recently used is least likely; of equals the deepest goes first, within a class and between
/// classes. A time between uses counts where a path is used again of which nothing cached followed
/// the end: the next turn of a session, not the system prompt that all of them share.
///
/// Source: "KVCache Cache in the Wild" (arXiv 2506.02634), section 5, with times learnt on line.
public struct WorkloadAware: Eviction {
  private var times: ReuseTimes

  /// Looks so far ahead, in nanoseconds.
  public init(lifespan: SimTime) { times = ReuseTimes(lifespan: lifespan) }

  public var ranksByDepth: Bool { true }

  public var dependsOnTime: Bool { true }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(
      key: run.facts.lastUse,
      then: -Int64(run.depth),
      queue: Int32(times.number(of: run.facts.requestClass))
    )
  }

  public mutating func reused(_ facts: UseFacts, now: SimTime) {
    times.add(now - facts.lastUse, to: times.number(of: facts.requestClass))
  }

  public mutating func choose(_ heads: [QueueHead], now: SimTime) -> QueueChoice {
    var best = heads[0]
    var least = probability(best, now: now)
    for head in heads.dropFirst() {
      let probability = probability(head, now: now)
      let (depth, bestDepth) = (head.run.depth, best.run.depth)
      let (order, bestOrder) = (head.run.facts.lastOrder, best.run.facts.lastOrder)
      if probability != least ? probability < least : (-depth, order) < (-bestDepth, bestOrder) {
        best = head
        least = probability
      }
    }
    return QueueChoice(queue: best.queue, blocks: 1)
  }

  private func probability(_ head: QueueHead, now: SimTime) -> Double {
    times.probability(Int(head.queue), age: now - head.run.facts.lastUse)
  }
}
