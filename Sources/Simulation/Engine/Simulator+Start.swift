import Hardware
import Workload

// Phase 5: instances that are not in a step form a batch and start one.
extension Simulator {
  @inline(__always)
  mutating func startReadyInstances() {
    if ready.count > 1, !defect(.insertionOrder) { ready.insertionSort { $0 < $1 } }
    for position in ready.indices {
      let index = Int(ready[position])
      instances[index].isReady = false
      starting = index
      if !instances[index].isStepping { start(index) }
    }
    starting = -1
    ready.removeAll()
  }

  @inline(__always)
  private mutating func start(_ index: Int) {
    var decodesBesidePrompts = true
    let hasPrompts = instances[index].startable > 0 || instances[index].partials.count > 0
    if instances[index].batchDue {
      let staysDue = instances[index].preemptedAt == now
      instances[index].batchDue = staysDue
      if hasPrompts {
        let decision = policies.formBatch.form(batchView(index))
        instances[index].batchReview.replace(
          with: decision.review,
          stepsDone: instances[index].totals.steps,
          now: now
        )
        decodesBesidePrompts = decision.decodesBesidePrompts
        fill(index, decision)
        // What filling has freed it has had to fill with.
        instances[index].batchDue = staysDue
      }
    }
    let hasChunks = instances[index].chunks.count > 0
    let hasDecodes = instances[index].batch > 0 && (decodesBesidePrompts || !hasChunks)
    guard hasDecodes || hasChunks else { return standStill(index) }
    if instances[index].boundary != now || defect(.clockLosesFraction) {
      instances[index].clock = FixedPoint.fine(nanoseconds: now)
    }
    instances[index].isStepping = true
    instances[index].segment.steps = 1
    instances[index].segment.hasDecodes = hasDecodes
    instances[index].segment.resumes = hasDecodes && !instances[index].lastStepDecoded
    instances[index].segment.countedAt = -1
    if hasDecodes { startDecoding(index) }
    if hasChunks { startPass(index, decodes: hasDecodes) } else { startSeries(index) }
  }

  private mutating func standStill(_ index: Int) {
    let timer = min(
      instances[index].batchReview.at,
      instances[index].recomputeReview.at,
      instances[index].swapReview.at,
      instances[index].bridgeReview.at
    )
    if timer == .never {
      queue.cancel(index)
    } else {
      queue.schedule(index, at: timer, kind: .timer, owner: Int64(index))
    }
  }

  @inline(__always)
  private func batchView(_ index: Int) -> BatchView {
    var oldest = now
    if signals.contains(.oldestQueued) {
      for position in instances[index].waiting.entries.indices {
        oldest = min(oldest, instances[index].waiting.entries[position].queuedAt)
      }
      if instances[index].role != .decode {
        for position in instances[index].preempted.indices {
          oldest = min(oldest, requests[instances[index].preempted[position]].queuedAt)
        }
      }
      for position in instances[index].admitted.indices {
        oldest = min(oldest, requests[instances[index].admitted[position]].queuedAt)
      }
    }
    var tokens = instances[index].waitingTokens
    if instances[index].role == .decode {
      tokens = 0
      for position in instances[index].admitted.indices {
        tokens += requests[instances[index].admitted[position]].contextTokens
      }
    }
    return BatchView(
      now: now,
      role: instances[index].role,
      queuedRequests: instances[index].startable,
      queuedTokens: Int(tokens),
      oldestQueuedAt: oldest,
      partialRequests: instances[index].partials.count,
      runningRequests: instances[index].batch,
      stepsSincePrefill: instances[index].stepsSincePrefill
    )
  }

  /// Fills the step with chunks: partly computed prompts first, then new ones in queue order.
  @inline(__always)
  private mutating func fill(_ index: Int, _ decision: BatchDecision) {
    var budget = Int64(max(0, decision.promptTokens))
    for position in instances[index].partials.indices {
      let slot = instances[index].partials[position]
      if requests[slot].isLoading { continue }
      guard addChunk(slot, on: index, decision, budget: &budget) else { return }
    }
    // Who was swapped out comes back before anybody new.
    let returnsFirst = instances[index].preemptedAt == now || !instances[index].swapped.isEmpty
    if returnsFirst, instances[index].role == .mixed, instances[index].residents > 0 { return }
    while instances[index].startable > 0 {
      let (slot, position) = nextPrompt(index)
      let isWaiting = instances[index].role != .decode
      if isWaiting {
        requests[slot].computedTokens = hit(slot, on: index, computes: true).tokens
      }
      let enters = chunkTokens(slot, on: index, decision, budget: budget) > 0
      if isWaiting { requests[slot].computedTokens = 0 }
      guard enters else { return }
      switch takePromptMemory(slot, on: index) {
      case .waits: return
      case .granted:
        dequeue(slot, at: position, on: index)
        begin(slot, on: index)
        if !beginLoad(slot, on: index) {
          _ = addChunk(slot, on: index, decision, budget: &budget)
        }
      case .rejected(let reason):
        dequeue(slot, at: position, on: index)
        queuedTokens -= requests[slot].contextTokens
        reject(slot, reason: intern(reason))
      }
      publish(index)
    }
  }

  /// The tokens of a prompt that enter the step; 0 if it does not.
  @inline(__always)
  private func chunkTokens(
    _ slot: Int32,
    on index: Int,
    _ decision: BatchDecision,
    budget: Int64
  ) -> Int64 {
    let left = requests[slot].contextTokens - requests[slot].computedTokens
    if decision.splitsPrompts { return min(left, budget) }
    return left <= budget || (instances[index].chunks.count == 0 && budget > 0) ? left : 0
  }

  private mutating func addChunk(
    _ slot: Int32,
    on index: Int,
    _ decision: BatchDecision,
    budget: inout Int64
  ) -> Bool {
    let tokens = chunkTokens(slot, on: index, decision, budget: budget)
    guard tokens > 0 else { return false }
    budget = max(0, budget - tokens)
    let chunk = Chunk(slot: slot, tokens: tokens)
    instances[index].chunks.append(chunk)
    sendEarly(chunk, on: index)
    note(slot, .chunkStarted, index, amount: tokens)
    return true
  }

  /// The request that is next to start its first chunk, and where it stands in its queue.
  @inline(__always)
  private mutating func nextPrompt(_ index: Int) -> (slot: Int32, position: Int) {
    if instances[index].role == .decode { return (instances[index].admitted[0], 0) }
    if let slot = instances[index].preempted.last { return (slot, -1) }
    if prefillOrderDependsOnTime {
      var waiting = WaitQueue(dependsOnTime: true)
      swap(&waiting, &instances[index].waiting)
      rekey(&waiting, by: policies.orderPrefill)
      swap(&waiting, &instances[index].waiting)
    }
    let head = instances[index].waiting.headIndex()
    return (instances[index].waiting.entries[head].slot, head)
  }

  /// Takes memory for a prompt whose first chunk is about to be scheduled, and prepares its hand-off.
  @inline(__always)
  mutating func takePromptMemory(_ slot: Int32, on index: Int) -> MemoryAnswer {
    let answer: MemoryAnswer
    switch instances[index].role {
    case .decode:
      return .granted
    case .prefill:
      guard fit(slot, on: index, computes: true, isCached: true).fits else { return .waits }
      answer = decodeAt == .handoff ? .granted : prepareHandoff(slot, on: index)
    case .mixed:
      answer = askForMemory(slot, on: index, from: .recompute)
    }
    if case .granted = answer {
      let hit = hit(slot, on: index, computes: true)
      takeMemory(slot, on: index, hit)
      skip(hit, of: slot, on: index)
      requests[slot].hitBlocks = hit.blocks
      dropRetentions(awaiting: slot)
    }
    return answer
  }

  private mutating func dequeue(_ slot: Int32, at position: Int, on index: Int) {
    if instances[index].role == .decode {
      instances[index].admitted.remove(at: 0)
    } else if position < 0 {
      _ = instances[index].preempted.removeLast()
    } else {
      instances[index].waiting.remove(at: position)
    }
    instances[index].waitingTokens -= requests[slot].contextTokens
  }

  /// Takes a prompt that is about to load out of the queue, wherever it stands.
  mutating func dequeueWaiting(_ slot: Int32, on index: Int) {
    for position in instances[index].waiting.entries.indices
    where instances[index].waiting.entries[position].slot == slot {
      return dequeue(slot, at: position, on: index)
    }
  }

  /// A prompt's first chunk is in the step, or it begins to load.
  mutating func begin(_ slot: Int32, on index: Int) {
    let hit = requests[slot].computedTokens
    instances[index].partialTokens += requests[slot].contextTokens - hit
    queuedTokens -= hit
    instances[index].partials.append(slot)
    if requests[slot].out.prefillStart < 0 {
      requests[slot].out.prefillStart = now
      requests[slot].out.hitTokens = Int32(hit)
      if retains { policies.retain.observe(wait: now - requests[slot].out.arrival) }
    }
    sendHit(slot, on: index)
    if requests[slot].stage == .prefillQueue { requests[slot].enter(.prefill, at: now) }
  }

  /// The members that have not decoded yet start now.
  @inline(__always)
  private mutating func startDecoding(_ index: Int) {
    for position in instances[index].joiners.indices {
      let slot = instances[index].joiners[position]
      if requests[slot].out.decodeStart < 0 { requests[slot].out.decodeStart = now }
      if requests[slot].stage == .decodeQueue { requests[slot].enter(.decode, at: now) }
    }
  }

  /// Starts a step with chunks, with or without decodes.
  @inline(__always)
  private mutating func startPass(_ index: Int, decodes: Bool) {
    let cost = passCost(index, decodes: decodes)
    instances[index].segment.time = max(cost.time, FixedPoint.fine(nanoseconds: 1))
    instances[index].segment.energy = cost.energy
    queue.schedule(
      index,
      at: FixedPoint.ceiling(instances[index].clock + instances[index].segment.time),
      kind: .boundary,
      owner: Int64(index)
    )
  }

  @inline(__always)
  private mutating func passCost(_ index: Int, decodes: Bool) -> StepCost {
    let first = instances[index].chunks[0]
    guard !decodes, instances[index].chunks.count == 1, requests[first.slot].computedTokens == 0
    else { return sumPass(index, decodes: decodes) }
    return costs[instances[index].pool].wholePrompt(tokens: Int(first.tokens))
  }

  /// The cost of a step with several chunks, or with parts of prompts, or beside decodes.
  private mutating func sumPass(_ index: Int, decodes: Bool) -> StepCost {
    let pool = instances[index].pool
    var (time, energy) = (FineTime(0), FineEnergy(0))
    if decodes {
      let units = instances[index].batchUnits
      let piece = curves[pool].piece(batch: instances[index].batch, units: units)
      (time, energy) = (piece.time(units: units), piece.energy(units: units))
    }
    var tokens: Int64 = 0
    // Taken out once: every call through the table would copy the model first.
    let model = costs[pool].model
    for position in instances[index].chunks.indices {
      let chunk = instances[index].chunks[position]
      tokens += chunk.tokens
      let attention = model.prefillAttention(
        newTokens: Int(chunk.tokens),
        pastTokens: Int(requests[chunk.slot].computedTokens)
      )
      time += attention.time
      energy += attention.energy
    }
    let pass = model.prefillPass(
      tokens: Int(tokens),
      decodeBatch: decodes ? instances[index].batch : 0
    )
    return StepCost(time: time + pass.time, energy: energy + pass.energy)
  }
}
