import Hardware
import Simulation
import Workload

/// Phase 1: the end of a step.
extension NaiveTwin {
  mutating func finishStep(at i: Int) {
    guard let step = instances[i].step else { return }
    instances[i].step = nil
    instances[i].clock = step.end
    instances[i].stepsSincePrefill = step.chunks.isEmpty ? instances[i].stepsSincePrefill + 1 : 0
    count(step, at: i)
    let fired = instances[i].fireReviews { $0.countBoundary(at: now) }
    census.count(fired, isStepping: true)
    if instances[i].isBatchDueAtBoundary {
      instances[i].isBatchDue = true
      instances[i].isBatchDueAtBoundary = false
    }
    if options.consultsEveryBoundary {
      instances[i].makeAllDue()
      if instances[i].role != .decode { gateway.isDue = true }
    }

    let growing = emitTokens(of: step.decoding, at: i)
    credit(step.chunks, at: i)
    let evicted = instances[i].memory.cache.evicted
    let crosses = grow(growing, at: i)
    let hasEvicted = instances[i].memory.cache.evicted > evicted
    admitReturns(at: i)
    for r in byRecord(instances[i].landed) { join(r, at: i) }
    instances[i].landed = []
    guard !instances[i].hasChanged, fired.isEmpty, !crosses else { return }
    instances[i].quietBoundary = now
    if hasEvicted { census.count(.evictedInSegment) }
  }

  private mutating func count(_ step: TwinStep, at i: Int) {
    instances[i].totals.steps += 1
    instances[i].totals.busy += step.duration
    instances[i].totals.prefillTokens += step.chunks.reduce(0) { $0 + Int64($1.tokens) }
    guard !step.decoding.isEmpty else { return }
    instances[i].totals.decodeSteps += 1
    instances[i].totals.decodeTokens += Int64(step.decoding.count)
    instances[i].totals.unitsRead += Int128(step.unitsRead)
  }

  /// Returns those that go on.
  private mutating func emitTokens(of decoding: [Int], at i: Int) -> [Int] {
    for r in decoding {
      requests[r].contextTokens += 1
      requests[r].emitToken(at: now, then: .decode)
    }
    for r in byRecord(decoding) where requests[r].hasEmittedAll {
      instances[i].batch.removeAll { $0 == r }
      complete(r, at: i, hasDecoded: true)
    }
    return decoding.filter { !requests[$0].hasEmittedAll }
  }

  private mutating func credit(_ chunks: [TwinChunk], at i: Int) {
    guard !chunks.isEmpty else { return }
    instances[i].isBatchDue = true
    instances[i].change()
    for chunk in chunks {
      let r = chunk.request
      giveLastLayer(of: chunk, at: i)
      requests[r].computedTokens += chunk.tokens
      showComputed(r, at: i)
    }
    for r in chunks.map(\.request) {
      guard requests[r].leftTokens == 0 else { continue }
      instances[i].partial.removeAll { $0 == r }
      noteInserted(r, at: i)
      if requests[r].hasLeftPrompt { completeContext(r, at: i) } else { completePrompt(r, at: i) }
    }
  }

  /// The context of a request that had decoded, or had emitted, is here again.
  private mutating func completeContext(_ r: Int, at i: Int) {
    switch instances[i].role {
    case .prefill: handOff(r)
    case .decode:
      census.count(.recomputedOnDecode)
      join(r, at: i)
    case .mixed:
      census.count(.recomputedOnMixed)
      join(r, at: i)
    }
  }

  private mutating func completePrompt(_ r: Int, at i: Int) {
    if requests[r].row.prefillEnd < 0 { requests[r].row.prefillEnd = now }
    let isMixed = instances[i].role == .mixed
    if isMixed || firstToken == .prefill {
      requests[r].emitToken(at: now, then: isMixed ? .decodeQueue : .transfer)
    } else {
      requests[r].enter(.transfer, at: now)
    }
    if requests[r].hasEmittedAll {
      complete(r, at: i, hasDecoded: false)
    } else if isMixed {
      join(r, at: i)
    } else {
      handOff(r)
    }
  }

  /// A complete prompt goes to placement, unless its hand-off has begun already.
  private mutating func handOff(_ r: Int) {
    if !isInTransfer(r) { toPlace.append(r) }
  }

  mutating func join(_ r: Int, at i: Int) {
    instances[i].batch.append(r)
    showAll(r, at: i)
    instances[i].notice()
    leaveInbound(r)
  }

  /// Units that a decode step over the present contexts reads.
  func unitsRead(by decoding: [Int], at i: Int) -> Int64 {
    decoding.reduce(0) { sum, r in
      sum + instances[i].memory.shape.units(tokens: requests[r].contextTokens)
    }
  }

  func byRecord(_ list: [Int]) -> [Int] {
    list.sorted { requests[$0].row.record < requests[$1].row.record }
  }
}
