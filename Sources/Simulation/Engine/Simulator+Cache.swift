import Hardware
import KVCache
import Workload

/// What of a request's context an instance has cached.
struct PrefixHit {
  /// Tokens that need not be computed, or sent.
  var tokens: Int64 = 0
  /// Blocks that are pinned for them, and how many of these nobody uses yet.
  var blocks: Int32 = 0
  var idleBlocks: Int64 = 0
}

// The prefix caches of the instances: who has which blocks of a prompt.
//
// Requests without a prefix are the most that a second of a run holds, so what is asked for every
// request is a test in its caller's line, and the work for those that have one a function behind it.
extension Simulator {
  /// Takes in the prefix nodes of the rows that were read last.
  ///
  /// - Throws: `badData` for nodes that are no trie, and for a block size that changes.
  mutating func takeNodes() throws(TraceError) {
    guard let nodes = arrivals.takeNodes(), cachesPrefixes, nodes.table.count > 0 else { return }
    if caches.count == 0 { try makeCaches(blockTokens: nodes.blockTokens) }
    guard Int64(max(1, nodes.blockTokens)) == blockTokens else {
      throw TraceError(
        .badData,
        file: arrivals.name,
        problem: "has prefix blocks of \(nodes.blockTokens) tokens behind some of \(blockTokens)"
      )
    }
    if !arrivals.isInMemory { trie.releaseGroup() }
    do throws(PrefixFault) {
      try trie.add(nodes.table)
    } catch {
      throw TraceError(.badData, file: arrivals.name, problem: error.problem)
    }
  }

  private mutating func makeCaches(blockTokens: Int) throws(TraceError) {
    self.blockTokens = Int64(max(1, blockTokens))
    for index in instances.indices {
      let pool = instances[index].pool
      let costs = self.costs[pool].model
      let units = instances[index].kv.fullUnitsPerToken * self.blockTokens
      instances[index].blockUnits = units
      let context = EvictionContext(
        blockTokens: blockTokens,
        capacityBlocks: Int(clamping: units > 0 ? instances[index].capacityUnits / units : .max),
        recomputeTime: { new, past in costs.promptTime(newTokens: new, pastTokens: past) }
      )
      caches.append(PrefixCache(eviction: policies.evict.makeEviction(context)))
      if hasTiers { try makeChain(context, of: index) }
    }
  }

  /// Finds the path of a request that has just arrived.
  ///
  /// - Throws: `badData` where its row names no path of the nodes that its group restates.
  mutating func locatePath(_ slot: Int32) throws(TraceError) {
    let end = requests[slot].path
    requests[slot].path = .root
    guard end.node >= 0, caches.count > 0 else { return }
    guard let point = trie.point(id: end.node, blocks: end.depth) else {
      throw TraceError(
        .badData,
        file: arrivals.name,
        problem: "record \(requests[slot].out.record) ends \(end.depth) blocks into prefix node "
          + "\(end.node), which its row group does not restate"
      )
    }
    let full = Int32(Int64(requests[slot].out.promptTokens) / blockTokens)
    requests[slot].path = trie.ancestor(of: point, depth: min(point.depth, full))
    trie.retain(requests[slot].path.node)
  }

  /// Evicts what an instance's memory has no room for, as it is after the boundaries that have passed
  /// by now, and what time alone evicts.
  ///
  /// The order of eviction changes at events only, and at each of them the cache has been settled before
  /// anything else is done to it: so what boundaries without an event evict one after the other can be
  /// evicted at once.
  @inline(__always)
  mutating func settle(_ index: Int) { settle(index, at: now) }

  @inline(__always)
  mutating func settle(_ index: Int, at time: SimTime) {
    if caches.count > 0 { settleCache(index, at: time) }
  }

  private mutating func settleCache(_ index: Int, at time: SimTime) {
    instances[index].totals.evictedBlocks += Int64(caches[index].expire(now: time, in: &trie))
    demote(from: index, isForGood: true, at: time)
    let grown = boundariesPassed(index, by: time) * instances[index].batchGrowth
    // What comes free now was held at the boundaries that have passed.
    instances[index].totals.peakUnits = max(
      instances[index].totals.peakUnits,
      instances[index].usedUnits + grown
    )
    let idle = caches[index].idleBlocks
    guard idle > 0, !isUnbounded, instances[index].blockUnits > 0,
      !defect(.growthEvictsNothing) || !instances[index].isStepping
    else { return }
    let units = instances[index].blockUnits
    let excess =
      instances[index].usedUnits + grown + idle * units - instances[index].capacityUnits
    guard excess > 0 else { return }
    let evicted = caches[index].evict(Int((excess + units - 1) / units), now: time, in: &trie)
    instances[index].totals.evictedBlocks += Int64(evicted)
    demote(from: index, isForGood: false, at: time)
  }

  /// What is cached on an instance and used by nobody, in units, as of the last time it was settled.
  func idleUnits(of index: Int) -> Int64 {
    caches.count > 0 ? caches[index].idleBlocks * instances[index].blockUnits : 0
  }

  /// Looks a request's path up on an instance.
  ///
  /// - Parameters:
  ///   - slot: The request.
  ///   - index: The instance.
  ///   - computes: Whether its context is to be computed there, of which the last token always is.
  /// - Returns: What of its context is cached.
  @inline(__always)
  mutating func hit(_ slot: Int32, on index: Int, computes: Bool) -> PrefixHit {
    caches.count > 0 && requests[slot].path.depth > 0
      ? findHit(slot, on: index, computes: computes) : PrefixHit()
  }

  private mutating func findHit(_ slot: Int32, on index: Int, computes: Bool) -> PrefixHit {
    settle(index)
    let match = caches[index].match(requests[slot].path, in: trie)
    guard match.depth > 0 else { return PrefixHit() }
    let context = requests[slot].contextTokens
    let limit = computes ? context - 1 : context
    var hit = PrefixHit()
    let unit = defect(.hitNotFloored) ? 1 : Int64(fleet.blockTokens)
    hit.tokens = min(Int64(match.depth) * blockTokens, limit) / unit * unit
    hit.blocks = Int32(hit.tokens / blockTokens)
    guard hit.blocks > 0 else { return hit }
    hit.idleBlocks = Int64(
      caches[index].idleBlocks(upTo: trie.ancestor(of: match, depth: hit.blocks), in: trie)
    )
    return hit
  }

  /// Sets the gauge of what the instances that compute prompts have of a request's context.
  mutating func showHits(_ slot: Int32) {
    let isShown = requests[slot].path.depth > 0
    guard isShown || showsHits else { return }
    showsHits = isShown
    for position in entryInstances.indices {
      let index = Int(entryInstances[position])
      entryView.hitTokens[position] = Int(hit(slot, on: index, computes: true).tokens)
    }
  }

  /// Units that a request's context takes on an instance that has so much of it cached.
  func need(_ slot: Int32, on index: Int, _ hit: PrefixHit) -> Int64 {
    instances[index].kv.units(tokens: Int(requests[slot].contextTokens))
      + (hit.idleBlocks - Int64(hit.blocks)) * instances[index].blockUnits
  }

  /// What a use of a request's blocks tells the eviction policy.
  func use(of slot: Int32) -> CacheUse {
    CacheUse(
      now: now,
      session: requests[slot].out.session,
      requestClass: requests[slot].out.requestClass
    )
  }

  /// How many blocks of its path a request pins on an instance.
  func pinnedBlocks(_ slot: Int32, on index: Int) -> Int32 {
    instances[index].role == .decode ? requests[slot].decodePins : requests[slot].entryPins
  }

  private mutating func setPinned(_ slot: Int32, on index: Int, _ blocks: Int32) {
    if instances[index].role == .decode {
      requests[slot].decodePins = blocks
    } else {
      requests[slot].entryPins = blocks
    }
  }

  /// Pins the blocks of a hit.
  ///
  /// - Returns: By how many units its memory is less than that of its whole context.
  @inline(__always)
  mutating func pinHit(_ slot: Int32, on index: Int, _ hit: PrefixHit) -> Int64 {
    hit.blocks > 0 ? pinBlocks(slot, on: index, hit) : 0
  }

  private mutating func pinBlocks(_ slot: Int32, on index: Int, _ hit: PrefixHit) -> Int64 {
    let point = trie.ancestor(of: requests[slot].path, depth: hit.blocks)
    let used = Int64(caches[index].pin(point, use(of: slot), in: &trie))
    setPinned(slot, on: index, hit.blocks)
    let saved = Int64(hit.blocks) - used
    instances[index].holdShared(blocks: -saved, of: blockTokens, at: now)
    return saved * instances[index].blockUnits
  }

  /// Makes the blocks visible that are complete once so many tokens of a request's context are there;
  /// from then on it holds them through the cache.
  @inline(__always)
  mutating func showBlocks(_ slot: Int32, on index: Int, tokens: Int64) {
    if caches.count > 0, requests[slot].path.depth > 0 {
      extendBlocks(slot, on: index, tokens: tokens)
    }
  }

  private mutating func extendBlocks(_ slot: Int32, on index: Int, tokens: Int64) {
    let pinned = pinnedBlocks(slot, on: index)
    let visible = Int32(min(Int64(requests[slot].path.depth), tokens / blockTokens))
    guard visible > pinned else { return }
    settle(index)
    let path = requests[slot].path
    let used = caches[index].extend(
      trie.ancestor(of: path, depth: pinned),
      to: trie.ancestor(of: path, depth: visible),
      use(of: slot),
      in: &trie
    )
    setPinned(slot, on: index, visible)
    let saved =
      defect(.sharedBlockCountsTwice) ? 0 : Int64(visible - pinned) - Int64(used)
    instances[index].use(units: -saved * instances[index].blockUnits)
    instances[index].holdShared(blocks: -saved, of: blockTokens, at: now)
  }

  /// A request's first tokens need not be computed.
  mutating func skip(_ hit: PrefixHit, of slot: Int32, on index: Int) {
    requests[slot].computedTokens = hit.tokens
    instances[index].totals.hitTokens += hit.tokens
  }

  /// Whether a request finds memory on an instance; where nobody runs, retentions give way to it.
  ///
  /// - Returns: That, and the units in use there.
  mutating func fit(
    _ slot: Int32,
    on index: Int,
    computes: Bool,
    isCached: Bool
  ) -> (fits: Bool, used: Int64) {
    while true {
      let hit = isCached ? hit(slot, on: index, computes: computes) : PrefixHit()
      let passed = boundariesPassed(index, by: now)
      let used = instances[index].usedUnits + passed * instances[index].batchGrowth
      if used + need(slot, on: index, hit) <= instances[index].capacityUnits {
        return (true, used)
      }
      guard instances[index].residents == 0, yieldRetention(on: index) else {
        return (false, used)
      }
    }
  }

  /// Gives up a request's blocks on an instance.
  ///
  /// - Parameters:
  ///   - slot: The request.
  ///   - index: The instance.
  ///   - continuation: Where its output ends on the path of the turn that follows; the blocks up to
  ///     there become visible before.
  /// - Returns: How many units more stay in use than if it had held all its memory alone.
  @inline(__always)
  mutating func unpinBlocks(
    _ slot: Int32,
    on index: Int,
    continuation: PrefixPoint? = nil
  ) -> Int64 {
    caches.count > 0 && requests[slot].path.depth > 0
      ? giveUpBlocks(slot, on: index, continuation: continuation) : 0
  }

  private mutating func giveUpBlocks(
    _ slot: Int32,
    on index: Int,
    continuation: PrefixPoint?
  ) -> Int64 {
    let pinned = pinnedBlocks(slot, on: index)
    var point = trie.ancestor(of: requests[slot].path, depth: pinned)
    var stays = Int64(pinned)
    if let continuation, continuation.depth > pinned {
      stays += Int64(caches[index].extend(point, to: continuation, use(of: slot), in: &trie))
      point = continuation
    }
    guard point.depth > 0 else { return 0 }
    setPinned(slot, on: index, 0)
    stays -= Int64(caches[index].unpin(point, use(of: slot), in: &trie))
    instances[index].holdShared(blocks: stays, of: blockTokens, at: now)
    return stays * instances[index].blockUnits
  }

  /// Where the output of a request that has completed ends on the path of the first turn that follows
  /// it and extends its own path.
  func continuation(of slot: Int32, _ children: ContiguousArray<Int32>) -> PrefixPoint? {
    let path = requests[slot].path
    guard path.depth > 0, !requests[slot].hasReasoning else { return nil }
    let tokens = Int64(requests[slot].out.promptTokens) + Int64(requests[slot].out.outputTokens) - 1
    let limit = Int32(clamping: tokens / blockTokens)
    for child in children {
      let end = arrivals.pathEnd(of: child)
      guard end.node >= 0, let point = trie.point(id: end.node, blocks: end.depth) else { continue }
      let full = Int32(arrivals.promptTokens(of: child) / blockTokens)
      let next = trie.ancestor(of: point, depth: min(point.depth, full))
      guard trie.isPrefix(path, of: next) else { continue }
      return trie.ancestor(of: next, depth: max(path.depth, min(next.depth, limit)))
    }
    return nil
  }
}

extension CostModel {
  /// How long computing tokens behind others occupies an idle instance, in nanoseconds.
  func promptTime(newTokens: Int, pastTokens: Int) -> SimTime {
    guard newTokens > 0 else { return 0 }
    let time =
      prefillPass(tokens: newTokens, decodeBatch: 0).time
      + prefillAttention(newTokens: newTokens, pastTokens: pastTokens).time
    return FixedPoint.ceiling(time)
  }
}
