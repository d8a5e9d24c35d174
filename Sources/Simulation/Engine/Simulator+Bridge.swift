import Hardware
import Workload

/// What a request that asks for decode memory is told.
enum MemoryAnswer {
  case granted
  case waits
  case rejected(reason: String)
}

// Phase 4e: the reservation of decode memory, and who may have it.
extension Simulator {
  /// Serves the bridge queues of the instances with a decision point at this instant.
  @inline(__always)
  mutating func serveBridges() {
    if bridges.count > 1 { bridges.insertionSort { $0 < $1 } }
    for position in bridges.indices {
      let index = Int(bridges[position])
      instances[index].isBridgeListed = false
      if isPull, instances[index].isStepping {
        instances[index].bridgeAwaitsBoundary = true
      } else {
        serveBridge(index)
      }
    }
    bridges.removeAll()
  }

  /// Gives the requests of a queue the keys they have now; the queue is taken out of its instance
  /// for that, since the keys are drawn from the whole state.
  func rekey(_ queue: inout WaitQueue, by order: any OrderQueue) {
    queue.rekey { order.key(view($0), now: now) }
  }

  @inline(__always)
  private mutating func serveBridge(_ index: Int) {
    // The preempted get memory first; the last of them lists this queue again.
    if instances[index].hasReturns { return }
    while !instances[index].bridge.isEmpty {
      if bridgeOrderDependsOnTime {
        var bridge = WaitQueue(dependsOnTime: true)
        swap(&bridge, &instances[index].bridge)
        rekey(&bridge, by: policies.orderBridge)
        swap(&bridge, &instances[index].bridge)
      }
      let head = instances[index].bridge.headIndex()
      let slot = instances[index].bridge.entries[head].slot
      switch askForMemory(slot, on: index, from: .bridge) {
      case .waits:
        note(slot, .waits, index)
        // An instance that stands still sets its timer when it fails to start.
        return markReady(index)
      case .granted:
        instances[index].bridge.remove(at: head)
        queuedTokens -= requests[slot].contextTokens
        if requests[slot].out.handoff == .none { requests[slot].out.handoff = .blocking }
        reserve(slot, on: index)
        startTransfer(slot, isWhole: true)
      case .rejected(let reason):
        instances[index].bridge.remove(at: head)
        queuedTokens -= requests[slot].contextTokens
        rejectPrompt(slot, reason: reason)
      }
    }
  }

  /// The decode side gives up a request whose prompt is computed: its memory is free.
  private mutating func rejectPrompt(_ slot: Int32, reason: String) {
    let sender = Int(requests[slot].out.prefillInstance)
    expectNoMore(slot, on: Int(requests[slot].out.decodeInstance))
    if !defect(.lateRejectKeepsMemory) { freePrompt(slot, on: sender) }
    reject(slot, reason: intern(reason))
  }

  /// Frees the memory of a prompt on the instance that computed it.
  mutating func freePrompt(_ slot: Int32, on sender: Int) {
    cut(sender)
    freeMemory(slot, on: sender)
    instances[sender].batchDue = true
    // Of partly computed prompts without a step all are being loaded.
    if instances[sender].startable > 0 || instances[sender].partials.count > 0 { markReady(sender) }
    publish(sender)
  }

  /// Whether the request fits now and decodeAdmit lets it in; its review is kept where told.
  mutating func askForMemory(
    _ slot: Int32,
    on index: Int,
    from queue: MemoryQueue
  ) -> MemoryAnswer {
    let computes = instances[index].role == .mixed || queue == .recompute
    let (fits, used) = fit(slot, on: index, computes: computes, isCached: queue != .swapped)
    guard fits, instances[index].residents < instances[index].maxBatch else { return .waits }
    guard asksDecodeAdmit, instances[index].residents > 0 else {
      instances[index].setReview(PendingReview(), of: queue)
      return .granted
    }
    return askDecodeAdmit(slot, on: index, from: queue, used: used)
  }

  /// What decodeAdmit says of a request that fits, with so many units in use; its review is kept.
  private mutating func askDecodeAdmit(
    _ slot: Int32,
    on index: Int,
    from queue: MemoryQueue,
    used: Int64
  ) -> MemoryAnswer {
    let passed = boundariesPassed(index, by: now)
    let request = view(slot)
    var memory = memoryView(index, stepsAhead: passed, wanted: signals.contains(.residents))
    if signals.contains(.stepTime) {
      let pool = instances[index].pool
      let context = requests[slot].contextTokens
      let read = used + instances[index].kv.units(tokens: Int(context))
      let piece = curves[pool].piece(batch: instances[index].residents + 1, units: read)
      memory.stepTimeIfAdmitted = FixedPoint.ceiling(piece.time(units: read))
    }
    var pending = PendingReview()
    defer { instances[index].setReview(pending, of: queue) }
    switch policies.decodeAdmit.admit(request, memory) {
    case .admit: return .granted
    case .reject(let reason): return .rejected(reason: reason)
    case .wait(let wanted):
      guard queue != .beforePrefill else { return .waits }
      let stepsDone = instances[index].totals.steps + passed
      pending.replace(with: wanted, stepsDone: stepsDone, now: now)
      limit(index, to: pending)
      return .waits
    }
  }

  /// A request gets decode memory, where its KV will arrive.
  @inline(__always)
  mutating func reserve(_ slot: Int32, on index: Int) {
    let units = instances[index].kv.units(tokens: Int(requests[slot].contextTokens))
    instances[index].inboundUnits -= units
    let hit = hit(slot, on: index, computes: false)
    requests[slot].landedTokens = defect(.handoffIgnoresHit) ? 0 : hit.tokens
    if requests[slot].out.decodeHitTokens < 0 {
      requests[slot].out.decodeHitTokens = Int32(hit.tokens)
    }
    instances[index].totals.tokensNotSent += hit.tokens
    takeMemory(slot, on: index, hit)
    instances[index].transit.append(slot)
    limitToMemory(index)
    note(slot, .reserved, index)
    publish(index)
  }

  /// Reserves memory for a request's context outside the batch, but for what it shares.
  mutating func takeMemory(_ slot: Int32, on index: Int, _ hit: PrefixHit = PrefixHit()) {
    requests[slot].admittedAt = now
    let saved = pinHit(slot, on: index, hit)
    instances[index].reserve(tokens: requests[slot].contextTokens, sharing: saved, at: now)
    settle(index)
  }

  /// Gives back what `takeMemory` reserved.
  mutating func freeMemory(_ slot: Int32, on index: Int) {
    let stays = unpinBlocks(slot, on: index)
    instances[index].release(tokens: requests[slot].contextTokens, keeping: stays, at: now)
  }
}
