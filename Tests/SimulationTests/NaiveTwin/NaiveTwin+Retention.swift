import Hardware
import Simulation
import Workload

/// What is kept of a request that has completed, for those that wait for it.
struct TwinRetention {
  /// The request that completed, and when it did.
  let owner: Int
  let completedAt: SimTime
  let instance: Int
  /// When it is given up.
  let deadline: SimTime
  /// Those that it still waits for: to be routed, or to start here.
  var awaited: [Int]
}

extension NaiveTwin {
  /// Asks what becomes of the KV of a request that has just completed.
  mutating func retain(_ r: Int, hasDecoded: Bool) {
    let children = waiting(for: r)
    guard let own = requests[r].path, !children.isEmpty else { return }
    let i = Int(requests[r].row.prefillInstance)
    let path = hasDecoded ? continuation(of: r) ?? own : own
    let kept = Array(path.prefix(instances[i].memory.cache.match(path)))
    switch policies.retain.retain(retentionView(of: r, path: path)) {
    case .release: break
    case .discard:
      instances[i].totals.retentionsDiscarded += 1
      discard(kept, of: r, at: i)
      tellTiers(at: i, isForGood: true)
    case .swap:
      instances[i].totals.retentionsDiscarded += 1
      discard(kept, of: r, at: i)
      tellTiers(at: i)
    case .hold(let limit):
      let units = instances[i].memory.blockUnits * Int64(kept.count)
      // Where idle blocks take no memory, more of them may be cached than fit.
      guard instances[i].memory.need(units, pinning: kept) <= instances[i].memory.free else {
        break
      }
      instances[i].totals.retentions += 1
      instances[i].memory.reserve(units, pinning: kept, for: .retention(r))
      instances[i].change()
      let (deadline, overflow) = now.addingReportingOverflow(limit)
      retentions.append(
        TwinRetention(
          owner: r,
          completedAt: now,
          instance: i,
          deadline: overflow ? .never : deadline,
          awaited: children
        )
      )
    }
  }

  func retentionView(of r: Int, path: [TwinBlockName]) -> RetentionView {
    let i = Int(requests[r].row.prefillInstance)
    let (memory, costs) = (instances[i].memory, instances[i].kind.costs)
    let matched = memory.cache.match(path)
    let tokens = matched * blockTokens
    let pass = costs.prefillPass(tokens: tokens, decodeBatch: 0).time
    let attention = costs.prefillAttention(newTokens: tokens, pastTokens: 0).time
    return RetentionView(
      now: now,
      record: requests[r].row.record,
      session: requests[r].row.session,
      requestClass: requests[r].row.requestClass,
      tool: waiting(for: r).first.map { requests[$0].tool } ?? -1,
      contextTokens: Int(requests[r].row.promptTokens) + Int(requests[r].row.outputTokens),
      cachedTokens: tokens,
      recomputeTime: tokens > 0 ? FixedPoint.ceiling(pass + attention) : 0,
      heldUnits: memory.blockUnits * Int64(matched),
      capacityUnits: memory.capacity,
      usedUnits: memory.used
    )
  }

  /// Drops the end of a path, as long as nobody else has to do with it.
  private mutating func discard(_ path: [TwinBlockName], of r: Int, at i: Int) {
    let session = requests[r].row.session
    for name in path.reversed() {
      let cache = instances[i].memory.cache
      guard let block = cache.blocks[name], block.pins == 0, cache.isLeaf(name) else { return }
      guard block.sessions.allSatisfy({ $0 == session }) else {
        census.count(.discardMetSharer)
        return
      }
      census.count(.discarded)
      instances[i].memory.discard(name)
    }
  }

  /// The oldest retention of an instance, by its place.
  private func oldestRetention(
    at i: Int,
    where isMeant: (TwinRetention) -> Bool = { _ in true }
  ) -> Int? {
    let candidates = retentions.indices.filter {
      retentions[$0].instance == i && isMeant(retentions[$0])
    }
    return candidates.min {
      (retentions[$0].completedAt, requests[retentions[$0].owner].row.record)
        < (retentions[$1].completedAt, requests[retentions[$1].owner].row.record)
    }
  }

  /// Ends the oldest retention of an instance in favour of somebody; false where there is none.
  mutating func yieldRetention(at i: Int, _ event: TwinCensus.Event) -> Bool {
    guard let oldest = oldestRetention(at: i) else { return false }
    census.count(event)
    instances[i].totals.retentionsYielded += 1
    end(oldest)
    return true
  }

  /// Ends the retention at a place: its memory is free.
  private mutating func end(_ place: Int) {
    let retention = retentions.remove(at: place)
    let i = retention.instance
    instances[i].memory.release(.retention(retention.owner), use(by: retention.owner))
    instances[i].notice()
  }

  /// Counts what was held from this instant to the next.
  mutating func countRetained(until next: SimTime) {
    for retention in retentions {
      let (kind, memory) = (
        instances[retention.instance].kind, instances[retention.instance].memory
      )
      let session = requests[retention.owner].row.session
      let blocks = memory.pinned(by: .retention(retention.owner)).count
      let bytes =
        memory.blockUnits * Int64(blocks) * memory.shape.unitBytes * kind.kvReplication
      retainedByteTime[session, default: 0] += Int128(bytes) * Int128(next - now)
    }
  }

  /// Phase 3: retentions whose time is over.
  mutating func endRetentions() {
    for i in instances.indices {
      while let place = oldestRetention(at: i, where: { $0.deadline <= now }) {
        census.count(.retentionExpired)
        end(place)
      }
    }
  }

  /// A request was routed: nobody waits for it elsewhere.
  mutating func retentionsNoticeRoute(of r: Int, to i: Int) {
    removeAwaited(r, .retentionDropped) { $0.instance != i }
  }

  /// A request has started its first chunk where it was routed to.
  mutating func retentionsNoticeStart(of r: Int) {
    removeAwaited(r, .retentionAdopted) { _ in true }
  }

  /// A request has left.
  mutating func retentionsNoticeEnd(of r: Int) {
    removeAwaited(r, nil) { _ in true }
  }

  private mutating func removeAwaited(
    _ r: Int,
    _ event: TwinCensus.Event?,
    where isMeant: (TwinRetention) -> Bool
  ) {
    for place in retentions.indices where isMeant(retentions[place]) {
      retentions[place].awaited.removeAll { $0 == r }
    }
    while let place = retentions.firstIndex(where: \.awaited.isEmpty) {
      if let event { census.count(event) }
      end(place)
    }
  }
}
