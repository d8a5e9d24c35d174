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
    let fired = instances[i].fireReviews { $0.countBoundary(at: now) }
    census.count(fired, isStepping: true)
    if instances[i].isBatchDueAtBoundary { instances[i].isBatchDue = true }
    if options.consultsEveryBoundary { instances[i].makeAllDue() }

    let growing = emitTokens(of: step.decoding, at: i)
    credit(step.chunks, at: i)
    let crosses = grow(growing, at: i)
    if instances[i].role == .decode {
      admitPreempted(at: i)
      for r in byRecord(instances[i].landed) { join(r, at: i) }
      instances[i].landed = []
    }
    if !instances[i].hasChanged, fired.isEmpty, !crosses { instances[i].quietBoundary = now }
  }

  /// Returns those that go on.
  private mutating func emitTokens(of decoding: [Int], at i: Int) -> [Int] {
    for r in decoding {
      requests[r].contextTokens += 1
      requests[r].emitToken(at: now, then: .decode)
      guard requests[r].hasEmittedAll else { continue }
      instances[i].batch.removeAll { $0 == r }
      complete(r, at: i)
    }
    return decoding.filter { !requests[$0].hasEmittedAll }
  }

  private mutating func credit(_ chunks: [TwinChunk], at i: Int) {
    guard !chunks.isEmpty else { return }
    instances[i].isBatchDue = true
    instances[i].hasChanged = true
    for chunk in chunks {
      let r = chunk.request
      requests[r].computedTokens += chunk.tokens
      guard requests[r].leftTokens == 0 else { continue }
      if requests[r].hasLeftPrompt {
        census.count(instances[i].role == .mixed ? .recomputedOnMixed : .recomputedOnDecode)
      }
      instances[i].partial.removeAll { $0 == r }
      if requests[r].hasLeftPrompt { join(r, at: i) } else { completePrompt(r, at: i) }
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
      complete(r, at: i)
    } else if isMixed {
      join(r, at: i)
    } else {
      toPlace.append(r)
    }
  }

  private mutating func complete(_ r: Int, at i: Int) {
    requests[r].end(.completed, at: now)
    instances[i].memory.release(r)
    instances[i].notice()
  }

  mutating func join(_ r: Int, at i: Int) {
    instances[i].batch.append(r)
    instances[i].notice()
  }

  func byRecord(_ list: [Int]) -> [Int] {
    list.sorted { requests[$0].row.record < requests[$1].row.record }
  }
}
