public import Workload

extension PrefixCache {
  /// Evicts idle leaf blocks, one after another.
  ///
  /// - Parameters:
  ///   - blocks: How many.
  ///   - now: The time, for evictions that look at it.
  ///   - trie: The nodes.
  /// - Returns: How many left: fewer only where no idle block is left, or the eviction is a bound
  ///   that evicts nothing.
  public mutating func evict(_ blocks: Int, now: SimTime, in trie: inout PrefixTrie) -> Int {
    guard !isUnbounded else { return 0 }
    var evicted = 0
    while evicted < blocks, idleBlocks > 0 {
      guard let (victim, most) = nextVictim(now: now) else { break }
      switch eviction.judge(runs[Int(victim)], order: order) {
      case .evict:
        let count = ranksByDepth ? 1 : min(blocks - evicted, most, Int(runs[Int(victim)].count))
        trim(victim, by: count, isRemembered: true, in: &trie)
        evicted += count
      case .spare(let uses, let stamp, let isPromoting):
        leaves.remove(victim, in: &runs)
        runs[Int(victim)].facts.uses = uses
        runs[Int(victim)].facts.stamp = max(runs[Int(victim)].facts.stamp, stamp)
        if isPromoting { promote(victim) }
        enqueue(victim)
      }
    }
    return evicted
  }

  /// Evicts what nobody has used for as long as the eviction keeps it.
  ///
  /// - Returns: How many blocks left.
  public mutating func expire(now: SimTime, in trie: inout PrefixTrie) -> Int {
    guard let lifetime else { return 0 }
    var evicted = 0
    while let victim = leaves.first(of: 0), now - runs[Int(victim)].facts.lastUse >= lifetime {
      let count = Int(runs[Int(victim)].count)
      trim(victim, by: count, isRemembered: false, in: &trie)
      evicted += count
    }
    return evicted
  }

  /// Drops idle blocks from the end of what is cached of a path, as long as only one session has
  /// ever used them and nothing cached follows them.
  ///
  /// - Parameters:
  ///   - point: Where the path ends.
  ///   - session: The session; −1, requests of no session, has no blocks of its own.
  ///   - trie: The nodes.
  /// - Returns: How many blocks left.
  public mutating func discard(
    _ point: PrefixPoint,
    session: Int32,
    in trie: inout PrefixTrie
  ) -> Int {
    let cached = match(point, in: trie)
    guard session >= 0, cached.node >= 0 else { return 0 }
    var index = run(holding: cached)
    guard runs[Int(index)].depth == cached.depth else { return 0 }
    var dropped = 0
    while index >= 0 {
      let run = runs[Int(index)]
      guard run.children == 0, run.users == 0, run.facts.session == session else { break }
      trim(index, by: Int(run.count), isRemembered: false, in: &trie)
      dropped += Int(run.count)
      index = run.parent
    }
    return dropped
  }

  /// The leaf that comes first and how many blocks may be taken before that is asked again.
  private mutating func nextVictim(now: SimTime) -> (Int32, Int)? {
    guard leaves.count > 1 else { return leaves.first(of: 0).map { ($0, .max) } }
    heads.removeAll(keepingCapacity: true)
    for queue in 0..<leaves.count {
      if let run = leaves.first(of: queue) {
        heads.append(QueueHead(queue: Int32(queue), run: runs[Int(run)]))
      }
    }
    guard let only = heads.first else { return nil }
    let choice =
      heads.count > 1
      ? eviction.choose(heads, now: now) : QueueChoice(queue: only.queue, blocks: .max)
    return leaves.first(of: Int(choice.queue)).map { ($0, max(1, choice.blocks)) }
  }

  /// Removes the last blocks of an idle leaf.
  private mutating func trim(
    _ index: Int32,
    by count: Int,
    isRemembered: Bool,
    in trie: inout PrefixTrie
  ) {
    let run = runs[Int(index)]
    let blocks = EvictedBlocks(node: run.node, from: run.depth - Int32(count), to: run.depth)
    eviction.evicted(run, blocks: count)
    idleBlocks -= Int64(count)
    evictedBlocks += Int64(count)
    if isRemembered, !run.isPromoted { memory.remember(blocks, in: &trie) }
    if recordsEvictions {
      trie.retain(run.node)
      evictions.append(blocks)
    }
    if blocks.from > run.from {
      if ranksByDepth { leaves.remove(index, in: &runs) }
      runs[Int(index)].depth = blocks.from
      if ranksByDepth { enqueue(index) }
      return
    }
    leaves.remove(index, in: &runs)
    remove(index, in: &trie)
  }

  /// Forgets a run of which no block is left; the one before it inherits its uses.
  private mutating func remove(_ index: Int32, in trie: inout PrefixTrie) {
    let run = runs[Int(index)]
    free.append(index)
    if run.parent >= 0, runs[Int(run.parent)].node == run.node {
      lastRun.set(run.node, run.parent)
    } else {
      lastRun.remove(run.node)
      trie.release(run.node)
    }
    guard run.parent >= 0 else { return }
    runs[Int(run.parent)].facts.inherit(run.facts)
    runs[Int(run.parent)].children -= 1
    if runs[Int(run.parent)].children == 0, runs[Int(run.parent)].users == 0 {
      enqueue(run.parent)
    }
  }

  // MARK: Promotion

  /// Promotes a path up to a run's end.
  mutating func promote(_ end: Int32) {
    var promoted = 0
    var index = end
    while index >= 0, !runs[Int(index)].isPromoted {
      runs[Int(index)].isPromoted = true
      promoted += Int(runs[Int(index)].count)
      index = runs[Int(index)].parent
    }
    if promoted > 0 { eviction.promoted(promoted) }
  }

  /// Forgets the memory of blocks that are inserted, and returns how many blocks of the path are
  /// promoted for it; 0 for none.
  mutating func recall(
    from cached: PrefixPoint,
    to end: PrefixPoint,
    in trie: inout PrefixTrie
  ) -> Int32 {
    var promotedDepth: Int32 = 0
    var point = end
    while point.depth > cached.depth {
      let before = trie.before(point.node)
      let from = max(before, cached.depth)
      let deepest = memory.take(point.node, from: from, to: point.depth, in: &trie)
      promotedDepth = max(promotedDepth, deepest)
      let parent = trie.parent(of: point.node)
      point = PrefixPoint(node: parent, depth: before)
    }
    return promotedDepth
  }
}
