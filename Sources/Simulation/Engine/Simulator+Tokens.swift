import Hardware
import Workload

// First tokens, and the inter-token latencies that are not a step's own duration.
extension Simulator {
  /// Books the tokens of a series' first step where some of them are special: members that have not
  /// emitted since they joined are booked singly, by visible times, and a batch that had to pause
  /// by the visible time since its last boundary.
  ///
  /// - Returns: Whether it has booked that step's tokens.
  mutating func creditFirstTokens(_ index: Int, step: FineTime) -> Bool {
    let resumes = instances[index].segment.resumes
    guard resumes || instances[index].joiners.count > 0 else { return false }
    creditTokens(index, step: step)
    return true
  }

  /// Books the tokens of a step that also computed prompts.
  mutating func creditPassTokens(_ index: Int) {
    creditTokens(index, step: instances[index].segment.time)
  }

  private mutating func creditTokens(_ index: Int, step: FineTime) {
    let emitted = FixedPoint.ceiling(instances[index].clock + step)
    while joinersByClass.count < instances[index].classCounts.count { joinersByClass.append(0) }
    for position in instances[index].joiners.indices {
      let slot = instances[index].joiners[position]
      joinersByClass[Int(requests[slot].out.requestClass)] += 1
      creditJoiner(slot, at: emitted)
    }
    instances[index].joiners.removeAll()
    let pause = emitted - instances[index].lastTokenBoundary
    let resumes = instances[index].segment.resumes
    let first = resumes ? FixedPoint.fine(nanoseconds: pause) : step
    let start =
      resumes
      ? FixedPoint.fine(nanoseconds: instances[index].lastTokenBoundary) : instances[index].clock
    for requestClass in instances[index].classCounts.indices {
      let count = instances[index].classCounts[requestClass] - joinersByClass[requestClass]
      joinersByClass[requestClass] = 0
      guard count > 0 else { continue }
      intervals.append(
        TokenIntervals(
          start: start,
          first: first,
          increment: 0,
          steps: 1,
          requests: count,
          requestClass: UInt16(requestClass)
        )
      )
    }
  }

  /// The first token of a request since it joined the batch.
  @inline(__always)
  private mutating func creditJoiner(_ slot: Int32, at emitted: SimTime) {
    if requests[slot].stage == .stall { requests[slot].enter(.decode, at: emitted) }
    guard requests[slot].out.firstToken >= 0 else {
      requests[slot].out.firstToken = emitted
      if explains, requests[slot].isExplained {
        result.life.append(LifeEvent(time: emitted, kind: .firstToken))
      }
      return
    }
    intervals.append(
      TokenIntervals(
        start: FixedPoint.fine(nanoseconds: requests[slot].lastToken),
        first: FixedPoint.fine(nanoseconds: emitted - requests[slot].lastToken),
        increment: 0,
        steps: 1,
        requests: 1,
        requestClass: requests[slot].out.requestClass
      )
    )
  }
}
