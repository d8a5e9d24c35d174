import Hardware
import Simulation
import Workload

/// Phases 1b and 1c: growth, preemption, and the return of what was preempted.
extension NaiveTwin {
  /// Gives each request that decoded and goes on its next token, and preempts while they do not fit.
  ///
  /// - Returns: Whether one of them reached the end of its sliding window.
  mutating func grow(_ decoded: [Int], at i: Int) -> Bool {
    let shape = instances[i].memory.shape
    var growing = decoded
    while growth(of: growing, in: shape) > instances[i].memory.free {
      if yieldRetention(at: i, .retentionYieldedToGrowth) { continue }
      let candidates = byAdmission(instances[i].batch + instances[i].partial)
      let view = memoryView(of: i, residents: candidates, growing: growing)
      let decision = policies.preempt.preempt(view)
      let victim = candidates[decision.victim]
      growing.removeAll { $0 == victim }
      preempt(victim, at: i, decision.restore)
    }
    for r in growing { instances[i].memory.hold(requests[r].contextTokens, for: r) }
    tellTiers(at: i)
    let crossing = growing.filter { requests[$0].contextTokens == shape.windowTokens }
    for _ in crossing { census.count(.windowCrossed) }
    return !crossing.isEmpty
  }

  /// Units that those who grow need beyond what they hold; their context counts the token already.
  private func growth(of growing: [Int], in shape: KVShape) -> Int64 {
    growing.reduce(0) { sum, r in
      let tokens = requests[r].contextTokens
      return sum + shape.units(tokens: tokens) - shape.units(tokens: tokens - 1)
    }
  }

  private mutating func preempt(_ r: Int, at i: Int, _ restore: PreemptDecision.Restore) {
    let wasDecoding = instances[i].batch.contains(r)
    instances[i].batch.removeAll { $0 == r }
    instances[i].partial.removeAll { $0 == r }
    release(r, at: i)
    guard instances[i].memory.residentCount > 0 else { return fail(r) }
    instances[i].preemptedAt = now
    instances[i].totals.preemptions += 1
    requests[r].row.preemptions += 1
    requests[r].queuedAt = now
    requests[r].enter(.stall, at: now)
    let tokens = requests[r].contextTokens
    if restore == .swap, wasDecoding, instances[i].host.hasRoom(tokens: tokens) {
      return swapOut(r, at: i)
    }
    if restore == .swap, wasDecoding, instances[i].host.exists { census.count(.hostMemoryFull) }
    requests[r].computedTokens = 0
    abandonLoad(of: r, at: i)
    if instances[i].role == .decode, fleet.recompute == .prefillPool {
      let holding = holders(of: r) { $0 == .prefill }
      if holding.count < instances.count(where: { $0.role == .prefill }) {
        census.count(.tooLargeToReturn)
      }
      if !holding.isEmpty { return returnToPrefill(r, at: i) }
    }
    instances[i].preempted.insert(r, at: 0)
  }

  private mutating func swapOut(_ r: Int, at i: Int) {
    let tokens = requests[r].contextTokens
    instances[i].host.copyOut(r, tokens: tokens, at: now)
    instances[i].totals.bytesSwappedOut += instances[i].host.bytes(tokens: tokens)
    instances[i].swapped.insert(r, at: 0)
    requests[r].row.swaps += 1
    census.count(.swappedOut)
  }

  /// A request that keeps its decode instance is inbound to it again.
  private mutating func returnToPrefill(_ r: Int, at i: Int) {
    if fleet.handoff.decodeAt == .arrival { expect(r, at: i) } else { requests[r].receiver = nil }
    toReturn.append(r)
    census.count(.returnedToPrefill)
  }

  /// Lets those who were preempted have memory again, while they get it: those on the host, and on
  /// decode instances those who are recomputed there.
  mutating func admitReturns(at i: Int) {
    let isEmpty = instances[i].memory.residentCount == 0
    guard instances[i].isRecomputeDue, isEmpty || instances[i].preemptedAt < now else { return }
    instances[i].isRecomputeDue = false
    let hadReturns = instances[i].hasReturns
    defer {
      if hadReturns, !instances[i].hasReturns {
        instances[i].isBridgeDue = true
        if instances[i].role == .mixed { instances[i].isBatchDue = true }
      }
    }
    for r in instances[i].swapped {
      guard returns(r, at: i, reviewedBy: \.swapReview) else { return }
    }
    guard instances[i].role == .decode else { return }
    for r in instances[i].preempted {
      guard returns(r, at: i, reviewedBy: \.recomputeReview) else { return }
    }
  }

  /// Returns whether the next in line may ask, too.
  private mutating func returns(
    _ r: Int,
    at i: Int,
    reviewedBy review: WritableKeyPath<TwinInstance, TwinReview>
  ) -> Bool {
    switch ask(about: r, at: i, reviewedBy: review) {
    case .waits: return false
    case .rejected(let reason): rejectLate(r, reason)
    case .admitted:
      reserve(r, at: i)
      if instances[i].swapped.contains(r) { swapIn(r, at: i) } else { admitToRecompute(r, at: i) }
    }
    return true
  }

  private mutating func swapIn(_ r: Int, at i: Int) {
    let tokens = requests[r].contextTokens
    if instances[i].host.isOnItsWayOut(r, at: now) { census.count(.swapInWaitedForCopyOut) }
    let end = instances[i].host.copyIn(r, tokens: tokens, at: now)
    instances[i].swapped.removeAll { $0 == r }
    instances[i].swapIns.append((request: r, end: end))
    instances[i].totals.bytesSwappedIn += instances[i].host.bytes(tokens: tokens)
  }

  private mutating func admitToRecompute(_ r: Int, at i: Int) {
    instances[i].preempted.removeAll { $0 == r }
    instances[i].admitted.append(r)
    instances[i].isBatchDue = true
  }
}
