import Hardware
import KVCache
import Workload

extension Outcome {
  fileprivate var lifeEvent: LifeEvent.Kind {
    switch self {
    case .completed: .completed
    case .rejected: .rejected
    case .failed: .failed
    case .cancelled: .cancelled
    case .unfinished: .unfinished
    }
  }
}

// Phase 1: what happens at the end of a step.
extension Simulator {
  /// Ends the segment of an instance at `now`, its last boundary.
  mutating func endSegment(_ index: Int) {
    publishGridBeforeBoundary(index)
    let (steps, hasDecodes) = (
      instances[index].segment.steps, instances[index].segment.hasDecodes
    )
    credit(index, steps: steps, growths: steps - 1)
    instances[index].isStepping = false
    settle(index)
    instances[index].boundary = now
    instances[index].totals.boundaries += 1
    let hadChunks = instances[index].chunks.count > 0
    var changed = false
    if hasDecodes {
      while instances[index].finishes.nextStep <= instances[index].decodeSteps {
        completeMember(index)
        changed = true
      }
    }
    let growth = BatchGrowth(of: instances[index])
    if hadChunks { creditChunks(index) }
    if hasDecodes, grow(index, by: growth) { changed = true }
    if changed { noteChange(index) }
    fireReviews(index)
    if instances[index].recomputeDue, instances[index].hasReturns { serveReturns(index) }
    for position in instances[index].landed.indices {
      joinLanded(instances[index].landed[position], on: index)
      changed = true
    }
    instances[index].landed.removeAll()
    if instances[index].bridgeAwaitsBoundary {
      instances[index].bridgeAwaitsBoundary = false
      markBridge(index)
    }
    if options.consultsEveryBoundary {
      noteChange(index)
      if instances[index].role != .decode { gatewayDue = isHolding }
    }
    if changed || hadChunks { publish(index) }
    markReady(index)
  }

  /// Sets the flags of an instance whose batch or memory changed.
  @inline(__always)
  mutating func noteChange(_ index: Int) {
    if instances[index].noteChange(), !defect(.bridgeForgotten) { markBridge(index) }
  }

  mutating func fireTimer(_ index: Int) {
    fireReviews(index)
    markReady(index)
  }

  /// Sets the flags of the hooks whose reviews are due.
  private mutating func fireReviews(_ index: Int) {
    let steps = instances[index].totals.steps
    if instances[index].batchReview.fires(at: now, stepsDone: steps) {
      instances[index].batchReview = PendingReview()
      instances[index].batchDue = true
    }
    if instances[index].recomputeReview.fires(at: now, stepsDone: steps) {
      instances[index].recomputeReview = PendingReview()
      instances[index].recomputeDue = true
      if instances[index].role == .mixed { instances[index].batchDue = true }
    }
    if instances[index].swapReview.fires(at: now, stepsDone: steps) {
      instances[index].swapReview = PendingReview()
      instances[index].recomputeDue = true
    }
    if instances[index].bridgeReview.fires(at: now, stepsDone: steps) {
      instances[index].bridgeReview = PendingReview()
      markBridge(index)
    }
  }

  /// A member of the batch has emitted its last token.
  @inline(__always)
  private mutating func completeMember(_ index: Int) {
    let slot = instances[index].finishes.pop()
    let tokens = requests[slot].contextBase + instances[index].decodeSteps - 1
    let turn = caches.count > 0 ? awaitedTurn(slot) : nil
    leaveBatch(slot, on: index, heldTokens: tokens, continuation: turn?.continuation)
    requests[slot].out.emittedTokens = requests[slot].out.outputTokens
    requests[slot].out.outcome = .completed
    if let turn { keep(slot, turn, from: index) }
    leave(slot)
  }

  /// Credits the prompt tokens that the step has computed.
  @inline(__always)
  private mutating func creditChunks(_ index: Int) {
    instances[index].batchDue = true
    if caches.count > 0 { showChunks(index) }
    for position in instances[index].chunks.indices {
      let chunk = instances[index].chunks[position]
      sendLate(chunk, on: index)
      note(chunk.slot, .chunkEnded, index, amount: chunk.tokens)
      instances[index].partialTokens -= chunk.tokens
      queuedTokens -= chunk.tokens
      requests[chunk.slot].computedTokens += chunk.tokens
      guard requests[chunk.slot].computedTokens == requests[chunk.slot].contextTokens else {
        continue
      }
      _ = instances[index].partials.removeSlot(chunk.slot)
      completePrompt(chunk.slot, on: index)
    }
    instances[index].chunks.removeAll()
  }

  /// The blocks that the chunks of the step have completed become visible.
  private mutating func showChunks(_ index: Int) {
    for position in instances[index].chunks.indices {
      let chunk = instances[index].chunks[position]
      let computed = requests[chunk.slot].computedTokens + chunk.tokens
      showBlocks(chunk.slot, on: index, tokens: computed)
    }
  }

  /// All tokens of a request's context have their KV.
  @inline(__always)
  private mutating func completePrompt(_ slot: Int32, on index: Int) {
    if requests[slot].out.prefillEnd < 0 { requests[slot].out.prefillEnd = now }
    noteInserted(slot, on: index)
    let restores = requests[slot].hasLeftPrompt
    let role = instances[index].role
    if restores, role != .prefill { return moveIntoBatch(slot, on: index) }
    requests[slot].hasLeftPrompt = true
    if emitsAtPrefill, !restores {
      requests[slot].out.emittedTokens = 1
      requests[slot].out.firstToken = now
      requests[slot].lastToken = now
      note(slot, .firstToken, index)
      if requests[slot].out.outputTokens == 1 { return completeAtPrefill(slot, on: index) }
    }
    if role == .mixed {
      requests[slot].enter(.decodeQueue, at: now)
      return moveIntoBatch(slot, on: index)
    }
    requests[slot].enterUnlessStalled(.transfer, at: now)
    if requests[slot].transfer < 0 { handoffs.append(slot) }
  }

  /// The first token of a request was its only one.
  private mutating func completeAtPrefill(_ slot: Int32, on index: Int) {
    var turn = caches.count > 0 ? awaitedTurn(slot) : nil
    // It has not decoded, so nothing of its output has KV.
    turn?.continuation = nil
    freeMemory(slot, on: index)
    noteChange(index)
    if instances[index].role == .prefill, decodeAt != .handoff {
      // Boundaries of the decode instance at this instant may still be to come.
      withdraw(slot, from: Int(requests[slot].out.decodeInstance))
      unpublished.append(requests[slot].out.decodeInstance)
    }
    requests[slot].out.outcome = .completed
    if let turn { keep(slot, turn, from: index) }
    leave(slot)
  }

  /// A request leaves the engine, with its outcome set.
  mutating func leave(_ slot: Int32) {
    requests[slot].enter(.gateway, at: now)
    requests[slot].out.finish = now
    requests[slot].isLive = false
    let session = requests[slot].out.session
    if readsSessions, session >= 0 { sessions.addService(requests[slot].out.stages, to: session) }
    if caches.count > 0 { forget(slot) }
    result.outcomes[Int(requests[slot].out.outcome.rawValue)] += 1
    result.outputTokens += Int64(requests[slot].out.emittedTokens)
    result.resultDigest &+= requests[slot].out.digest
    finished.append(requests[slot].out)
    let isCancelled = requests[slot].out.outcome == .cancelled
    if explains { note(slot, requests[slot].out.outcome.lifeEvent) }
    if arrivals.isInMemory { arrivals.end(requests[slot], at: now) }
    requests.remove(slot)
    if arrivals.hasCancelled, !isCancelled { cancelDescendants() }
  }

  /// Offers the requests that will never be due because one they wait for did not complete.
  private mutating func cancelDescendants() {
    var state = RequestState()
    while arrivals.takeCancelled(into: &state, at: now) {
      result.offered += 1
      let slot = requests.insert()
      requests[slot] = state
      requests[slot].path = .root
      if state.out.record == options.explainedRecord { explain(slot) }
      requests[slot].out.outcome = .cancelled
      leave(slot)
      state = RequestState()
    }
  }
}
