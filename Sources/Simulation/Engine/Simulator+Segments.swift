import Hardware
import Workload

// Segments as the event queue sees them.
extension Simulator {
  @inline(__always)
  mutating func startSeries(_ index: Int) {
    instances[index].untouchableUnits = evictsByTime ? idleUnits(of: index) : 0
    instances[index].planSeries(
      stepping: stepsAlways,
      curves: &curves[instances[index].pool]
    )
    scheduleEnd(index)
  }

  private mutating func scheduleEnd(_ index: Int) {
    let end = instances[index].segmentEnd(curves: &curves[instances[index].pool])
    queue.schedule(index, at: end, kind: .boundary, owner: Int64(index))
  }

  /// Shortens a running segment after a reservation took memory it might have grown into.
  mutating func limitToMemory(_ index: Int) {
    guard instances[index].isStepping, !defect(.reservationIgnored) else { return }
    instances[index].untouchableUnits = evictsByTime ? idleUnits(of: index) : 0
    let steps = instances[index].stepsWithinMemory
    guard steps < instances[index].segment.steps else { return }
    instances[index].segment.steps = max(1, steps)
    scheduleEnd(index)
  }

  /// Shortens a running segment to the boundary at which a review fires.
  mutating func limit(_ index: Int, to review: PendingReview) {
    guard instances[index].isStepping, !defect(.reviewMissed) else { return }
    let steps = instances[index].segment.steps
    instances[index].limit(to: review, curves: &curves[instances[index].pool])
    if instances[index].segment.steps < steps { scheduleEnd(index) }
  }

  /// Something happened to a running instance: it stops at its first boundary at or after now.
  /// If that is now, the boundary is processed at once, as stepping would have done before; unless
  /// steps have started since, as this instance's then has.
  @inline(__always)
  mutating func cut(_ index: Int) {
    guard instances[index].isStepping, instances[index].segment.steps > 1 else { return }
    cutSegment(index)
  }

  private mutating func cutSegment(_ index: Int) {
    let steps = instances[index].segment.steps
    let first = hasStarted ? now + 1 : now
    instances[index].endSegment(atOrAfter: first, curves: &curves[instances[index].pool])
    let end = instances[index].segmentEnd(curves: &curves[instances[index].pool])
    if end == now {
      queue.cancel(index)
      endSegment(index)
    } else if instances[index].segment.steps < steps {
      queue.schedule(index, at: end, kind: .boundary, owner: Int64(index))
    }
  }

  /// How many boundaries of the running segment have V ≤ `time`.
  @inline(__always)
  mutating func boundariesPassed(_ index: Int, by time: SimTime) -> Int64 {
    guard instances[index].hasPassedBoundary(by: time) else { return 0 }
    return instances[index].countBoundaries(by: time, curves: &curves[instances[index].pool])
  }

  /// Books `steps` steps of the running segment: time, energy, tokens and integrals.
  ///
  /// - Parameters:
  ///   - index: The instance.
  ///   - steps: How many of its steps have ended.
  ///   - growths: How many of their boundaries grow the batch here; the last one of a segment is
  ///     left to `grow`, which may preempt.
  @inline(__always)
  mutating func credit(_ index: Int, steps: Int64, growths: Int64) {
    guard steps > 0 else { return }
    let (pool, hasDecodes) = (instances[index].pool, instances[index].segment.hasDecodes)
    instances[index].totals.steps += steps
    if hasDecodes {
      let batch = instances[index].batch
      while stepsAtBatch[pool].count <= batch { stepsAtBatch[pool].append(0) }
      stepsAtBatch[pool][batch] += steps
      instances[index].totals.decodeSteps += steps
      instances[index].totals.decodeTokens += steps * Int64(batch)
    }
    if instances[index].chunks.count == 0 {
      let booked = creditFirstTokens(index, step: instances[index].segment.series.firstTime)
      instances[index].bookSeries(
        steps: steps,
        skipsFirstInterval: booked,
        curves: &curves[pool],
        intervals: &intervals
      )
      instances[index].stepsSincePrefill += Int(steps)
    } else {
      if hasDecodes { creditPassTokens(index) }
      instances[index].bookPass()
      creditChunkWork(index)
      instances[index].stepsSincePrefill = 0
    }
    if hasDecodes {
      instances[index].decodeSteps += steps
      instances[index].lastTokenBoundary = FixedPoint.ceiling(instances[index].clock)
      instances[index].growQuietly(growths)
    }
    instances[index].lastStepDecoded = hasDecodes || instances[index].batch == 0
  }

  @inline(__always)
  private mutating func creditChunkWork(_ index: Int) {
    for position in instances[index].chunks.indices {
      let chunk = instances[index].chunks[position]
      let (new, past) = (chunk.tokens, requests[chunk.slot].computedTokens)
      instances[index].totals.prefillTokens += chunk.tokens
      instances[index].totals.attentionPairs += Int128(new * past + new * (new + 1) / 2)
    }
  }
}
