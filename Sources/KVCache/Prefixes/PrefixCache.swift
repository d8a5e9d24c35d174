import Workload

/// The prefix cache of one instance: a radix tree of runs of blocks.
///
/// A block is cached only if the whole path before it is. What is in use is *pinned* at a point of
/// its path: what stands before is protected because it is followed. Victims are leaves that nobody
/// uses, block by block from the end of a path, in the order of the eviction. Every operation costs
/// in proportion to runs, yet every result is that of a cache of single blocks.
///
/// The cache holds the nodes of its blocks in the trie, and must always be given the same trie. It
/// has no capacity: whoever owns the memory calls `evict`.
public struct PrefixCache: ~Copyable, Sendable {
  /// Blocks before or at a pin.
  public internal(set) var blocksInUse: Int64 = 0
  /// Cached blocks that nobody uses.
  public internal(set) var idleBlocks: Int64 = 0
  /// Blocks that left, so far.
  public internal(set) var evictedBlocks: Int64 = 0

  /// Whether blocks that leave are written down in `evictions`.
  public var recordsEvictions = false
  /// What left since `clearEvictions`, in order; each entry's blocks left last first.
  public internal(set) var evictions = ContiguousArray<EvictedBlocks>()

  var eviction: any Eviction
  /// What the eviction says of itself, which does not change.
  let ranksByDepth: Bool
  let isUnbounded: Bool
  let keepsNothing: Bool
  let lifetime: SimTime?
  var runs = ContiguousArray<CachedRun>()
  var free = ContiguousArray<Int32>()
  /// The last cached run of each node of which blocks are cached, by slot in the trie.
  var lastRun = SlotTable()
  var leaves = LeafQueues()
  var memory: EvictedMemory
  /// Uses that have ended.
  var order: Int64 = 0
  /// Room for the first leaves of several queues.
  var heads: [QueueHead] = []

  /// An empty cache, with its own copy of an eviction.
  public init(eviction: any Eviction) {
    self.eviction = eviction
    ranksByDepth = eviction.ranksByDepth
    isUnbounded = eviction.isUnbounded
    keepsNothing = eviction.keepsNothing
    lifetime = eviction.lifetime
    memory = EvictedMemory(capacity: eviction.memoryBlocks)
  }

  /// The longest beginning of a path that is cached.
  ///
  /// Looks from the path's end upwards, node by node: where a session's last prompt is cached, the
  /// next one costs few lookups.
  public func match(_ end: PrefixPoint, in trie: borrowing PrefixTrie) -> PrefixPoint {
    var point = end
    while point.node >= 0 {
      let last = lastRun[point.node]
      if last >= 0 {
        return PrefixPoint(node: point.node, depth: min(point.depth, runs[Int(last)].depth))
      }
      point.depth = trie.before(point.node)
      point.node = trie.parent(of: point.node)
    }
    return .root
  }

  /// How many blocks of a cached path nobody uses, and a pin would put in use.
  public func idleBlocks(upTo point: PrefixPoint, in trie: borrowing PrefixTrie) -> Int {
    guard point.node >= 0 else { return 0 }
    var index = run(holding: point)
    var end = point.depth
    var idle = 0
    while index >= 0, runs[Int(index)].users == 0 {
      idle += Int(end - runs[Int(index)].from)
      end = runs[Int(index)].from
      index = runs[Int(index)].parent
    }
    return idle
  }

  /// Pins a cached path.
  ///
  /// - Returns: Blocks that nobody used until now.
  public mutating func pin(
    _ point: PrefixPoint,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) -> Int {
    guard point.node >= 0 else { return 0 }
    let index = run(endingAt: point)
    let run = runs[Int(index)]
    if run.children == 0, run.facts.uses > 0 { eviction.reused(run.facts, now: use.now) }
    let newlyUsed = hold(index)
    idleBlocks -= Int64(newlyUsed)
    blocksInUse += Int64(newlyUsed)
    return newlyUsed
  }

  /// Moves a pin down its path, inserting what is not cached.
  ///
  /// - Parameters:
  ///   - pinned: Where the pin is.
  ///   - end: Where it goes: a path of which `pinned` is the beginning.
  ///   - use: Who does it.
  ///   - trie: The nodes.
  /// - Returns: Blocks that nobody used until now, the inserted ones among them.
  public mutating func extend(
    _ pinned: PrefixPoint,
    to end: PrefixPoint,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) -> Int {
    assert(trie.isPrefix(pinned, of: end), "a pin leaves its path")
    guard end != pinned else { return 0 }
    let cached = match(end, in: trie)
    let inserted = Int(end.depth - cached.depth)
    var newlyUsed = 0
    if inserted == 0 {
      newlyUsed = hold(run(endingAt: end))
      idleBlocks -= Int64(newlyUsed)
    } else if memory.isEmpty, grow(from: pinned, cached: cached, by: end, in: trie) {
      eviction.inserted(inserted, promoted: false)
      blocksInUse += Int64(inserted)
      return inserted
    } else {
      let revived = insert(from: cached, to: end, in: &trie)
      idleBlocks -= Int64(revived)
      newlyUsed = revived + inserted
    }
    blocksInUse += Int64(newlyUsed)
    if pinned.node >= 0 { leave(pinned) }
    return newlyUsed
  }

  /// Ends a use.
  ///
  /// - Parameters:
  ///   - point: Where its pin is.
  ///   - use: Who ends it; `now` is when.
  ///   - trie: The nodes.
  /// - Returns: Blocks that nobody uses any more.
  public mutating func unpin(
    _ point: PrefixPoint,
    _ use: CacheUse,
    in trie: inout PrefixTrie
  ) -> Int {
    guard point.node >= 0 else { return 0 }
    let index = run(endingAt: point)
    order += 1
    var facts = UseFacts()
    facts.uses = 1
    facts.firstOrder = order
    facts.lastOrder = order
    facts.lastUse = use.now
    facts.requestClass = use.requestClass
    facts.stamp = eviction.stamp
    facts.session = use.session < 0 ? UseFacts.severalSessions : use.session
    runs[Int(index)].facts.inherit(facts)
    let released = letGo(index)
    blocksInUse -= Int64(released)
    idleBlocks += Int64(released)
    if keepsNothing { _ = evict(.max, now: use.now, in: &trie) }
    return released
  }

  /// Forgets what left since the last call, which is no longer held in the trie.
  public mutating func clearEvictions(in trie: inout PrefixTrie) {
    for blocks in evictions { trie.release(blocks.node) }
    evictions.removeAll(keepingCapacity: true)
  }

  /// Forgets the evicted blocks that an eviction wants remembered.
  public mutating func forgetMemory(in trie: inout PrefixTrie) { memory.removeAll(in: &trie) }
}

/// Blocks of one node that left a cache.
public struct EvictedBlocks: Sendable, Equatable {
  /// Slot of the node, which is held until `PrefixCache.clearEvictions`.
  public var node: Int32
  /// Blocks of the path before them.
  public var from: Int32
  /// Blocks of the path up to the last of them.
  public var to: Int32

  /// Where their path ends.
  public var end: PrefixPoint { PrefixPoint(node: node, depth: to) }
}
