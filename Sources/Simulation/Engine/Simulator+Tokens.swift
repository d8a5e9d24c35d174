import Hardware
import Workload

// Tokens as they are emitted: first tokens, and inter-token latencies in bulk.
extension Simulator {
  /// Books the tokens of the first step of a segment.
  ///
  /// Members that have not emitted since they joined are booked singly, by visible times. Of the
  /// others, the step's own duration counts, unless the batch had to pause: then the visible time
  /// since its last boundary.
  mutating func creditTokens(_ index: Int, firstStep: FineTime, start: FineTime) {
    let emitted = FixedPoint.ceiling(start + firstStep)
    countJoiners(index)
    for position in instances[index].joiners.indices {
      creditJoiner(instances[index].joiners[position], at: emitted)
    }
    instances[index].joiners.removeAll()
    let pause = emitted - instances[index].lastTokenBoundary
    let first =
      instances[index].segment.resumes ? FixedPoint.fine(nanoseconds: pause) : firstStep
    for requestClass in instances[index].classCounts.indices {
      let count = instances[index].classCounts[requestClass] - joinersByClass[requestClass]
      guard count > 0 else { continue }
      intervals.append(
        TokenIntervals(
          first: first,
          increment: 0,
          steps: 1,
          requests: count,
          requestClass: UInt16(requestClass)
        )
      )
    }
  }

  private mutating func countJoiners(_ index: Int) {
    let classes = instances[index].classCounts.count
    while joinersByClass.count < classes { joinersByClass.append(0) }
    for requestClass in 0..<classes { joinersByClass[requestClass] = 0 }
    for position in instances[index].joiners.indices {
      let slot = instances[index].joiners[position]
      joinersByClass[Int(requests[slot].out.requestClass)] += 1
    }
  }

  /// The first token of a request since it joined the batch.
  private mutating func creditJoiner(_ slot: Int32, at emitted: SimTime) {
    if requests[slot].stage == .stall { requests[slot].enter(.decode, at: emitted) }
    guard requests[slot].out.firstToken >= 0 else {
      requests[slot].out.firstToken = emitted
      return
    }
    intervals.append(
      TokenIntervals(
        first: FixedPoint.fine(nanoseconds: emitted - requests[slot].lastToken),
        increment: 0,
        steps: 1,
        requests: 1,
        requestClass: requests[slot].out.requestClass
      )
    )
  }

  /// Books the tokens of a stretch from its step `offset` on.
  mutating func recordIntervals(_ index: Int, _ stretch: StepSeries.Stretch, from offset: Int64) {
    guard stretch.steps > offset else { return }
    for requestClass in instances[index].classCounts.indices {
      let count = instances[index].classCounts[requestClass]
      guard count > 0 else { continue }
      intervals.append(
        TokenIntervals(
          first: stretch.firstTime + stretch.timeIncrement * Int128(offset),
          increment: stretch.timeIncrement,
          steps: Int32(clamping: stretch.steps - offset),
          requests: count,
          requestClass: UInt16(requestClass)
        )
      )
    }
  }
}
