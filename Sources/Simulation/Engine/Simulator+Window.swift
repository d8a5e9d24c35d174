import Hardware
import Workload

/// The totals of a run at one edge of its window.
struct WindowEdge {
  var instances: [InstanceTotals]
  var stepsAtBatch: [[Int64]]
}

// What the instances did in a stretch of simulated time.
extension Simulator {
  /// Notes the totals at the edges of the window that lie at or before a time which no event is before,
  /// before anything of their instant happens.
  mutating func passWindowEdges(by time: SimTime) {
    guard let window = options.window else { return }
    let edges = [window.start, window.end]
    while windowEdges.count < 2, edges[windowEdges.count] <= time {
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
      settle(index, at: time - 1)
      let passed = boundariesPassed(index, by: time - 1)
      edge.instances.append(instances[index].totals(after: passed, at: time, &curves[pool]))
      guard passed > 0 else { continue }
      while edge.stepsAtBatch[pool].count <= batch { edge.stepsAtBatch[pool].append(0) }
      edge.stepsAtBatch[pool][batch] += passed
    }
    return edge
  }
}
