import Hardware
import KVCache
import Workload

// What goes to the tiers below an instance's memory, and comes back.
extension Simulator {
  /// Makes the tiers of an instance.
  ///
  /// - Throws: `badData` for a tier that holds no block of the trace.
  mutating func makeChain(_ context: EvictionContext, of index: Int) throws(TraceError) {
    let pool = fleet.pools[instances[index].pool]
    let blockBytes = instances[index].storedUnits(instances[index].blockUnits)
    guard !pool.tiers.isEmpty, blockBytes > 0 else { return chains.append(TierChain()) }
    let isFirst = index == 0 || instances[index - 1].pool != instances[index].pool
    if isFirst { sharedStores.removeAll() }
    var stores: [TierStore] = []
    for tier in pool.tiers {
      if let shared = sharedStores.first(where: { $0.tier.name == tier.name }) {
        stores.append(shared)
        continue
      }
      var limits = context
      limits.capacityBlocks = Int(clamping: tier.capacityBytes / blockBytes)
      guard limits.capacityBlocks >= 1 else {
        throw TraceError(
          .badData,
          file: arrivals.name,
          problem:
            "has prefix blocks of \(blockBytes) bytes each, of which tier '\(tier.name)' of pool "
            + "'\(pool.name)' holds none; give it more capacity"
        )
      }
      let store = TierStore(
        CacheTier(
          name: tier.name,
          capacityBlocks: limits.capacityBlocks,
          bytesPerSecond: tier.bytesPerSecond,
          latency: tier.latency
        ),
        eviction: policies.evict.makeEviction(limits),
        write: policies.tier.write
      )
      stores.append(store)
      if tier.isShared { sharedStores.append(store) }
    }
    caches[index].recordsEvictions = true
    chains.append(
      TierChain(stores, write: policies.tier.write, context: context, blockBytes: blockBytes)
    )
  }

  /// Tells the tiers of an instance what has left its memory.
  mutating func demote(from index: Int, isForGood: Bool, at time: SimTime) {
    guard hasTiers, !caches[index].evictions.isEmpty else { return }
    let use = CacheUse(now: time, session: -1, requestClass: 0)
    let isDropped = isForGood || defect(.tierForgets)
    chains[index].evicted(caches[index].evictions, isForGood: isDropped, use, in: &trie)
    caches[index].clearEvictions(in: &trie)
  }

  /// Tells them that a prompt's blocks are in memory.
  mutating func noteInserted(_ slot: Int32, on index: Int) {
    guard hasTiers, requests[slot].entryPins > 0, instances[index].role != .decode else { return }
    let path = requests[slot].path
    chains[index].inserted(
      trie.ancestor(of: path, depth: requests[slot].entryPins),
      hit: trie.ancestor(of: path, depth: requests[slot].hitBlocks),
      use(of: slot),
      in: &trie
    )
  }

  /// Begins to load what the tiers of an instance have of a prompt that has just got memory there.
  ///
  /// - Returns: Whether it loads.
  mutating func beginLoad(_ slot: Int32, on index: Int) -> Bool {
    guard hasTiers, requests[slot].path.depth > 0, instances[index].role != .decode else {
      return false
    }
    let path = requests[slot].path
    let match = caches[index].match(path, in: trie)
    let reads = chains[index].read(path, beyond: match, use(of: slot), in: &trie)
    guard let last = reads.last else { return false }
    let time = defect(.loadsAtOnce) ? 0 : reads.reduce(0) { $0 + $1.loadTime }
    requests[slot].isLoading = true
    instances[index].totals.bytesLoaded +=
      Int64(last.to - match.depth) * instances[index].storedUnits(instances[index].blockUnits)
    note(slot, .loadStarted, index, amount: Int64(last.to - match.depth) * blockTokens)
    let end = instances[index].loads.begin(slot, depth: last.to, lasting: time, at: now)
    if let end { scheduleLoad(index, at: end) }
    return true
  }

  /// A prompt has been routed: it begins to load, if something is there for it and it finds memory.
  mutating func prefetch(_ slot: Int32, on index: Int) {
    guard prefetches, requests[slot].path.depth > 0 else { return }
    let isFree = instances[index].preempted.isEmpty && instances[index].swapped.isEmpty
    guard isFree, instances[index].preemptedAt != now else { return }
    settle(index)
    let path = requests[slot].path
    let match = caches[index].match(path, in: trie)
    guard chains[index].wouldRead(path, beyond: match, in: trie) else { return }
    switch takePromptMemory(slot, on: index) {
    case .waits: return
    case .granted:
      dequeueWaiting(slot, on: index)
      begin(slot, on: index)
      _ = beginLoad(slot, on: index)
    case .rejected(let reason):
      dequeueWaiting(slot, on: index)
      queuedTokens -= requests[slot].contextTokens
      reject(slot, reason: intern(reason))
    }
    publish(index)
  }

  private mutating func scheduleLoad(_ index: Int, at time: SimTime) {
    queue.schedule(firstLoad + index, at: time, kind: .loadEnd, owner: Int64(index))
  }

  /// The first load under way on an instance has ended.
  mutating func endLoad(_ index: Int) {
    let (load, next) = instances[index].loads.end()
    if let next { scheduleLoad(index, at: next) }
    guard load.slot >= 0 else { return }
    let slot = load.slot
    cut(index)
    settle(index)
    requests[slot].isLoading = false
    let before = requests[slot].computedTokens
    let limit = min(Int64(load.depth) * blockTokens, requests[slot].contextTokens - 1)
    let unit = defect(.loadNotFloored) ? 1 : Int64(fleet.blockTokens)
    let loaded = max(before, limit / unit * unit)
    showBlocks(slot, on: index, tokens: Int64(load.depth) * blockTokens)
    settle(index)
    instances[index].totals.tokensLoaded += loaded - before
    requests[slot].out.loadedTokens += Int32(loaded - before)
    instances[index].partialTokens -= loaded - before
    queuedTokens -= loaded - before
    sendLoaded(slot, on: index, to: loaded)
    requests[slot].computedTokens = loaded
    note(slot, .loadEnded, index, amount: loaded - before)
    instances[index].batchDue = true
    markReady(index)
    publish(index)
  }
}
