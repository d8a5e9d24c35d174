import Hardware
import Workload

extension PoolView {
  /// Adds an idle instance.
  mutating func append(capacityUnits: Int64) {
    count += 1
    queuedRequests.append(0)
    queuedTokens.append(0)
    runningRequests.append(0)
    inboundRequests.append(0)
    inboundUnits.append(0)
    kvUnits.append(0)
    kvCapacityUnits.append(capacityUnits)
  }

  /// The part of another view at the given positions.
  init(now: SimTime, _ positions: [Int], of other: borrowing PoolView) {
    self.init()
    self.now = now
    for (index, position) in positions.enumerated() {
      append(capacityUnits: other.kvCapacityUnits[position])
      queuedRequests[index] = other.queuedRequests[position]
      queuedTokens[index] = other.queuedTokens[position]
      runningRequests[index] = other.runningRequests[position]
      inboundRequests[index] = other.inboundRequests[position]
      inboundUnits[index] = other.inboundUnits[position]
      kvUnits[index] = other.kvUnits[position]
    }
  }

  fileprivate mutating func publish(_ instance: borrowing Instance) {
    let position = instance.position
    queuedRequests[position] = instance.queuedRequests
    queuedTokens[position] = Int(instance.waitingTokens + instance.partialTokens)
    runningRequests[position] = instance.batch + instance.partials.count
    inboundRequests[position] = instance.inbound
    inboundUnits[position] = instance.bridgeUnits
  }
}

extension Simulator {
  /// Publishes an instance's gauges, because its queue, batch or memory changed now.
  mutating func publish(_ index: Int) {
    if instances[index].role == .decode {
      decodeView.publish(instances[index])
    } else {
      entryView.publish(instances[index])
    }
    if signals.contains(.kv) { publishKV(index, at: now) }
  }

  /// Sets the KV gauge to what it was at `time`, which is not before the last boundary.
  private mutating func publishKV(_ index: Int, at time: SimTime) {
    instances[index].publishedAt = time
    let growth = instances[index].batchGrowth * boundariesPassed(index, by: time)
    let units = instances[index].usedUnits + growth
    if instances[index].role == .decode {
      decodeView.kvUnits[instances[index].position] = units
    } else {
      entryView.kvUnits[instances[index].position] = units
    }
  }

  /// Publishes what the grid has published since the last change, before the boundary at `now`
  /// moves the instance's state on.
  mutating func publishGridBeforeBoundary(_ index: Int) {
    guard signals.contains(.kv), now > nextGrid[index] else { return }
    refreshKV(index, at: now - 1)
  }

  /// Brings the KV gauges of a view up to the latest grid points, before a policy reads them.
  mutating func refreshGrid(of members: ContiguousArray<Int32>) {
    guard signals.contains(.kv) else { return }
    for member in members where now >= nextGrid[Int(member)] {
      refreshKV(Int(member), at: now)
    }
  }

  private mutating func refreshKV(_ index: Int, at time: SimTime) {
    let phase = instances[index].gridPhase
    guard time >= phase else {
      nextGrid[index] = phase
      return
    }
    let point = phase + (time - phase) / fleet.tick * fleet.tick
    nextGrid[index] = point + fleet.tick
    if point > instances[index].publishedAt {
      publishKV(index, at: defect(.readsBeyondGrid) ? time : point)
    }
  }

  /// How many boundaries of the running segment have V ≤ `time`.
  mutating func boundariesPassed(_ index: Int, by time: SimTime) -> Int64 {
    guard instances[index].isStepping, instances[index].segment.steps > 1 else { return 0 }
    let passed = instances[index].series.steps(
      past: FixedPoint.fine(nanoseconds: time) - instances[index].clock,
      limit: instances[index].segment.steps,
      curves: &curves[instances[index].pool]
    )
    return passed.steps - 1
  }

  /// What a policy may know about the request in a slot.
  func view(_ slot: Int32) -> RequestView {
    let state = requests[slot]
    return RequestView(
      record: state.out.record,
      arrival: state.out.arrival,
      queuedAt: state.queuedAt,
      promptTokens: Int(state.out.promptTokens),
      contextTokens: Int(state.contextTokens),
      emittedTokens: Int(state.out.emittedTokens),
      maxOutputTokens: Int(state.maxOutputTokens),
      requestClass: state.out.requestClass,
      tenant: state.tenant,
      priority: state.priority,
      seed: options.seed
    )
  }
}
