import Hardware
import Workload

// The end of a run: what is still running is credited up to the horizon.
extension Simulator {
  mutating func finish<Sink: RecordSink>(into sink: inout Sink) throws(TraceError) {
    let hasWorkLeft = queue.nextTime != .never || arrivals.isTruncated
    if hasWorkLeft, options.horizon != .never { now = options.horizon }
    // Edges between the last event and the horizon.
    if hasWindow { passWindowEdges(by: now) }
    if nextSample != .never { try takeLastSamples(at: now, into: &sink) }
    for index in instances.indices { finish(instance: index) }
    for slot in 0..<Int32(requests.capacity) where requests[slot].isLive {
      requests[slot].out.outcome = .unfinished
      leave(slot)
    }
    for index in instances.indices { closeRetentions(index) }
    arrivals.finish(at: now)
    result.notDue = arrivals.notDue
    result.end = now
    for pool in stepsAtBatch.indices {
      result.stepsAtBatch.append(stepsAtBatch[pool].indices.map { stepsAtBatch[pool][$0] })
    }
    for index in instances.indices { result.instances.append(instances[index].totals) }
    for (index, totals) in result.instances.enumerated() {
      result.resultDigest &+= totals.digest(index: index)
    }
    closeWindow()
  }

  /// Credits the boundaries that have passed, and closes the time integrals.
  private mutating func finish(instance index: Int) {
    if instances[index].isStepping {
      let passed = boundariesPassed(index, by: now)
      let end = instances[index].stepEnd(
        after: passed,
        curves: &curves[instances[index].pool]
      )
      credit(index, steps: passed, growths: passed)
      instances[index].totals.busy += instances[index].runningTime(until: end, at: now)
      instances[index].isStepping = false
    }
    settle(index)
    for position in instances[index].finishes.entries.indices {
      let slot = instances[index].finishes.entries[position].slot
      let emitted = requests[slot].emittedBase + instances[index].decodeSteps
      requests[slot].out.emittedTokens = Int32(emitted)
    }
    instances[index].settleHeld(at: now)
    instances[index].totals.tokenTime += instances[index].heldTime << FixedPoint.fractionBits
    instances[index].totals.windowTokenTime +=
      instances[index].heldWindowTime << FixedPoint.fractionBits
    law(
      options.horizon != .never || instances[index].usedUnits == 0,
      "KV is held after the last request has left"
    )
    law(
      options.horizon != .never || instances[index].host.isEmpty,
      "host memory is held after the last request has left"
    )
  }
}
