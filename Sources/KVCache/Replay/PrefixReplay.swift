import Workload

/// A cache-only replay by the rules of the engine, without time between a prompt's start and end.
///
/// The longest cached beginning of a prompt is pinned; room is made for the rest, which is inserted;
/// and the use ends. A prompt longer than the cache keeps its beginning.
public struct PrefixReplay: ~Copyable {
  private let capacity: Int
  private var trie = PrefixTrie()
  private var cache: PrefixCache

  /// An empty cache of so many blocks, at least 1, for the prompts of a trace.
  ///
  /// - Throws: `PrefixFault` for paths of more than 2³¹ − 1 blocks.
  public init(
    _ paths: PrefixPaths,
    capacity: Int,
    eviction: any Eviction
  ) throws(PrefixFault) {
    precondition(capacity >= 1, "a cache of no block")
    self.capacity = eviction.isUnbounded ? .max : capacity
    cache = PrefixCache(eviction: eviction)
    try trie.add(paths.nodes)
  }

  /// Replays one prompt and returns how many of its blocks, from the first, were cached.
  public mutating func step(_ paths: PrefixPaths, prompt: Int) -> (hits: Int, blocks: Int) {
    let range = paths.firstRun[prompt]..<paths.firstRun[prompt + 1]
    guard let last = range.last else { return (0, 0) }
    let run = paths.runs[Int(last)]
    guard let end = trie.point(id: run.node, blocks: run.end) else { return (0, 0) }
    let use = CacheUse(
      now: paths.arrival[prompt],
      session: paths.session[prompt],
      requestClass: paths.requestClass[prompt]
    )
    _ = cache.expire(now: use.now, in: &trie)
    let cached = cache.match(end, in: trie)
    _ = cache.pin(cached, use, in: &trie)
    let kept =
      Int(end.depth) <= capacity ? end : trie.ancestor(of: end, depth: Int32(capacity))
    let missing = Int(kept.depth - cached.depth)
    let excess = Int(cache.blocksInUse + cache.idleBlocks) - capacity + missing
    if excess > 0 { _ = cache.evict(excess, now: use.now, in: &trie) }
    _ = cache.extend(cached, to: kept, use, in: &trie)
    _ = cache.unpin(kept, use, in: &trie)
    return (Int(cached.depth), Int(end.depth))
  }

  /// Replays all prompts, from an empty cache.
  public static func replay(
    _ paths: PrefixPaths,
    capacity: Int,
    eviction: any Eviction
  ) throws(PrefixFault) -> CacheCounts {
    var replay = try PrefixReplay(paths, capacity: capacity, eviction: eviction)
    var counts = CacheCounts()
    for prompt in 0..<paths.count {
      let (hits, blocks) = replay.step(paths, prompt: prompt)
      counts.add(
        promptTokens: paths.promptTokens[prompt],
        blocks: blocks,
        blockTokens: paths.blockTokens,
        hits: Int64(hits),
        includesLast: hits == blocks
      )
    }
    return counts
  }
}
