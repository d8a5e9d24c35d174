/// An eviction of block caches by its name.
public struct BlockEviction: Sendable {
  /// What `--eviction` calls it.
  public let name: String
  /// One sentence.
  public let summary: String
  /// Whether it knows the future, so that it is a bound and no contender.
  public let isOracle: Bool
  /// Replays the prompts in an empty cache of each of these capacities, in blocks, at least 1.
  public let replay: @Sendable (_ paths: PrefixPaths, _ capacities: [Int]) -> [CacheCounts]

  /// All of them; the bounds last.
  public static let all: [BlockEviction] = [
    BlockEviction("lru", "Least recently used first; every capacity from one pass.") {
      paths,
      capacities in
      let curve = LRUCurve(paths)
      return capacities.map { curve.counts(capacity: $0) }
    },
    each("fifo", "First in, first out.", FIFOCache.self),
    each("lfu", "Least frequently used first, then least recently.", LFUCache.self),
    each("slru", "LRU in two segments: what was hit is protected.", SLRUCache.self),
    each("s3-fifo", "A small queue, a main queue, and a memory of what left.", S3FIFOCache.self),
    each("sieve", "FIFO whose hand passes over what was hit.", SieveCache.self),
    each("length-aware", "LFU that keeps blocks late in prompts.", LengthAwareCache.self),
    each("belady", "Needed again last first.", isOracle: true, BeladyCache.self),
    BlockEviction("infinite", "Nothing is ever evicted.", isOracle: true) { paths, capacities in
      let counts = LRUCurve(paths).counts(capacity: paths.blockCount)
      return capacities.map { _ in counts }
    },
  ]

  public static func named(_ name: String) -> BlockEviction? { all.first { $0.name == name } }

  private init(
    _ name: String,
    _ summary: String,
    isOracle: Bool = false,
    replay: @escaping @Sendable (PrefixPaths, [Int]) -> [CacheCounts]
  ) {
    self.name = name
    self.summary = summary
    self.isOracle = isOracle
    self.replay = replay
  }

  private static func each<Cache: BlockCache & ~Copyable>(
    _ name: String,
    _ summary: String,
    isOracle: Bool = false,
    _ cache: Cache.Type
  ) -> BlockEviction {
    BlockEviction(name, summary, isOracle: isOracle) { paths, capacities in
      capacities.map { Cache.replay(paths, capacity: $0) }
    }
  }
}
