public import Workload

/// A cache of single blocks as the literature replays one: every block of a prompt is touched in
/// order, head first; none is pinned; a miss inserts, and evicts one block where the cache is full.
public protocol BlockCache: ~Copyable {
  /// An empty cache of so many blocks, at least 1, for the prompts of a trace.
  init(capacity: Int, for paths: PrefixPaths)

  /// A prompt begins, of a request that arrives now.
  mutating func begin(now: SimTime, requestClass: UInt16)

  /// Touches the blocks of a run.
  ///
  /// - Parameters:
  ///   - run: The run; those of a prompt come in order.
  ///   - position: How many blocks of the prompt come before it.
  /// - Returns: How many were there when they were touched, and whether the last one was.
  mutating func touch(_ run: PathRun, position: Int) -> RunHits
}

/// What of a run was cached.
public struct RunHits: Sendable, Equatable {
  public var count: Int
  public var includesLast: Bool

  @inlinable
  public init(count: Int, includesLast: Bool) {
    self.count = count
    self.includesLast = includesLast
  }
}

extension BlockCache where Self: ~Copyable {
  public mutating func begin(now: SimTime, requestClass: UInt16) {}

  /// Replays all prompts, from an empty cache.
  ///
  /// - Parameters:
  ///   - paths: The prompts, in order.
  ///   - capacity: Blocks that the cache holds, at least 1.
  /// - Returns: References and hits.
  public static func replay(_ paths: PrefixPaths, capacity: Int) -> CacheCounts {
    precondition(capacity >= 1, "a cache of no block")
    return Self(capacity: capacity, for: paths).replay(paths)
  }

  /// Replays all prompts, in order.
  consuming func replay(_ paths: PrefixPaths) -> CacheCounts {
    var counts = CacheCounts()
    for prompt in 0..<paths.count {
      let range = Int(paths.firstRun[prompt])..<Int(paths.firstRun[prompt + 1])
      begin(now: paths.arrival[prompt], requestClass: paths.requestClass[prompt])
      var position = 0
      var hits = RunHits(count: 0, includesLast: false)
      var hitBlocks: Int64 = 0
      for index in range {
        let run = paths.runs[index]
        hits = touch(run, position: position)
        hitBlocks += Int64(hits.count)
        position += run.count
      }
      counts.add(
        promptTokens: paths.promptTokens[prompt],
        blocks: position,
        blockTokens: paths.blockTokens,
        hits: hitBlocks,
        includesLast: hits.includesLast
      )
    }
    return counts
  }
}
