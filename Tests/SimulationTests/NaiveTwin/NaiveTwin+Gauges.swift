import Hardware
import Simulation
import Workload

/// What one instance publishes.
struct TwinGauges: Equatable {
  var queuedRequests = 0
  var queuedTokens = 0
  var runningRequests = 0
  var inboundRequests = 0
  var inboundUnits: Int64 = 0
  var kvUnits: Int64 = 0
}

/// A request that the router sent to an instance.
struct TwinSent {
  var time: SimTime
  var tokens: Int
}

/// Published gauges. Without a view lag all but `kvUnits` change only when something is published at
/// once, so what was published last is what they are.
extension NaiveTwin {
  /// Publishes what the instances hold at grid points from the last instant up to this one.
  mutating func publishGrid(before instant: SimTime) {
    for i in instances.indices {
      if let point = lastGridPoint(of: i, upTo: instant - 1), point >= now {
        instances[i].published = gauges(of: i)
        instances[i].sent.removeAll { $0.time <= point }
      }
    }
  }

  mutating func publishChanges() {
    for i in instances.indices {
      if options.viewLag == 0, instances[i].hasChanged { instances[i].published = gauges(of: i) }
      instances[i].settle()
    }
  }

  private var gridPeriod: SimTime { options.viewLag > 0 ? options.viewLag : fleet.tick }

  private func gridPhase(of i: Int) -> SimTime {
    SimTime(i) * gridPeriod / SimTime(instances.count)
  }

  func lastGridPoint(of i: Int, upTo time: SimTime) -> SimTime? {
    let phase = gridPhase(of: i)
    guard time >= phase else { return nil }
    return phase + (time - phase) / gridPeriod * gridPeriod
  }

  func firstGridPoint(of i: Int, from time: SimTime) -> SimTime {
    guard let last = lastGridPoint(of: i, upTo: time) else { return gridPhase(of: i) }
    return last == time ? time : last + gridPeriod
  }

  private func gauges(of i: Int) -> TwinGauges {
    let instance = instances[i]
    let queued = instance.preempted + instance.admitted + instance.waiting.map(\.request)
    let incoming = instance.inbound.filter { !instance.memory.holds($0) }
    return TwinGauges(
      queuedRequests: queued.count + instance.swapped.count,
      queuedTokens: queued.reduce(0) { $0 + requests[$1].contextTokens }
        + instance.partial.reduce(0) { $0 + requests[$1].leftTokens },
      runningRequests: instance.batch.count + instance.partial.count,
      inboundRequests: instance.inbound.count,
      inboundUnits: incoming.reduce(0) {
        $0 + instance.memory.shape.units(tokens: requests[$1].contextTokens)
      },
      kvUnits: instance.memory.used
    )
  }

  /// What a policy that is asked now reads.
  private func readGauges(of i: Int) -> TwinGauges {
    if options.viewLag > 0 { return instances[i].published }
    var gauges = gauges(of: i)
    let isPublishedNow = instances[i].hasChanged || lastGridPoint(of: i, upTo: now) == now
    if !isPublishedNow { gauges.kvUnits = instances[i].published.kvUnits }
    return gauges
  }

  mutating func recordSending(of r: Int, to i: Int) {
    guard options.viewLag > 0 else { return }
    instances[i].sent.append(TwinSent(time: now, tokens: requests[r].contextTokens))
  }

  mutating func poolView(of pool: [Int]) -> PoolView {
    var view = PoolView()
    view.now = now
    view.count = pool.count
    view.isLagged = options.viewLag > 0
    for i in pool {
      let gauges = readGauges(of: i)
      if options.viewLag > 0, gauges != self.gauges(of: i) { census.count(.laggedRead) }
      view.queuedRequests.append(gauges.queuedRequests)
      view.queuedTokens.append(gauges.queuedTokens)
      view.runningRequests.append(gauges.runningRequests)
      view.inboundRequests.append(gauges.inboundRequests)
      view.inboundUnits.append(gauges.inboundUnits)
      view.kvUnits.append(signals.contains(.kv) ? gauges.kvUnits : 0)
      view.kvCapacityUnits.append(instances[i].memory.capacity)
      let (sent, shape) = (instances[i].sent.map(\.tokens), instances[i].memory.shape)
      view.hitTokens.append(0)
      view.sentRequests.append(sent.count)
      view.sentTokens.append(sent.reduce(0, +))
      view.sentUnits.append(sent.reduce(0) { $0 + shape.units(tokens: $1) })
    }
    return view
  }
}
