import Hardware
import KVCache
import Workload

/// What follows a request that has completed.
struct AwaitedTurn {
  /// Positions of the turns that wait for it and have not been dispatched.
  var children: ContiguousArray<Int32>
  /// Where its output ends on the path of the first of them that extends its own.
  var continuation: PrefixPoint?
}

// What becomes of a session's blocks while its next turn is awaited.
extension Simulator {
  /// What follows a request that is about to complete; nil where nothing does, or it has no prefix.
  func awaitedTurn(_ slot: Int32) -> AwaitedTurn? {
    guard requests[slot].path.depth > 0 else { return nil }
    let children = arrivals.waitingChildren(of: requests[slot].position)
    guard !children.isEmpty else { return nil }
    return AwaitedTurn(children: children, continuation: continuation(of: slot, children))
  }

  /// Asks what becomes of the blocks of a request that has completed on an instance.
  mutating func keep(_ slot: Int32, _ turn: AwaitedTurn, from index: Int) {
    guard retains || writesBack else { return }
    let home = Int(requests[slot].out.prefillInstance)
    let end = turn.continuation ?? requests[slot].path
    settle(home)
    let match = caches[home].match(end, in: trie)
    var view = retentionView(slot, turn, on: home, match)
    let writeBack = sendBack(slot, turn, view, from: index, to: home, match)
    guard retains else { return }
    view.usedUnits = instances[home].usedUnits
    switch policies.retain.retain(view) {
    case .release: break
    case .discard: discard(slot, match, on: home, isForGood: true)
    case .swap: discard(slot, match, on: home, isForGood: defect(.swapDrops))
    case .hold(let length):
      let id = hold(slot, turn, match, on: home, for: length)
      if writeBack >= 0, id >= 0 { writeBacks.promise(Int(writeBack), to: id) }
    }
  }

  /// Evicts what only a request's session used.
  private mutating func discard(
    _ slot: Int32,
    _ match: PrefixPoint,
    on home: Int,
    isForGood: Bool
  ) {
    let evicted = caches[home].discard(match, session: requests[slot].out.session, in: &trie)
    instances[home].totals.evictedBlocks += Int64(evicted)
    instances[home].totals.retentionsDiscarded += 1
    demote(from: home, isForGood: isForGood, at: now)
  }

  private func retentionView(
    _ slot: Int32,
    _ turn: AwaitedTurn,
    on home: Int,
    _ match: PrefixPoint
  ) -> RetentionView {
    let tokens = Int(Int64(match.depth) * blockTokens)
    let cost = costs[instances[home].pool].model.promptTime(newTokens: tokens, pastTokens: 0)
    return RetentionView(
      now: now,
      record: requests[slot].out.record,
      session: requests[slot].out.session,
      requestClass: requests[slot].out.requestClass,
      tool: arrivals.tool(of: turn.children[0]),
      contextTokens: Int(requests[slot].out.promptTokens) + Int(requests[slot].out.outputTokens),
      cachedTokens: tokens,
      recomputeTime: cost,
      heldUnits: Int64(match.depth) * instances[home].blockUnits,
      capacityUnits: instances[home].capacityUnits,
      usedUnits: instances[home].usedUnits
    )
  }

  /// Pins the blocks that a completed request has on an instance.
  ///
  /// - Returns: The retention; −1 where they do not fit.
  private mutating func hold(
    _ slot: Int32,
    _ turn: AwaitedTurn,
    _ match: PrefixPoint,
    on home: Int,
    for length: SimTime
  ) -> Int32 {
    let idle = match.depth > 0 ? Int64(caches[home].idleBlocks(upTo: match, in: trie)) : 0
    // Only where idle blocks take no memory can there be too little of it.
    guard idle * instances[home].blockUnits <= instances[home].freeUnits else { return -1 }
    let (until, overflow) = now.addingReportingOverflow(length)
    let held = HeldTurn(
      record: requests[slot].out.record,
      position: requests[slot].position,
      instance: Int32(home),
      point: match,
      use: use(of: slot),
      units: Int64(match.depth) * instances[home].blockUnits,
      since: now,
      countedSince: now,
      until: overflow ? .never : until,
      waiting: Int32(turn.children.count)
    )
    let id = retentions.insert(held, awaitedBy: turn.children)
    if match.depth > 0 {
      let used = Int64(caches[home].pin(match, held.use, in: &trie))
      instances[home].use(units: used * instances[home].blockUnits)
      instances[home].holdShared(blocks: used, of: blockTokens, at: now)
    }
    instances[home].retainedUnits += held.units
    instances[home].totals.retentions += 1
    var place = instances[home].retained.count
    while place > 0, retentions.precedes(id, instances[home].retained[place - 1]) { place -= 1 }
    instances[home].retained.insert(id, at: place)
    scheduleRetentions(home)
    // Boundaries of that instance at this instant may still be to come.
    unpublished.append(Int32(home))
    return id
  }

  /// Sets the timer of an instance to the first of its retentions that time ends.
  private mutating func scheduleRetentions(_ index: Int) {
    var first = SimTime.never
    for position in instances[index].retained.indices {
      first = min(first, retentions[instances[index].retained[position]].until)
    }
    if first == .never || defect(.retentionForgotten) {
      queue.cancel(firstRetention + index)
    } else {
      queue.schedule(firstRetention + index, at: first, kind: .retentionEnd, owner: Int64(index))
    }
  }

  /// Phase 3: retentions of an instance end by time.
  mutating func endRetentions(_ index: Int) {
    var position = 0
    while position < instances[index].retained.count {
      let id = instances[index].retained[position]
      if retentions[id].until <= now { endRetention(id) } else { position += 1 }
    }
  }

  /// A turn waits no longer for what its predecessors retain, but on one instance.
  mutating func dropRetentions(awaiting slot: Int32, except instance: Int = -1) {
    guard !retentions.isEmpty else { return }
    let ended = retentions.drop(awaitedBy: requests[slot].position, except: instance)
    for id in ended { endRetention(id) }
  }

  /// Ends the oldest retention of an instance because others need its memory.
  ///
  /// - Returns: Whether there was one.
  mutating func yieldRetention(on index: Int) -> Bool {
    guard !instances[index].retained.isEmpty, !defect(.retentionNeverYields) else { return false }
    instances[index].totals.retentionsYielded += 1
    endRetention(instances[index].retained[0])
    return true
  }

  /// A retention gives its memory back.
  private mutating func endRetention(_ id: Int32) {
    let held = retentions[id]
    let index = Int(held.instance)
    cut(index)
    settle(index)
    if held.point.depth > 0 {
      let idle = Int64(caches[index].unpin(held.point, held.use(at: now), in: &trie))
      instances[index].use(units: -idle * instances[index].blockUnits)
      instances[index].holdShared(blocks: -idle, of: blockTokens, at: now)
    }
    instances[index].retainedUnits -= held.units
    _ = instances[index].retained.removeSlot(id)
    scheduleRetentions(index)
    arrivals.addRetained(held, instances[index].storedUnits(held.units), until: now)
    retentions.end(id)
    noteFreed(index)
  }

  /// The run ends: what is still held is counted up to now.
  mutating func closeRetentions(_ index: Int) {
    for position in instances[index].retained.indices {
      let held = retentions[instances[index].retained[position]]
      arrivals.addRetained(held, instances[index].storedUnits(held.units), until: now)
    }
    instances[index].retained.removeAll()
  }

  /// Memory of an instance came free through somebody else.
  mutating func noteFreed(_ index: Int) {
    noteChange(index)
    markReady(index)
    publish(index)
  }

  /// A request has left the engine: nobody holds anything for it, and its path is forgotten.
  mutating func forget(_ slot: Int32) {
    dropRetentions(awaiting: slot)
    trie.release(requests[slot].path.node)
  }
}

extension HeldTurn {
  func use(at now: SimTime) -> CacheUse {
    CacheUse(now: now, session: use.session, requestClass: use.requestClass)
  }
}
