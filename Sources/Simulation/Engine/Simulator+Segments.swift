import Hardware
import Workload

// Decode segments: how far an instance may run ahead, and what its steps add up to.
extension Simulator {
  /// Starts as many decode steps as may pass before something has to be looked at.
  mutating func startSeries(_ index: Int) {
    var steps: Int64 = 1
    let mustAsk = instances[index].recomputeDue && !instances[index].preempted.isEmpty
    if !stepsAlways, !mustAsk, !instances[index].batchDue {
      steps =
        min(
          instances[index].finishes.nextStep,
          instances[index].crossings.nextStep
        ) - instances[index].decodeSteps
      steps = min(steps, stepsWithinMemory(index))
    }
    instances[index].segment.steps = steps
    let time = instances[index].series.time(
      steps: steps,
      curves: &curves[instances[index].pool]
    )
    scheduleBoundary(index, after: time)
    if steps > 1 {
      let first = instances[index].series.stretch(
        at: 0,
        limit: 1,
        curves: &curves[instances[index].pool]
      )
      instances[index].segment.firstBoundary =
        FixedPoint.ceiling(instances[index].clock + first.firstTime)
      limit(index, to: instances[index].batchReview)
      limit(index, to: instances[index].recomputeReview)
      limit(index, to: instances[index].bridgeReview)
    }
  }

  private mutating func scheduleBoundary(_ index: Int, after time: FineTime) {
    queue.schedule(
      index,
      at: FixedPoint.ceiling(instances[index].clock + time),
      kind: .boundary,
      owner: Int64(index)
    )
  }

  /// Steps up to the first boundary at which the batch's growth does not fit.
  private func stepsWithinMemory(_ index: Int) -> Int64 {
    let growth = instances[index].batchGrowth
    guard growth > 0 else { return .max }
    return instances[index].freeUnits / growth + (defect(.growthOffByOne) ? 2 : 1)
  }

  /// Shortens a running segment after a reservation took memory it might have grown into.
  mutating func limitToMemory(_ index: Int) {
    guard !defect(.reservationIgnored) else { return }
    shorten(index, to: stepsWithinMemory(index))
  }

  /// Shortens a running segment to the boundary at which a review fires.
  mutating func limit(_ index: Int, to review: PendingReview) {
    guard !defect(.reviewMissed) else { return }
    if review.step != .max { shorten(index, to: review.step - instances[index].totals.steps) }
    if review.at != .never { shortenToBoundary(index, atOrAfter: review.at) }
  }

  private mutating func shorten(_ index: Int, to steps: Int64) {
    guard instances[index].isStepping, steps < instances[index].segment.steps else { return }
    instances[index].segment.steps = max(1, steps)
    let time = instances[index].series.time(
      steps: instances[index].segment.steps,
      curves: &curves[instances[index].pool]
    )
    scheduleBoundary(index, after: time)
  }

  /// Ends a running segment at its first boundary with V ≥ `time`.
  private mutating func shortenToBoundary(_ index: Int, atOrAfter time: SimTime) {
    guard instances[index].isStepping, instances[index].segment.steps > 1 else { return }
    let before = defect(.cutsAfter) ? time : time - 1
    let (steps, sum) = instances[index].series.steps(
      past: FixedPoint.fine(nanoseconds: before) - instances[index].clock,
      limit: instances[index].segment.steps,
      curves: &curves[instances[index].pool]
    )
    guard steps < instances[index].segment.steps else { return }
    instances[index].segment.steps = steps
    scheduleBoundary(index, after: sum)
  }

  /// Something happened to a running instance: it stops at its first boundary at or after now.
  /// If that is now, the boundary is processed at once, as stepping would have done before.
  mutating func cut(_ index: Int) {
    guard instances[index].isStepping, instances[index].segment.steps > 1 else { return }
    shortenToBoundary(index, atOrAfter: now)
    if queue.time(of: index) == now {
      queue.cancel(index)
      endSegment(index)
    }
  }

  /// Books `steps` steps of the running segment: time, energy, tokens and integrals.
  ///
  /// - Parameter growths: How many of their boundaries grow the batch here; the last one of a
  ///   segment is left to `grow`, which may preempt.
  mutating func credit(_ index: Int, steps: Int64, growths: Int64) {
    guard steps > 0 else { return }
    let segment = instances[index].segment
    let start = instances[index].clock
    instances[index].totals.steps += steps
    if segment.hasDecodes {
      let pool = instances[index].pool
      let batch = instances[index].batch
      if result.stepsAtBatch[pool].count <= batch {
        let missing = batch + 1 - result.stepsAtBatch[pool].count
        result.stepsAtBatch[pool].append(contentsOf: repeatElement(0, count: missing))
      }
      result.stepsAtBatch[pool][batch] += steps
      instances[index].totals.decodeSteps += steps
      instances[index].totals.decodeTokens += steps * Int64(batch)
    }
    if instances[index].chunks.count == 0 {
      creditSeries(index, steps: steps, start: start)
      instances[index].stepsSincePrefill += Int(steps)
    } else {
      creditPass(index, start: start)
      instances[index].stepsSincePrefill = 0
    }
    if segment.hasDecodes {
      instances[index].decodeSteps += steps
      instances[index].lastTokenBoundary = FixedPoint.ceiling(instances[index].clock)
      instances[index].use(units: growths * instances[index].batchGrowth)
      instances[index].batchUnits += growths * instances[index].batchGrowth
      instances[index].batchTokens += growths * Int64(instances[index].batch)
      instances[index].batchWindowTokens += growths * Int64(instances[index].batchInWindow)
    }
    instances[index].lastStepDecoded = segment.hasDecodes || instances[index].batch == 0
  }

  private mutating func creditSeries(_ index: Int, steps: Int64, start: FineTime) {
    let series = instances[index].series
    let members = Int128(instances[index].batch)
    let membersInWindow = Int128(instances[index].batchInWindow)
    var tokens = Int128(instances[index].batchTokens)
    var windowTokens = Int128(instances[index].batchWindowTokens)
    var done: Int64 = 0
    while done < steps {
      let stretch = series.stretch(
        at: done,
        limit: steps - done,
        curves: &curves[instances[index].pool]
      )
      let time = stretch.time(stretch.steps)
      let count = Int128(stretch.steps)
      if done == 0 {
        creditTokens(index, firstStep: stretch.firstTime, start: start)
        recordIntervals(index, stretch, from: 1)
      } else {
        recordIntervals(index, stretch, from: 0)
      }
      instances[index].clock += time
      instances[index].totals.busy += time
      instances[index].totals.energy += stretch.energy
      instances[index].totals.tokenTime += stretch.integral(of: tokens, growingBy: members)
      if instances[index].kv.windowTokens > 0 {
        instances[index].totals.windowTokenTime +=
          stretch.integral(of: windowTokens, growingBy: membersInWindow)
      }
      instances[index].totals.unitsRead +=
        Int128(stretch.units) * count + Int128(series.growth) * (count * (count - 1) / 2)
      tokens += members * count
      windowTokens += membersInWindow * count
      done += stretch.steps
    }
  }

  private mutating func creditPass(_ index: Int, start: FineTime) {
    let segment = instances[index].segment
    if segment.hasDecodes {
      creditTokens(index, firstStep: segment.time, start: start)
      instances[index].totals.unitsRead += Int128(instances[index].batchUnits)
    }
    instances[index].clock += segment.time
    instances[index].totals.busy += segment.time
    instances[index].totals.energy += segment.energy
    instances[index].totals.tokenTime += Int128(instances[index].batchTokens) * segment.time
    instances[index].totals.windowTokenTime +=
      Int128(instances[index].batchWindowTokens) * segment.time
    for position in instances[index].chunks.indices {
      let chunk = instances[index].chunks[position]
      let (new, past) = (Int128(chunk.tokens), Int128(requests[chunk.slot].computedTokens))
      instances[index].totals.prefillTokens += chunk.tokens
      instances[index].totals.attentionPairs += new * past + new * (new + 1) / 2
    }
  }
}

extension StepSeries.Stretch {
  /// ∫ of a count that starts at `value` and grows by `step` after each step of the stretch.
  fileprivate func integral(of value: Int128, growingBy step: Int128) -> Int128 {
    let n = Int128(steps)
    let (sum, squares) = (n * (n - 1) / 2, (n - 1) * n * (2 * n - 1) / 6)
    return n * firstTime * value + (firstTime * step + timeIncrement * value) * sum
      + timeIncrement * step * squares
  }
}
