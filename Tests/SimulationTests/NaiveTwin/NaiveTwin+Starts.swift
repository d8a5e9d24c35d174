import Hardware
import Simulation
import Workload

/// Phase 5: what the next step of an instance computes.
extension NaiveTwin {
  mutating func startStep(at i: Int) {
    var chunks: [TwinChunk] = []
    var decoding = instances[i].batch
    let queue = instances[i].isBatchDue ? firstChunkQueue(at: i) : []
    if instances[i].isBatchDue, !queue.isEmpty || !instances[i].partial.isEmpty {
      instances[i].isBatchDue = false
      instances[i].isBatchDueAtBoundary = instances[i].preemptedAt == now
      let decision = policies.formBatch.form(batchView(of: i, queue: queue))
      instances[i].batchReview = TwinReview(decision.review)
      chunks = fill(i, queue: queue, as: decision)
      // Retentions that ended for it made it due.
      instances[i].isBatchDue = false
      if !chunks.isEmpty, !decision.decodesBesidePrompts { decoding = [] }
    }
    guard !chunks.isEmpty || !decoding.isEmpty else { return }

    // Otherwise a step ended at this instant, and its fraction of a nanosecond is kept.
    if FixedPoint.ceiling(instances[i].clock) != now {
      instances[i].clock = FixedPoint.fine(nanoseconds: now)
    }
    if chunks.isEmpty { countKnot(of: decoding, at: i) }
    let parts = duration(of: chunks, decoding: decoding, at: i)
    let duration = max(parts, FixedPoint.fine(nanoseconds: 1))
    for r in decoding { requests[r].startDecode(at: now) }
    for chunk in chunks { giveLayers(of: chunk, at: i) }
    instances[i].step = TwinStep(
      duration: duration,
      end: instances[i].clock + duration,
      chunks: chunks,
      decoding: decoding,
      unitsRead: unitsRead(by: decoding, at: i)
    )
  }

  /// Those that wait for their first chunk and may get it, in order.
  private func firstChunkQueue(at i: Int) -> [Int] {
    guard instances[i].role != .decode else { return instances[i].admitted }
    return instances[i].preempted + ranked(instances[i].waiting, by: policies.orderPrefill)
  }

  private func batchView(of i: Int, queue: [Int]) -> BatchView {
    let oldest = queue.map { requests[$0].queuedAt }.min() ?? now
    return BatchView(
      now: now,
      role: instances[i].role,
      queuedRequests: queue.count,
      queuedTokens: queue.reduce(0) { $0 + requests[$1].contextTokens },
      oldestQueuedAt: signals.contains(.oldestQueued) ? oldest : now,
      partialRequests: instances[i].partial.count,
      runningRequests: instances[i].batch.count,
      stepsSincePrefill: instances[i].stepsSincePrefill
    )
  }

  private mutating func fill(_ i: Int, queue: [Int], as decision: BatchDecision) -> [TwinChunk] {
    var chunks: [TwinChunk] = []
    var budget = decision.promptTokens
    for r in instances[i].partial where !requests[r].isLoading {
      let left = requests[r].leftTokens
      let tokens = share(of: left, budget: budget, isFirst: chunks.isEmpty, decision)
      guard tokens > 0 else { return chunks }
      chunks.append(TwinChunk(request: r, tokens: tokens))
      budget -= tokens
    }
    let returnsFirst = instances[i].preemptedAt == now || !instances[i].swapped.isEmpty
    let isBarred = instances[i].role == .mixed && returnsFirst
    guard !isBarred || instances[i].memory.residentCount == 0 else { return chunks }
    for r in queue {
      // On a decode instance it has had its memory for a while, and with that its hit.
      let hit = instances[i].role == .decode ? requests[r].hitTokens : hit(of: r, at: i)
      let left = requests[r].contextTokens - hit
      let tokens = share(of: left, budget: budget, isFirst: chunks.isEmpty, decision)
      guard tokens > 0 else { return chunks }
      switch obtainMemory(for: r, at: i) {
      case .waits:
        countBlocked(behind: r, in: queue, at: i)
        return chunks
      case .rejected(let reason):
        rejectLate(r, reason)
      case .admitted:
        startPrompt(r, at: i)
        if startLoad(r, at: i) { continue }
        chunks.append(TwinChunk(request: r, tokens: tokens))
        budget -= tokens
      }
    }
    return chunks
  }

  /// Tokens of a prompt that enter the step; 0 if it does not enter.
  private func share(of left: Int, budget: Int, isFirst: Bool, _ decision: BatchDecision) -> Int {
    guard budget > 0 else { return 0 }
    if decision.splitsPrompts { return min(left, budget) }
    return left <= budget || isFirst ? left : 0
  }

  mutating func obtainMemory(for r: Int, at i: Int) -> TwinAnswer {
    switch instances[i].role {
    case .decode: return .admitted
    case .prefill: return obtainPrefillMemory(for: r, at: i)
    case .mixed:
      let answer = ask(about: r, at: i, reviewedBy: \.recomputeReview)
      if case .admitted = answer { reserve(r, at: i) }
      if case .rejected = answer { census.count(.rejectedOnMixed) }
      return answer
    }
  }

  private mutating func obtainPrefillMemory(for r: Int, at i: Int) -> TwinAnswer {
    guard findsRoom(r, at: i) else { return .waits }
    if fleet.handoff.decodeAt == .prefillStart { chooseReceiver(of: r) }
    let answer = askLayerWise(r)
    if case .admitted = answer { reserve(r, at: i) }
    return answer
  }

  mutating func startPrompt(_ r: Int, at i: Int) {
    instances[i].waiting.removeAll { $0.request == r }
    instances[i].admitted.removeAll { $0 == r }
    // On a decode instance it left the recompute queue when it was admitted.
    instances[i].preempted.removeAll { $0 == r }
    instances[i].partial.append(r)
    instances[i].change()
    requests[r].computedTokens = requests[r].hitTokens
    observeWait(of: r)
    if requests[r].row.hitTokens < 0 { requests[r].row.hitTokens = Int32(requests[r].hitTokens) }
    requests[r].startPrompt(at: now)
    if instances[i].role == .prefill { giveCached(0..<requests[r].hitTokens, of: r, at: i) }
    retentionsNoticeStart(of: r)
  }

  private func duration(of chunks: [TwinChunk], decoding: [Int], at i: Int) -> FineTime {
    var duration: FineTime = 0
    if !decoding.isEmpty {
      let units = unitsRead(by: decoding, at: i)
      duration += instances[i].decodeTimes.time(batch: decoding.count, units: units)
    }
    guard !chunks.isEmpty else { return duration }
    let costs = instances[i].kind.costs
    let tokens = chunks.reduce(0) { $0 + $1.tokens }
    duration += costs.prefillPass(tokens: tokens, decodeBatch: decoding.count).time
    for chunk in chunks {
      let past = requests[chunk.request].computedTokens
      duration += costs.prefillAttention(newTokens: chunk.tokens, pastTokens: past).time
    }
    return duration
  }
}
