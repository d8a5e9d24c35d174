import Hardware
import Workload

/// The totals of a run at one edge of its window.
struct WindowEdge {
  var instances: [InstanceTotals]
  var stepsAtBatch: [[Int64]]
}

// What the instances did in a stretch of simulated time.
extension Simulator {
  /// Notes the totals at the edges of the window that lie at or before now, before anything of this
  /// instant happens.
  mutating func passWindowEdges() {
    guard let window = options.window else { return }
    let edges = [window.start, window.end]
    while windowEdges.count < 2, edges[windowEdges.count] <= now {
      windowEdges.append(totals(before: edges[windowEdges.count]))
    }
  }

  /// Subtracts the totals at the window's edges, those after the end of the run included.
  mutating func closeWindow() {
    guard let window = options.window else { return }
    let end = result.end
    result.windowLength = max(0, min(window.end, end) - window.start)
    let last = WindowEdge(instances: result.instances, stepsAtBatch: result.stepsAtBatch)
    let from = windowEdges.first ?? last
    let to = windowEdges.count > 1 ? windowEdges[1] : last
    result.windowInstances = zip(to.instances, from.instances).map { $0.since($1) }
    result.windowStepsAtBatch = to.stepsAtBatch.indices.map { pool in
      let (later, earlier) = (to.stepsAtBatch[pool], from.stepsAtBatch[pool])
      return later.indices.map { later[$0] - ($0 < earlier.count ? earlier[$0] : 0) }
    }
  }

  /// The totals of boundaries before a time, which is not after the next event.
  private mutating func totals(before time: SimTime) -> WindowEdge {
    var edge = WindowEdge(instances: [], stepsAtBatch: [])
    for pool in stepsAtBatch.indices {
      edge.stepsAtBatch.append(stepsAtBatch[pool].indices.map { stepsAtBatch[pool][$0] })
    }
    for index in instances.indices {
      let (pool, batch) = (instances[index].pool, instances[index].batch)
      let passed = boundariesPassed(index, by: time - 1)
      edge.instances.append(instances[index].totals(after: passed, at: time, &curves[pool]))
      guard passed > 0 else { continue }
      while edge.stepsAtBatch[pool].count <= batch { edge.stepsAtBatch[pool].append(0) }
      edge.stepsAtBatch[pool][batch] += passed
    }
    return edge
  }
}

extension Instance {
  /// Its totals once so many more steps of the running segment have ended, at a time not before that.
  fileprivate mutating func totals(
    after steps: Int64,
    at time: SimTime,
    _ curves: inout DecodeCurves
  ) -> InstanceTotals {
    let (clockNow, totalsNow) = (clock, totals)
    defer { (clock, totals) = (clockNow, totalsNow) }
    if steps > 0 {
      var unused: ContiguousArray<TokenIntervals> = []
      totals.steps += steps
      totals.decodeSteps += steps
      totals.decodeTokens += steps * Int64(batch)
      bookSeries(
        steps: steps,
        skipsFirstInterval: false,
        curves: &curves,
        intervals: &unused
      )
    }
    let elapsed = max(0, time - heldSince)
    let held = heldTime + wideProduct(heldTokens, elapsed)
    let heldWindow = heldWindowTime + wideProduct(heldWindowTokens, elapsed)
    totals.tokenTime += held << FixedPoint.fractionBits
    totals.windowTokenTime += heldWindow << FixedPoint.fractionBits
    return totals
  }
}

extension InstanceTotals {
  /// What was added since earlier totals; the peak stays that of the whole run.
  fileprivate func since(_ earlier: InstanceTotals) -> InstanceTotals {
    var part = self
    part.busy -= earlier.busy
    part.energy -= earlier.energy
    part.tokenTime -= earlier.tokenTime
    part.windowTokenTime -= earlier.windowTokenTime
    part.steps -= earlier.steps
    part.boundaries -= earlier.boundaries
    part.decodeSteps -= earlier.decodeSteps
    part.decodeTokens -= earlier.decodeTokens
    part.prefillTokens -= earlier.prefillTokens
    part.attentionPairs -= earlier.attentionPairs
    part.unitsRead -= earlier.unitsRead
    part.preemptions -= earlier.preemptions
    part.bytesSent -= earlier.bytesSent
    part.bytesReceived -= earlier.bytesReceived
    part.bytesSwappedOut -= earlier.bytesSwappedOut
    part.bytesSwappedIn -= earlier.bytesSwappedIn
    return part
  }
}
