extension ReplayedEviction {
  static let block: [ReplayedEviction] = [
    ReplayedEviction("lru", "Least recently used first; every capacity from one pass.") {
      paths,
      capacities,
      _ in
      let curve = LRUCurve(paths)
      return capacities.map { curve.counts(capacity: $0) }
    },
    each(
      "leaf-lru",
      "Least recently used first of what nothing cached follows.",
      LeafLRUCache.self
    ),
    each("fifo", "First in, first out.", FIFOCache.self),
    each("lfu", "Least frequently used first, then least recently.", LFUCache.self),
    each("slru", "LRU in two segments: what was hit is protected.", SLRUCache.self),
    each("s3-fifo", "A small queue, a main queue, and a memory of what left.", S3FIFOCache.self),
    each("sieve", "FIFO whose hand passes over what was hit.", SieveCache.self),
    each("length-aware", "LFU that keeps blocks late in prompts.", LengthAwareCache.self),
    ReplayedEviction("ttl", "Drops what is not used for some time; else as lru.", [.seconds]) {
      paths,
      capacities,
      values in
      capacities.map {
        TTLCache(capacity: $0, for: paths, lifetime: values.nanoseconds(.seconds)).replay(paths)
      }
    },
    each("cost-aware", "Keeps what is used often and dear to compute (GDSF).", CostAwareCache.self),
    ReplayedEviction(
      "workload-aware",
      "Least likely to be used again, by class of request.",
      [.lifespan]
    ) { paths, capacities, values in
      let lifespan = values.nanoseconds(.lifespan)
      return capacities.map {
        WorkloadAwareCache(capacity: $0, for: paths, lifespan: lifespan).replay(paths)
      }
    },
    each("none", "Nothing is ever kept.", NoCache.self),
    each("belady", "Needed again last first.", isOracle: true, BeladyCache.self),
    ReplayedEviction("infinite", "Nothing is ever evicted.", isOracle: true) {
      paths,
      capacities,
      _ in
      let counts = LRUCurve(paths).counts(capacity: paths.blockCount)
      return capacities.map { _ in counts }
    },
  ]

  private static func each<Cache: BlockCache & ~Copyable>(
    _ name: String,
    _ summary: String,
    isOracle: Bool = false,
    _ cache: Cache.Type
  ) -> ReplayedEviction {
    ReplayedEviction(name, summary, isOracle: isOracle) { paths, capacities, _ in
      capacities.map { Cache.replay(paths, capacity: $0) }
    }
  }
}
