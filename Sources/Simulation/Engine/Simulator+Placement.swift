import Hardware
import Workload

// Phase 4: arrivals, hand-offs, and the reservation of decode memory.
extension Simulator {
  /// Takes the next request of the trace in: admission, routing, and its place in a prefill queue.
  mutating func arrive() throws(TraceError) {
    let slot = requests.insert()
    arrivals.fill(&requests[slot])
    try arrivals.advance()
    result.offered += 1
    result.lastArrival = now
    result.load.append(queuedTokens)
    requests[slot].queuedAt = now
    let tokens = Int(requests[slot].out.promptTokens)
    let fits =
      entryCapacity.kindsHolding(tokens: tokens) > 0
      && (isMonolithic || decodeCapacity.kindsHolding(tokens: tokens) > 0)
    guard fits else { return reject(slot, reason: RunResult.promptTooLong) }
    switch admitAndRoute(slot) {
    case .rejected(let reason): reject(slot, reason: intern(reason))
    case .routed(let index): enqueue(slot, at: index)
    }
  }

  private enum Routing {
    case rejected(String)
    case routed(Int)
  }

  private mutating func admitAndRoute(_ slot: Int32) -> Routing {
    if readsEntryKV { refreshEntryGrid() }
    let request = view(slot)
    let tokens = request.promptTokens
    let position: Int
    if entryCapacity.kindsHolding(tokens: tokens) == entryCapacity.kinds.count {
      entryView.now = now
      if case .reject(let reason) = policies.admit.admit(request, entryView) {
        return .rejected(reason)
      }
      position = policies.routePrefill.route(request, entryView)
    } else {
      let positions = positions(holding: tokens, among: entryInstances)
      let eligible = PoolView(now: now, positions, of: entryView)
      if case .reject(let reason) = policies.admit.admit(request, eligible) {
        return .rejected(reason)
      }
      position = positions[policies.routePrefill.route(request, eligible)]
    }
    precondition(
      position >= 0 && position < entryInstances.count,
      "route-prefill returns position \(position) of \(entryInstances.count)"
    )
    return .routed(Int(entryInstances[position]))
  }

  /// The positions of the instances that hold a prompt of so many tokens.
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

  private mutating func reject(_ slot: Int32, reason: UInt8) {
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

  private mutating func enqueue(_ slot: Int32, at index: Int) {
    let tokens = requests[slot].contextTokens
    requests[slot].out.prefillInstance = Int32(index)
    if instances[index].role == .mixed { requests[slot].out.decodeInstance = Int32(index) }
    requests[slot].enter(.prefillQueue, at: now)
    cut(index)
    instances[index].waiting.push(
      WaitQueue.Entry(
        key: prefillOrderDependsOnTime
          ? 0 : policies.orderPrefill.key(view(slot), now: now),
        queuedAt: now,
        record: requests[slot].out.record,
        slot: slot
      )
    )
    instances[index].waitingTokens += tokens
    queuedTokens += tokens
    instances[index].batchDue = true
    markReady(index)
    publish(index)
  }

  /// Routes the prompts completed at this instant to decode instances, by record.
  mutating func placeHandoffs() {
    guard !handoffs.isEmpty else { return }
    sortHandoffs()
    for position in handoffs.indices { placeHandoff(handoffs[position]) }
    handoffs.removeAll()
  }

  private mutating func sortHandoffs() {
    for position in 1..<max(1, handoffs.count) {
      let slot = handoffs[position]
      var hole = position
      while hole > 0, requests[slot].out.record < requests[handoffs[hole - 1]].out.record {
        handoffs[hole] = handoffs[hole - 1]
        hole -= 1
      }
      handoffs[hole] = slot
    }
  }

  private mutating func placeHandoff(_ slot: Int32) {
    if readsDecodeKV { refreshDecodeGrid() }
    requests[slot].queuedAt = now
    let request = view(slot)
    let tokens = request.promptTokens
    let position: Int
    if decodeCapacity.kindsHolding(tokens: tokens) == decodeCapacity.kinds.count {
      decodeView.now = now
      position = policies.routeDecode.route(request, decodeView)
    } else {
      let positions = positions(holding: tokens, among: decodeInstances)
      let eligible = PoolView(now: now, positions, of: decodeView)
      position = positions[policies.routeDecode.route(request, eligible)]
    }
    precondition(
      position >= 0 && position < decodeInstances.count,
      "route-decode returns position \(position) of \(decodeInstances.count)"
    )
    let index = Int(decodeInstances[position])
    requests[slot].out.decodeInstance = Int32(index)
    instances[index].bridge.push(
      WaitQueue.Entry(
        key: bridgeOrderDependsOnTime ? 0 : policies.orderBridge.key(request, now: now),
        queuedAt: now,
        record: request.record,
        slot: slot
      )
    )
    instances[index].bridgeUnits += instances[index].kv.units(tokens: tokens)
    instances[index].inbound += 1
    queuedTokens += Int64(tokens)
    publish(index)
    markBridge(index)
  }

  /// Serves the bridge queues of the instances with a decision point at this instant.
  mutating func serveBridges() {
    guard !bridges.isEmpty else { return }
    bridges.insertionSort { $0 < $1 }
    for position in bridges.indices {
      let index = Int(bridges[position])
      instances[index].isBridgeListed = false
      serveBridge(index)
    }
    bridges.removeAll()
  }

  /// Gives the requests of a queue the keys they have now; the queue is taken out of its instance
  /// for that, since the keys are drawn from the whole state.
  func rekey(_ queue: inout WaitQueue, by order: any OrderQueue) {
    queue.rekey { order.key(view($0), now: now) }
  }

  private mutating func serveBridge(_ index: Int) {
    while !instances[index].bridge.isEmpty {
      if bridgeOrderDependsOnTime {
        var bridge = WaitQueue(dependsOnTime: true)
        swap(&bridge, &instances[index].bridge)
        rekey(&bridge, by: policies.orderBridge)
        swap(&bridge, &instances[index].bridge)
      }
      let head = instances[index].bridge.headIndex()
      let slot = instances[index].bridge.entries[head].slot
      guard mayReserve(slot, on: index, from: .bridge) else {
        // An instance that stands still sets its timer when it fails to start.
        return markReady(index)
      }
      instances[index].bridge.remove(at: head)
      reserve(slot, on: index)
    }
  }

  /// Whether the request fits now and decodeAdmit lets it in; its review is kept where told.
  mutating func mayReserve(
    _ slot: Int32,
    on index: Int,
    from queue: MemoryQueue
  ) -> Bool {
    let need = instances[index].kv.units(tokens: Int(requests[slot].contextTokens))
    let passed = boundariesPassed(index, by: now)
    let used = instances[index].usedUnits + passed * instances[index].batchGrowth
    guard used + need <= instances[index].capacityUnits,
      instances[index].residents < instances[index].maxBatch
    else { return false }
    guard instances[index].residents > 0 else {
      instances[index].setReview(PendingReview(), of: queue)
      return true
    }
    let request = view(slot)
    let memory = memoryView(index, stepsAhead: passed, wanted: signals.contains(.residents))
    var pending = PendingReview()
    defer { instances[index].setReview(pending, of: queue) }
    switch policies.decodeAdmit.admit(request, memory) {
    case .admit: return true
    case .wait(let wanted):
      let stepsDone = instances[index].totals.steps + passed
      pending.replace(with: wanted, stepsDone: stepsDone, now: now)
      limit(index, to: pending)
      return false
    }
  }

  private mutating func reserve(_ slot: Int32, on index: Int) {
    let tokens = requests[slot].contextTokens
    let units = instances[index].kv.units(tokens: Int(tokens))
    instances[index].bridgeUnits -= units
    queuedTokens -= tokens
    takeMemory(slot, on: index)
    instances[index].transit.append(slot)
    limitToMemory(index)
    startTransfer(slot, from: Int(requests[slot].out.prefillInstance), to: index)
    publish(index)
  }

  /// Reserves memory for a request's context outside the batch.
  mutating func takeMemory(_ slot: Int32, on index: Int) {
    let tokens = requests[slot].contextTokens
    requests[slot].admittedAt = now
    instances[index].residents += 1
    instances[index].use(units: instances[index].kv.units(tokens: Int(tokens)))
    instances[index].hold(tokens: tokens, sign: 1, at: now)
  }

  /// Gives back what `takeMemory` reserved.
  mutating func freeMemory(_ slot: Int32, on index: Int) {
    let tokens = requests[slot].contextTokens
    instances[index].residents -= 1
    instances[index].use(units: -instances[index].kv.units(tokens: Int(tokens)))
    instances[index].hold(tokens: tokens, sign: -1, at: now)
  }
}
