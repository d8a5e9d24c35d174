public import Workload

/// The tiers below a device's prefix cache: host memory, drives, a store.
///
/// Every tier is a prefix cache of its own: what it holds of a path, it holds from the first block
/// on, so writing a block writes what is missing before it. A tier is used, in the sense of its
/// eviction, when it is read and when it is written to.
public struct TierChain: ~Copyable {
  /// Of one tier, in blocks, since the beginning.
  public struct Traffic: Sendable, Equatable {
    public var readBlocks: Int64 = 0
    public var writtenBlocks: Int64 = 0
  }

  public let write: TierWrite
  private let context: EvictionContext
  private let blockBytes: Int64
  private let stores: [TierStore]
  /// Blocks in the device that were found there at least once, twice, …, n − 1 times.
  private var found: [MarkedPaths]
  /// From the fastest to the slowest.
  public private(set) var traffic: [Traffic]

  /// Empty tiers.
  ///
  /// - Parameters:
  ///   - tiers: From the fastest to the slowest, each of at least one block.
  ///   - write: When they are written to.
  ///   - context: What blocks cost to compute, and how many tokens they have.
  ///   - blockBytes: Bytes per block, at least 1.
  ///   - eviction: Makes the eviction of a tier of so many blocks.
  public init(
    _ tiers: [CacheTier],
    write: TierWrite,
    context: EvictionContext,
    blockBytes: Int64,
    eviction: (EvictionContext) -> any Eviction
  ) {
    let stores = tiers.map { tier in
      var context = context
      context.capacityBlocks = tier.capacityBlocks
      return TierStore(tier, eviction: eviction(context), write: write)
    }
    self.init(stores, write: write, context: context, blockBytes: blockBytes)
  }

  /// No tiers.
  public init() {
    let context = EvictionContext(blockTokens: 1, capacityBlocks: 1)
    self.init([], write: .back, context: context, blockBytes: 1)
  }

  /// Tiers that exist, some of which may stand in other chains too.
  ///
  /// - Parameters:
  ///   - stores: From the fastest to the slowest, made for the same mode of writing.
  ///   - write: When they are written to.
  ///   - context: What blocks cost to compute, and how many tokens they have.
  ///   - blockBytes: Bytes per block, at least 1.
  public init(
    _ stores: [TierStore],
    write: TierWrite,
    context: EvictionContext,
    blockBytes: Int64
  ) {
    self.write = write
    self.context = context
    self.blockBytes = blockBytes
    self.stores = stores
    traffic = stores.map { _ in Traffic() }
    switch write {
    case .hit(let count): found = (1..<max(1, count)).map { _ in MarkedPaths() }
    case .back, .through: found = []
    }
  }

  /// Whether there is no tier.
  public var isEmpty: Bool { stores.isEmpty }

  /// Fetches what tiers hold of a path beyond what the device holds, where that is faster than
  /// computing it: part by part, from the fastest tier on.
  ///
  /// - Parameters:
  ///   - end: The path's end.
  ///   - cached: What the device has of it.
  ///   - use: Who asks.
  ///   - trie: The nodes.
  /// - Returns: What was fetched, which begins where the device or the one before ends, or behind
  ///   blocks that are better computed.
  public mutating func read(
    _ end: PrefixPoint,
    beyond cached: PrefixPoint,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) -> [TierRead] {
    var reads: [TierRead] = []
    var covered = cached.depth
    for (index, store) in stores.enumerated() {
      expire(index, now: use.now, in: &trie)
      let held = store.cache.match(end, in: trie)
      guard held.depth > covered else { continue }
      let read = self.read(index, from: covered, to: held.depth)
      guard read.loadTime < read.recomputeTime else { continue }
      _ = store.cache.pin(held, use, in: &trie)
      _ = store.cache.unpin(held, use, in: &trie)
      store.cache.clearEvictions(in: &trie)
      traffic[index].readBlocks += Int64(held.depth - covered)
      reads.append(read)
      covered = held.depth
    }
    return reads
  }

  /// Whether `read` would fetch something, but for what time alone has evicted.
  public func wouldRead(
    _ end: PrefixPoint,
    beyond cached: PrefixPoint,
    in trie: borrowing PrefixTrie
  ) -> Bool {
    for (index, store) in stores.enumerated() {
      let held = store.cache.match(end, in: trie)
      guard held.depth > cached.depth else { continue }
      let read = self.read(index, from: cached.depth, to: held.depth)
      if read.loadTime < read.recomputeTime { return true }
    }
    return false
  }

  private func read(_ tier: Int, from: Int32, to: Int32) -> TierRead {
    let blocks = Int(to - from)
    return TierRead(
      tier: tier,
      from: from,
      to: to,
      loadTime: stores[tier].tier.loadTime(bytes: Int128(blocks) * Int128(blockBytes)),
      recomputeTime: context.recomputeTime(
        blocks * context.blockTokens,
        Int(from) * context.blockTokens
      )
    )
  }

  /// A prompt's blocks are in the device.
  ///
  /// - Parameters:
  ///   - end: Up to where.
  ///   - hit: Up to where they were there already when it came.
  ///   - use: Who has computed or fetched them.
  ///   - trie: The nodes.
  public mutating func inserted(
    _ end: PrefixPoint,
    hit: PrefixPoint,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) {
    switch write {
    case .back: return
    case .through: copy(end, use, in: &trie)
    case .hit:
      guard let often = found.indices.last else { return copy(hit, use, in: &trie) }
      let due = found[often].match(hit, in: trie)
      for level in found.indices.reversed().dropLast() {
        found[level].mark(found[level - 1].match(hit, in: trie), in: trie)
      }
      found[0].mark(hit, in: trie)
      copy(due, use, in: &trie)
    }
  }

  /// Blocks left the device, in this order and at once: by eviction, which writes them back where
  /// that is the mode, or for good.
  public mutating func evicted(
    _ blocks: ContiguousArray<EvictedBlocks>,
    isForGood: Bool,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) {
    for level in found.indices {
      for part in blocks { found[level].unmark(part, in: trie) }
    }
    if write == .back, !isForGood { demote(blocks, to: 0, use, in: &trie) }
  }

  /// What a tier lacks of a path that somebody else would send it.
  ///
  /// - Parameters:
  ///   - end: Where the path ends.
  ///   - tier: Which one, from 0 below the device.
  ///   - now: The time, by which blocks may have expired there.
  ///   - trie: The nodes.
  /// - Returns: Up to where the tier has the path, and up to where it would: all of it, or what it has
  ///   room for.
  public mutating func lacking(
    _ end: PrefixPoint,
    in tier: Int,
    now: SimTime,
    in trie: inout PrefixTrie
  ) -> (from: PrefixPoint, to: PrefixPoint) {
    expire(tier, now: now, in: &trie)
    let kept = kept(of: end, in: tier, trie)
    return (stores[tier].cache.match(kept, in: trie), kept)
  }

  /// Somebody else has sent a tier blocks of a path, from where `lacking` said that they begin.
  ///
  /// - Parameters:
  ///   - end: Where the path ends.
  ///   - sent: Where what was sent begins.
  ///   - tier: Which one, from 0 below the device.
  ///   - use: Who sent them.
  ///   - trie: The nodes.
  /// - Returns: Whether they were written: not where the tier no longer has what is before them.
  public mutating func write(
    _ end: PrefixPoint,
    from sent: PrefixPoint,
    to tier: Int,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) -> Bool {
    expire(tier, now: use.now, in: &trie)
    guard stores[tier].cache.match(end, in: trie).depth >= sent.depth else { return false }
    put(end, into: tier, use, in: &trie)
    return true
  }

  private func expire(_ tier: Int, now: SimTime, in trie: inout PrefixTrie) {
    _ = stores[tier].cache.expire(now: now, in: &trie)
    stores[tier].cache.clearEvictions(in: &trie)
  }

  /// The beginning of a path that a tier has room for.
  private func kept(
    of end: PrefixPoint,
    in tier: Int,
    _ trie: borrowing PrefixTrie
  ) -> PrefixPoint {
    guard !stores[tier].isUnbounded, Int(end.depth) > stores[tier].tier.capacityBlocks else {
      return end
    }
    return trie.ancestor(of: end, depth: Int32(stores[tier].tier.capacityBlocks))
  }

  private mutating func copy(_ end: PrefixPoint, _ use: CacheUse, in trie: inout PrefixTrie) {
    for tier in stores.indices { put(end, into: tier, use, in: &trie) }
  }

  /// Writes paths that have lost their ends to a tier. What left one path without a pause is written
  /// as one.
  private mutating func demote(
    _ blocks: ContiguousArray<EvictedBlocks>,
    to tier: Int,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) {
    guard tier < stores.count else { return }
    var last: EvictedBlocks?
    for part in blocks {
      let isNext =
        last.map { last in
          part.to == last.from && trie.ancestor(of: last.end, depth: part.to) == part.end
        } ?? false
      if !isNext { put(part.end, into: tier, use, in: &trie) }
      last = part
    }
  }

  /// Writes what a tier lacks of a path, of which it keeps the beginning if it cannot keep all.
  private mutating func put(
    _ end: PrefixPoint,
    into tier: Int,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) {
    guard end.node >= 0 else { return }
    let store = stores[tier]
    let capacity = store.isUnbounded ? Int.max : store.tier.capacityBlocks
    let kept = kept(of: end, in: tier, trie)
    let cached = store.cache.match(kept, in: trie)
    _ = store.cache.pin(cached, use, in: &trie)
    let missing = Int(kept.depth - cached.depth)
    traffic[tier].writtenBlocks += Int64(missing)
    let excess = Int(store.cache.blocksInUse + store.cache.idleBlocks) - capacity + missing
    if excess > 0 { _ = store.cache.evict(excess, now: use.now, in: &trie) }
    _ = store.cache.extend(cached, to: kept, use, in: &trie)
    _ = store.cache.unpin(kept, use, in: &trie)
    let evictions = store.cache.evictions
    demote(evictions, to: tier + 1, use, in: &trie)
    store.cache.clearEvictions(in: &trie)
  }
}
