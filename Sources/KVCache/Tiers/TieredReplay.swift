import Workload

/// What a cache-only replay with tiers found.
public struct TieredCounts: Sendable, Equatable {
  /// Of all prompts; hits are those of the device.
  public var device = CacheCounts()
  /// By tier, from the fastest.
  public var tiers: [TierCounts]
  /// How long all fetches took, and how long computing what they brought would have taken, in
  /// nanoseconds.
  public var loadTime: Int128 = 0
  public var recomputeTime: Int128 = 0
}

/// What was found in a tier below the device, and what went there.
public struct TierCounts: Sendable, Equatable {
  public var blockHits: Int64 = 0
  public var tokenHits: Int64 = 0
  public var readBytes: Int128 = 0
  public var writtenBytes: Int128 = 0
}

/// A replay by the rules of `PrefixReplay`, of a device with tiers below it.
public struct TieredReplay: ~Copyable {
  private let capacity: Int
  private let blockBytes: Int64
  private var trie = PrefixTrie()
  private var device: PrefixCache
  private var chain: TierChain

  /// An empty device of so many blocks, at least 1, with empty tiers.
  ///
  /// - Parameters:
  ///   - paths: The prompts.
  ///   - context: The device and its costs.
  ///   - tiers: From the fastest to the slowest.
  ///   - write: When tiers are written to.
  ///   - blockBytes: Bytes per block, at least 1.
  ///   - eviction: Makes the eviction of a cache.
  /// - Throws: `PrefixFault` for paths of more than 2³¹ − 1 blocks.
  public init(
    _ paths: PrefixPaths,
    context: EvictionContext,
    tiers: [CacheTier],
    write: TierWrite,
    blockBytes: Int64,
    eviction: (EvictionContext) -> any Eviction
  ) throws(PrefixFault) {
    let own = eviction(context)
    capacity = own.isUnbounded ? .max : context.capacityBlocks
    self.blockBytes = blockBytes
    device = PrefixCache(eviction: own)
    device.recordsEvictions = true
    chain = TierChain(
      tiers,
      write: write,
      context: context,
      blockBytes: blockBytes,
      eviction: eviction
    )
    try trie.add(paths.nodes)
  }

  /// Blocks moved so far, by tier.
  public var traffic: [TierChain.Traffic] { chain.traffic }

  /// Replays one prompt and returns how many of its blocks there are, how many the device had, and
  /// what was fetched.
  public mutating func step(
    _ paths: PrefixPaths,
    prompt: Int
  ) -> (blocks: Int, hits: Int, reads: [TierRead]) {
    let range = paths.firstRun[prompt]..<paths.firstRun[prompt + 1]
    guard let last = range.last else { return (0, 0, []) }
    let run = paths.runs[Int(last)]
    guard let end = trie.point(id: run.node, blocks: run.end) else { return (0, 0, []) }
    let use = CacheUse(
      now: paths.arrival[prompt],
      session: paths.session[prompt],
      requestClass: paths.requestClass[prompt]
    )
    _ = device.expire(now: use.now, in: &trie)
    reportEvictions(isForGood: true, use)
    let cached = device.match(end, in: trie)
    let reads = chain.read(end, beyond: cached, use, in: &trie)
    let kept = Int(end.depth) <= capacity ? end : trie.ancestor(of: end, depth: Int32(capacity))
    _ = device.pin(cached, use, in: &trie)
    let missing = Int(kept.depth - cached.depth)
    let excess = Int(device.blocksInUse + device.idleBlocks) - capacity + missing
    if excess > 0 { _ = device.evict(excess, now: use.now, in: &trie) }
    reportEvictions(isForGood: false, use)
    _ = device.extend(cached, to: kept, use, in: &trie)
    chain.inserted(kept, hit: cached, use, in: &trie)
    _ = device.unpin(kept, use, in: &trie)
    reportEvictions(isForGood: false, use)
    return (Int(end.depth), Int(cached.depth), reads)
  }

  private mutating func reportEvictions(isForGood: Bool, _ use: CacheUse) {
    chain.evicted(device.evictions, isForGood: isForGood, use, in: &trie)
    device.clearEvictions(in: &trie)
  }

  /// Replays all prompts, from empty caches.
  public consuming func replay(_ paths: PrefixPaths) -> TieredCounts {
    var counts = TieredCounts(tiers: chain.traffic.map { _ in TierCounts() })
    for prompt in 0..<paths.count {
      let (blocks, hits, reads) = step(paths, prompt: prompt)
      counts.device.add(
        promptTokens: paths.promptTokens[prompt],
        blocks: blocks,
        blockTokens: paths.blockTokens,
        hits: Int64(hits),
        includesLast: hits == blocks
      )
      let tokens = Int64(paths.promptTokens[prompt])
      for read in reads {
        let end = min(Int64(read.to) * Int64(paths.blockTokens), tokens)
        counts.tiers[read.tier].blockHits += Int64(read.to - read.from)
        counts.tiers[read.tier].tokenHits += end - Int64(read.from) * Int64(paths.blockTokens)
        counts.loadTime += Int128(read.loadTime)
        counts.recomputeTime += Int128(read.recomputeTime)
      }
    }
    for (tier, moved) in chain.traffic.enumerated() {
      counts.tiers[tier].readBytes = Int128(moved.readBlocks) * Int128(blockBytes)
      counts.tiers[tier].writtenBytes = Int128(moved.writtenBlocks) * Int128(blockBytes)
    }
    return counts
  }
}
