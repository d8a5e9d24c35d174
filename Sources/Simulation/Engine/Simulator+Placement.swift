import Hardware
import Workload

// Phase 4: arrivals, routing, and the choice of decode instances.
extension Simulator {
  /// Everything that is placed at this instant, in order.
  @inline(__always)
  mutating func place() throws(TraceError) {
    if !unpublished.isEmpty {
      for position in unpublished.indices { publish(Int(unpublished[position])) }
      unpublished.removeAll()
    }
    while arrivals.nextTime == now { try arrive() }
    if gatewayDue { serveGateway() }
    if !returns.isEmpty { placeReturns() }
    if !handoffs.isEmpty { placeHandoffs() }
    if !bridges.isEmpty { serveBridges() }
  }

  /// Takes the next request of the trace in: admission, routing, and its place in a prefill queue.
  private mutating func arrive() throws(TraceError) {
    let slot = requests.insert()
    try arrivals.take(into: &requests[slot])
    try locatePath(slot)
    try takeNodes()
    if retains, let gap = arrivals.gap(of: requests[slot], at: now) {
      policies.retain.observe(gap: gap.length, tool: gap.tool)
    }
    result.offered += 1
    result.lastArrival = now
    result.load.append(queuedTokens)
    requests[slot].queuedAt = now
    if requests[slot].out.record == options.explainedRecord { explain(slot) }
    let request = view(slot)
    let tokens = request.promptTokens
    let fits =
      entryCapacity.someHolds(tokens: tokens)
      && (isMonolithic || decodeCapacity.someHolds(tokens: tokens))
    guard fits else { return reject(slot, reason: RunResult.promptTooLong) }
    switch askAdmit(request, heldAhead: gateway.count) {
    case .accept: enter(slot, request)
    case .hold(let review): hold(slot, review)
    case .reject(let reason): reject(slot, reason: intern(reason))
    }
  }

  /// Asks whether a request may go on to the instances that hold its context.
  mutating func askAdmit(_ request: RequestView, heldAhead: Int) -> AdmitDecision {
    if readsEntryKV { refreshEntryGrid() }
    guard asksAdmit else { return .accept }
    let tokens = request.contextTokens
    guard entryCapacity.allHold(tokens: tokens) else {
      let positions = positions(holding: tokens, among: entryInstances)
      var eligible = PoolView(now: now, positions, of: entryView)
      eligible.heldAhead = heldAhead
      return policies.admit.admit(request, eligible)
    }
    entryView.now = now
    entryView.heldAhead = heldAhead
    return policies.admit.admit(request, entryView)
  }

  /// An accepted request is routed and joins the queue of its instance.
  mutating func enter(_ slot: Int32, _ request: RequestView) {
    note(slot, .admitted)
    let index = routePrefill(slot, request)
    if decodeAt == .arrival, !isMonolithic { chooseDecode(slot, request) }
    enqueue(slot, request, at: index)
  }

  /// The instance that computes the request's context.
  @inline(__always)
  private mutating func routePrefill(_ slot: Int32, _ request: RequestView) -> Int {
    let tokens = request.contextTokens
    entryView.heldAhead = 0
    var request = request
    let home = readsSessions ? sessions[request.session].prefillInstance : -1
    if signals.contains(.hits) { showHits(slot) }
    let position: Int
    if entryCapacity.allHold(tokens: tokens) {
      entryView.now = now
      if home >= 0 { request.home = instances[Int(home)].position }
      position = policies.routePrefill.route(request, entryView)
    } else {
      let positions = positions(holding: tokens, among: entryInstances)
      if home >= 0 { request.home = positions.firstIndex(of: instances[Int(home)].position) ?? -1 }
      let eligible = PoolView(now: now, positions, of: entryView)
      position = positions[policies.routePrefill.route(request, eligible)]
    }
    precondition(
      position >= 0 && position < entryInstances.count,
      "route-prefill returns position \(position) of \(entryInstances.count)"
    )
    let index = Int(entryInstances[position])
    if isLagged { entryView.countSent(to: position, tokens, instances[index].kv) }
    note(slot, .routedToPrefill, index)
    if readsSessions { sessions.noteRoute(of: request.session, toPrefill: index) }
    return index
  }

  /// The positions of the instances that hold a context of so many tokens.
  private func positions(holding tokens: Int, among members: borrowing Slots<Int32>) -> [Int] {
    var positions: [Int] = []
    for position in members.indices {
      let index = Int(members[position])
      if instances[index].kv.units(tokens: tokens) <= instances[index].capacityUnits {
        positions.append(position)
      }
    }
    return positions
  }

  mutating func reject(_ slot: Int32, reason: UInt8) {
    requests[slot].out.outcome = .rejected
    requests[slot].out.reason = reason
    leave(slot)
  }

  /// The index of a reason in the results, new ones in order of first use.
  mutating func intern(_ reason: String) -> UInt8 {
    if let known = result.reasons.firstIndex(of: reason) { return UInt8(known) }
    if result.reasons.count > Int(RunResult.otherReasons) { return RunResult.otherReasons }
    let isLast = result.reasons.count == Int(RunResult.otherReasons)
    result.reasons.append(isLast ? "other reasons" : reason)
    return UInt8(result.reasons.count - 1)
  }

  @inline(__always)
  private mutating func enqueue(_ slot: Int32, _ request: RequestView, at index: Int) {
    requests[slot].out.prefillInstance = Int32(index)
    if instances[index].role == .mixed { requests[slot].out.decodeInstance = Int32(index) }
    if caches.count > 0 { dropRetentions(awaiting: slot, except: index) }
    requests[slot].enter(.prefillQueue, at: now)
    cut(index)
    instances[index].waiting.push(
      WaitQueue.Entry(
        key: prefillOrderDependsOnTime
          ? 0 : policies.orderPrefill.key(request, now: now),
        queuedAt: now,
        record: request.record,
        slot: slot
      )
    )
    noteQueued(slot, at: index)
    prefetch(slot, on: index)
  }

  /// A request waits for its first chunk on an instance from now on.
  @inline(__always)
  private mutating func noteQueued(_ slot: Int32, at index: Int) {
    let tokens = requests[slot].contextTokens
    instances[index].waitingTokens += tokens
    queuedTokens += tokens
    instances[index].batchDue = true
    markReady(index)
    publish(index)
  }

  /// Routes the requests preempted at this instant that return to the prefill pool, by record; each
  /// goes to the head of its queue.
  private mutating func placeReturns() {
    if returns.count > 1 { requests.sortByRecord(&returns) }
    for position in returns.indices {
      let slot = returns[position]
      if readsEntryKV { refreshEntryGrid() }
      let index = routePrefill(slot, view(slot))
      requests[slot].out.prefillInstance = Int32(index)
      instances[index].preempted.append(slot)
      noteQueued(slot, at: index)
    }
    returns.removeAll()
  }

  /// Sends the prompts completed at this instant to the bridge queues of their decode instances, by
  /// record.
  @inline(__always)
  private mutating func placeHandoffs() {
    if handoffs.count > 1 { requests.sortByRecord(&handoffs) }
    for position in handoffs.indices { placeHandoff(handoffs[position]) }
    handoffs.removeAll()
  }

  @inline(__always)
  private mutating func placeHandoff(_ slot: Int32) {
    requests[slot].queuedAt = now
    let request = view(slot)
    if decodeAt == .handoff { chooseDecode(slot, request) }
    let index = Int(requests[slot].out.decodeInstance)
    if isPull { cut(index) }
    instances[index].bridge.push(
      WaitQueue.Entry(
        key: bridgeOrderDependsOnTime ? 0 : policies.orderBridge.key(request, now: now),
        queuedAt: now,
        record: request.record,
        slot: slot
      )
    )
    queuedTokens += requests[slot].contextTokens
    if decodeAt != .handoff { publish(index) }
    markBridge(index)
  }

  /// Chooses the instance that decodes a request; it is inbound there from now on.
  mutating func chooseDecode(_ slot: Int32, _ request: RequestView) {
    if readsDecodeKV { refreshDecodeGrid() }
    let tokens = request.contextTokens
    var request = request
    let home = readsSessions ? sessions[request.session].decodeInstance : -1
    let position: Int
    if decodeCapacity.allHold(tokens: tokens) {
      decodeView.now = now
      if home >= 0 { request.home = instances[Int(home)].position }
      position = policies.routeDecode.route(request, decodeView)
    } else {
      let positions = positions(holding: tokens, among: decodeInstances)
      if home >= 0 { request.home = positions.firstIndex(of: instances[Int(home)].position) ?? -1 }
      let eligible = PoolView(now: now, positions, of: decodeView)
      position = positions[policies.routeDecode.route(request, eligible)]
    }
    precondition(
      position >= 0 && position < decodeInstances.count,
      "route-decode returns position \(position) of \(decodeInstances.count)"
    )
    let index = Int(decodeInstances[position])
    requests[slot].out.decodeInstance = Int32(index)
    if isLagged { decodeView.countSent(to: position, tokens, instances[index].kv) }
    note(slot, .routedToDecode, index)
    if readsSessions { sessions.noteRoute(of: request.session, toDecode: index) }
    expect(slot, on: index)
  }

  /// A request is inbound to its decode instance, without memory there.
  @inline(__always)
  mutating func expect(_ slot: Int32, on index: Int) {
    let tokens = Int(requests[slot].contextTokens)
    instances[index].inboundUnits += instances[index].kv.units(tokens: tokens)
    instances[index].inbound += 1
    publish(index)
  }

  /// A request that is inbound without memory will not come.
  mutating func expectNoMore(_ slot: Int32, on index: Int) {
    withdraw(slot, from: index)
    publish(index)
  }

  mutating func withdraw(_ slot: Int32, from index: Int) {
    let tokens = Int(requests[slot].contextTokens)
    instances[index].inboundUnits -= instances[index].kv.units(tokens: tokens)
    instances[index].inbound -= 1
  }
}
