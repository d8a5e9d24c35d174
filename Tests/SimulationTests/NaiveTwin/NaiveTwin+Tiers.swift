import Hardware
import KVCache
import Simulation
import Workload

/// What goes to the tiers below an instance's memory, and comes back from there.
extension NaiveTwin {
  /// Tells the tiers of an instance what has left its memory.
  mutating func tellTiers(at i: Int, isForGood: Bool = false) {
    let departures = instances[i].memory.takeDepartures()
    let hasTiers = !instances[i].tiers.tiers.isEmpty
    if hasTiers, !departures.isEmpty, !isForGood { census.count(.demoted) }
    instances[i].tiers.leave(departures, isForGood: isForGood, at: now)
  }

  /// Tells them that a prompt's blocks are in memory.
  mutating func noteInserted(_ r: Int, at i: Int) {
    let path = instances[i].memory.pinned(by: .request(r))
    guard instances[i].role != .decode, !path.isEmpty else { return }
    let hit = blocks(of: r, within: requests[r].hitTokens).count
    instances[i].tiers.insert(path, found: hit, use(by: r))
  }

  /// A prompt has got memory for its first chunk: it loads what is faster to load than to compute.
  ///
  /// - Returns: Whether it loads something.
  mutating func startLoad(_ r: Int, at i: Int) -> Bool {
    guard instances[i].role != .decode, let path = requests[r].path else { return false }
    let known = instances[i].memory.cache.match(path)
    guard let read = instances[i].tiers.read(path, behind: known, use(by: r)) else { return false }
    requests[r].isLoading = true
    instances[i].totals.bytesLoaded += Int64(read.end - known) * instances[i].tiers.blockBytes
    let start = max(now, instances[i].tiersAreFreeAt)
    let end = start + max(1, read.time)
    instances[i].tiersAreFreeAt = end
    instances[i].loads.append(TwinLoad(request: r, blocks: read.end, end: end))
    return true
  }

  /// A prompt that loads has been preempted.
  mutating func abandonLoad(of r: Int, at i: Int) {
    guard requests[r].isLoading else { return }
    requests[r].isLoading = false
    for place in instances[i].loads.indices where instances[i].loads[place].request == r {
      instances[i].loads[place].request = nil
    }
  }

  /// Phase 2, after the swap-ins.
  mutating func endLoads() {
    for i in instances.indices {
      while let load = instances[i].loads.first, load.end == now {
        instances[i].loads.removeFirst()
        if let r = load.request { end(load, of: r, at: i) }
      }
    }
  }

  private mutating func end(_ load: TwinLoad, of r: Int, at i: Int) {
    requests[r].isLoading = false
    let most = min(load.blocks * blockTokens, requests[r].contextTokens - 1)
    let before = requests[r].computedTokens
    let computed = max(before, most / fleet.blockTokens * fleet.blockTokens)
    if computed > before { census.count(.loaded) }
    instances[i].totals.tokensLoaded += Int64(computed - before)
    requests[r].row.loadedTokens += Int32(computed - before)
    let path = Array((requests[r].path ?? []).prefix(load.blocks))
    instances[i].memory.extend(.request(r), to: path)
    if instances[i].role == .prefill { giveCached(before..<computed, of: r, at: i) }
    requests[r].computedTokens = computed
    instances[i].isBatchDue = true
    instances[i].change()
  }

  /// A prompt has been routed: it may begin to load at once.
  mutating func prefetch(_ r: Int, at i: Int) {
    guard hasCache, policies.tier.prefetches, let path = requests[r].path,
      instances[i].preempted.isEmpty, instances[i].swapped.isEmpty, instances[i].preemptedAt < now
    else { return }
    let known = instances[i].memory.cache.match(path)
    guard instances[i].tiers.wouldRead(path, behind: known) else { return }
    switch obtainMemory(for: r, at: i) {
    case .waits: return
    case .rejected(let reason): rejectLate(r, reason)
    case .admitted:
      startPrompt(r, at: i)
      census.count(.prefetched)
      _ = startLoad(r, at: i)
    }
  }

  /// The tiers below the instances of a pool, of which the first instance makes those that all share.
  static func tiers(
    of pool: Pool,
    blockTokens: Int,
    _ policies: PolicySet,
    sharing shared: inout [TwinTier]
  ) -> TwinTiers {
    let (kind, costs) = (pool.kind, pool.kind.costs)
    func promptTime(new: Int, past: Int) -> SimTime {
      guard new > 0 else { return 0 }
      let pass = costs.prefillPass(tokens: new, decodeBatch: 0).time
      let attention = costs.prefillAttention(newTokens: new, pastTokens: past).time
      return FixedPoint.ceiling(pass + attention)
    }
    let blockUnits = kind.kv.fullUnitsPerToken * Int64(blockTokens)
    let blockBytes = blockUnits * kind.kv.unitBytes * kind.kvReplication
    var tiers: [TwinTier] = []
    for spec in pool.tiers where blockBytes > 0 && policies.evict.keepsBlocks {
      if let known = shared.first(where: { $0.spec.name == spec.name }) {
        tiers.append(known)
        continue
      }
      let capacity = Int(spec.capacityBytes / blockBytes)
      let cache = TwinCache(order(of: policies), capacity: capacity) { depth in
        promptTime(new: blockTokens, past: (depth - 1) * blockTokens)
      }
      let tier = TwinTier(spec, capacity: capacity, cache: cache)
      tiers.append(tier)
      if spec.isShared { shared.append(tier) }
    }
    return TwinTiers(
      tiers,
      write: policies.tier.write,
      blockBytes: blockBytes,
      blockTokens: blockTokens,
      promptTime: promptTime
    )
  }
}
