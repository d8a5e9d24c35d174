import Hardware
import Simulation
import Workload

/// Published gauges. All but `kvUnits` change only when something is published at once, so what
/// was published last is what they are.
extension NaiveTwin {
  /// Publishes what the instances hold at grid points from the last instant up to this one.
  mutating func publishGrid(before instant: SimTime) {
    for i in instances.indices {
      if let point = lastGridPoint(of: i, upTo: instant - 1), point >= now {
        instances[i].publishedUnits = instances[i].memory.used
      }
    }
  }

  mutating func publishChanges() {
    for i in instances.indices where instances[i].hasChanged {
      instances[i].publishedUnits = instances[i].memory.used
      instances[i].hasChanged = false
    }
  }

  private func lastGridPoint(of i: Int, upTo time: SimTime) -> SimTime? {
    let phase = Int64(i) * tick / Int64(instances.count)
    guard time >= phase else { return nil }
    return phase + (time - phase) / tick * tick
  }

  private func publishedUnits(of i: Int) -> Int64 {
    let isPublishedNow = instances[i].hasChanged || lastGridPoint(of: i, upTo: now) == now
    return isPublishedNow ? instances[i].memory.used : instances[i].publishedUnits
  }

  func poolView(of pool: [Int]) -> PoolView {
    var view = PoolView()
    view.now = now
    view.count = pool.count
    for i in pool {
      let queued = queuedOrAdmitted(at: i)
      let partial = instances[i].partial
      view.queuedRequests.append(queued.count)
      view.queuedTokens.append((queued + partial).reduce(0) { $0 + requests[$1].leftTokens })
      view.runningRequests.append(instances[i].batch.count + partial.count)
      view.inboundRequests.append(instances[i].inboundCount)
      view.inboundUnits.append(
        instances[i].bridge.reduce(0) {
          $0 + instances[i].memory.shape.units(tokens: requests[$1.request].promptTokens)
        }
      )
      view.kvUnits.append(signals.contains(.kv) ? publishedUnits(of: i) : 0)
      view.kvCapacityUnits.append(instances[i].memory.capacity)
    }
    return view
  }

  private func queuedOrAdmitted(at i: Int) -> [Int] {
    instances[i].preempted + instances[i].admitted + instances[i].waiting.map(\.request)
  }
}
