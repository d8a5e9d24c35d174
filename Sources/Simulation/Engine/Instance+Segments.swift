import Hardware
import Workload

// Decode segments: how far an instance may run ahead, and what its steps add up to.
extension Instance {
  /// Plans as many decode steps as may pass before something has to be looked at.
  @inline(__always)
  mutating func planSeries(stepping: Bool, curves: inout DecodeCurves) {
    segment.series = StepSeries(
      batch: batch,
      units: batchUnits,
      growth: batchGrowth,
      curves: &curves
    )
    segment.firstBoundary = FixedPoint.ceiling(clock + segment.series.firstTime)
    let mustAsk = batchDue || (recomputeDue && hasReturns)
    guard !stepping, !mustAsk else {
      segment.steps = 1
      return
    }
    let event = min(finishes.nextStep, crossings.nextStep) - decodeSteps
    segment.steps = min(event, stepsWithinMemory)
    guard !defect(.reviewMissed) else { return }
    limit(to: batchReview, curves: &curves)
    limit(to: recomputeReview, curves: &curves)
    limit(to: swapReview, curves: &curves)
    limit(to: bridgeReview, curves: &curves)
  }

  /// Visible end of the segment.
  mutating func segmentEnd(curves: inout DecodeCurves) -> SimTime {
    if segment.steps == 1 { return segment.firstBoundary }
    return FixedPoint.ceiling(
      clock + segment.series.time(steps: segment.steps, curves: &curves)
    )
  }

  /// Steps up to the first boundary at which the batch's growth does not fit.
  var stepsWithinMemory: Int64 {
    guard batchGrowth > 0 else { return .max }
    return max(0, freeUnits - untouchableUnits) / batchGrowth + 1
  }

  /// Shortens the segment to the boundary at which a review fires.
  @inline(__always)
  mutating func limit(to review: PendingReview, curves: inout DecodeCurves) {
    if review.isPending { shorten(to: review, curves: &curves) }
  }

  private mutating func shorten(to review: PendingReview, curves: inout DecodeCurves) {
    if review.step != .max {
      segment.steps = min(segment.steps, max(1, review.step - totals.steps))
    }
    if review.at != .never { endSegment(atOrAfter: review.at, curves: &curves) }
  }

  /// Shortens the segment to its first boundary with V ≥ `time`.
  mutating func endSegment(atOrAfter time: SimTime, curves: inout DecodeCurves) {
    guard segment.steps > 1 else { return }
    let before = defect(.cutsAfter) ? time : time - 1
    if before < segment.firstBoundary {
      segment.steps = 1
      return
    }
    let reached = segment.series.steps(
      past: FixedPoint.fine(nanoseconds: before) - clock,
      limit: segment.steps,
      curves: &curves
    )
    segment.steps = min(segment.steps, reached)
  }

  /// Whether a boundary of the running segment that is not its last has V ≤ `time`.
  @inline(__always)
  func hasPassedBoundary(by time: SimTime) -> Bool {
    isStepping && segment.steps > 1 && time >= segment.firstBoundary
  }

  /// How many boundaries of the running segment have V ≤ `time`, where there is one.
  mutating func countBoundaries(by time: SimTime, curves: inout DecodeCurves) -> Int64 {
    if segment.countedAt == time { return segment.counted }
    let reached = segment.series.steps(
      past: FixedPoint.fine(nanoseconds: time) - clock,
      limit: segment.steps,
      curves: &curves
    )
    segment.countedAt = time
    segment.counted = reached - 1
    return segment.counted
  }

  /// Books the time, energy and integrals of the first `steps` decode steps of a segment without
  /// chunks, and the inter-token latencies of all of them but, where told, those of the first step,
  /// which were booked apart.
  mutating func bookSeries(
    steps: Int64,
    skipsFirstInterval ownFirst: Bool,
    curves: inout DecodeCurves,
    intervals: inout ContiguousArray<TokenIntervals>
  ) {
    if steps == 1 { return bookStep(skipsInterval: ownFirst, intervals: &intervals) }
    var tokens = batchTokens
    var windowTokens = batchWindowTokens
    var done: Int64 = 0
    while done < steps {
      let stretch = segment.series.stretch(at: done, limit: steps - done, curves: &curves)
      let time = stretch.time(stretch.steps)
      recordIntervals(stretch, from: done == 0 && ownFirst ? 1 : 0, into: &intervals)
      clock &+= time
      totals.busy &+= time
      totals.energy &+= stretch.energy
      totals.tokenTime &+= stretch.integral(of: tokens, growingBy: Int64(batch))
      if kv.windowTokens > 0 {
        totals.windowTokenTime +=
          stretch.integral(of: windowTokens, growingBy: Int64(batchInWindow))
      }
      let count = stretch.steps
      totals.unitsRead &+= wideProduct(stretch.units, count)
      if count > 1 {
        totals.unitsRead &+= wideProduct(batchGrowth, count &* (count &- 1) / 2)
      }
      tokens += Int64(batch) * count
      windowTokens += Int64(batchInWindow) * count
      done += count
    }
  }

  /// The same for one step: on a busy instance most segments have no more, and all sums are plain.
  @inline(__always)
  private mutating func bookStep(
    skipsInterval: Bool,
    intervals: inout ContiguousArray<TokenIntervals>
  ) {
    let (piece, units) = (segment.series.piece, segment.series.units)
    let time = piece.time(units: units)
    if !skipsInterval {
      recordIntervals(from: clock, first: time, increment: 0, steps: 1, into: &intervals)
    }
    clock &+= time
    totals.busy &+= time
    totals.energy &+= piece.energy(units: units)
    totals.tokenTime &+= time &* Int128(batchTokens)
    if kv.windowTokens > 0 { totals.windowTokenTime &+= time &* Int128(batchWindowTokens) }
    totals.unitsRead &+= Int128(units)
  }

  // Inlined, because lending an instance to a function copies all of it.

  /// Books the tokens of a stretch from its step `offset` on.
  @inline(__always)
  private func recordIntervals(
    _ stretch: StepSeries.Stretch,
    from offset: Int64,
    into intervals: inout ContiguousArray<TokenIntervals>
  ) {
    guard stretch.steps > offset else { return }
    recordIntervals(
      from: clock &+ (offset > 0 ? stretch.firstTime : 0),
      first: stretch.firstTime &+ stretch.timeIncrement &* Int128(offset),
      increment: stretch.timeIncrement,
      steps: stretch.steps - offset,
      into: &intervals
    )
  }

  @inline(__always)
  private func recordIntervals(
    from start: FineTime,
    first: FineTime,
    increment: FineTime,
    steps: Int64,
    into intervals: inout ContiguousArray<TokenIntervals>
  ) {
    for requestClass in 0..<classCounts.count where classCounts[requestClass] > 0 {
      intervals.append(
        TokenIntervals(
          start: start,
          first: first,
          increment: increment,
          steps: Int32(clamping: steps),
          requests: classCounts[requestClass],
          requestClass: UInt16(requestClass)
        )
      )
    }
  }

  /// Books the time, energy and integrals of a step with chunks.
  @inline(__always)
  mutating func bookPass() {
    clock += segment.time
    totals.busy += segment.time
    totals.energy += segment.energy
    totals.tokenTime &+= Int128(batchTokens) &* segment.time
    totals.windowTokenTime &+= Int128(batchWindowTokens) &* segment.time
    if segment.hasDecodes { totals.unitsRead += Int128(batchUnits) }
  }

  /// Grows the batch by what it adds at `count` boundaries at which nothing else happens.
  @inline(__always)
  mutating func growQuietly(_ count: Int64) {
    guard count > 0 else { return }
    use(units: count * batchGrowth)
    batchUnits += count * batchGrowth
    batchTokens += count * Int64(batch)
    batchWindowTokens += count * Int64(batchInWindow)
  }
}
