import Hardware
import Workload

extension PoolView {
  /// Adds an idle instance.
  mutating func append(capacityUnits: Int64) {
    let isFirst = count == 0
    isOfOneCapacity = isFirst || (isOfOneCapacity && kvCapacityUnits[0] == capacityUnits)
    count += 1
    queuedRequests.append(0)
    queuedTokens.append(0)
    runningRequests.append(0)
    inboundRequests.append(0)
    inboundUnits.append(0)
    kvUnits.append(0)
    kvCapacityUnits.append(capacityUnits)
    sentRequests.append(0)
    sentTokens.append(0)
    sentUnits.append(0)
    hitTokens.append(0)
  }

  /// Counts a request that the router sends to an instance.
  mutating func countSent(to position: Int, _ tokens: Int, _ kv: KVShape) {
    sentRequests[position] += 1
    sentTokens[position] += tokens
    sentUnits[position] += kv.units(tokens: tokens)
  }

  /// Forgets what the router has sent to an instance, which has now published it.
  mutating func clearSent(at position: Int) {
    sentRequests[position] = 0
    sentTokens[position] = 0
    sentUnits[position] = 0
  }

  /// The part of another view at the given positions.
  init(now: SimTime, _ positions: [Int], of other: borrowing PoolView) {
    self.init()
    self.now = now
    isLagged = other.isLagged
    for (index, position) in positions.enumerated() {
      append(capacityUnits: other.kvCapacityUnits[position])
      queuedRequests[index] = other.queuedRequests[position]
      queuedTokens[index] = other.queuedTokens[position]
      runningRequests[index] = other.runningRequests[position]
      inboundRequests[index] = other.inboundRequests[position]
      inboundUnits[index] = other.inboundUnits[position]
      kvUnits[index] = other.kvUnits[position]
      sentRequests[index] = other.sentRequests[position]
      sentTokens[index] = other.sentTokens[position]
      sentUnits[index] = other.sentUnits[position]
      hitTokens[index] = other.hitTokens[position]
    }
  }
}

extension Simulator {
  /// Publishes an instance's gauges, because its queue, batch or memory changed now; with a view lag
  /// the grid alone does.
  mutating func publish(_ index: Int) {
    if isLagged { return }
    if instances[index].role == .decode {
      showDecodeGauges(index)
      if readsDecodeKV { publishKV(index, at: now) }
    } else {
      showEntryGauges(index)
      if isHolding { gatewayDue = true }
      if readsEntryKV { publishKV(index, at: now) }
    }
  }

  /// Publishes what a lagging view shows of the grid points before now.
  mutating func takeSnapshots() {
    let last = defect(.lagSeesChanges) ? now : now - 1
    while let (position, _) = entryGrid.next(at: last) {
      takeSnapshot(Int(entryInstances[position]), before: last)
      entryView.clearSent(at: position)
    }
    while let (position, _) = decodeGrid.next(at: last) {
      takeSnapshot(Int(decodeInstances[position]), before: last)
      decodeView.clearSent(at: position)
    }
  }

  /// Publishes an instance's gauges at its latest grid point that is not after `last`.
  private mutating func takeSnapshot(_ index: Int, before last: SimTime) {
    let phase = instances[index].gridPhase
    showGauges(index)
    if readsKV(index) { publishKV(index, at: phase + (last - phase) / tick * tick) }
  }

  private mutating func showGauges(_ index: Int) {
    if instances[index].role == .decode { showDecodeGauges(index) } else { showEntryGauges(index) }
  }

  @inline(__always)
  private mutating func showEntryGauges(_ index: Int) {
    let position = instances[index].position
    let queued = instances[index].waiting.count + instances[index].returningRequests
    entryView.queuedRequests[position] = queued
    entryView.queuedTokens[position] = instances[index].queuedTokens
    entryView.runningRequests[position] = instances[index].runningRequests
  }

  @inline(__always)
  private mutating func showDecodeGauges(_ index: Int) {
    let position = instances[index].position
    let queued = instances[index].admitted.count + instances[index].returningRequests
    decodeView.queuedRequests[position] = queued
    decodeView.queuedTokens[position] = instances[index].queuedTokens
    decodeView.runningRequests[position] = instances[index].runningRequests
    decodeView.inboundRequests[position] = instances[index].inbound
    decodeView.inboundUnits[position] = instances[index].inboundUnits
  }

  /// Sets the KV gauge to what it was at `time`, which is not before the last boundary.
  @inline(__always)
  private mutating func publishKV(_ index: Int, at time: SimTime) {
    instances[index].publishedAt = time
    if instances[index].hasPassedBoundary(by: time) { return publishGrownKV(index, at: time) }
    showKV(index, instances[index].usedUnits)
  }

  private mutating func publishGrownKV(_ index: Int, at time: SimTime) {
    let growth = instances[index].batchGrowth * boundariesPassed(index, by: time)
    showKV(index, instances[index].usedUnits + growth)
  }

  @inline(__always)
  private mutating func showKV(_ index: Int, _ units: Int64) {
    if instances[index].role == .decode {
      decodeView.kvUnits[instances[index].position] = units
    } else {
      entryView.kvUnits[instances[index].position] = units
    }
  }

  /// Publishes what the grid has published since the last change, before the boundary at `now`
  /// moves the instance's state on.
  mutating func publishGridBeforeBoundary(_ index: Int) {
    guard now > instances[index].nextGrid, !isLagged, readsKV(index) else { return }
    refreshKV(index, at: now - 1)
  }

  private func readsKV(_ index: Int) -> Bool {
    instances[index].role == .decode ? readsDecodeKV : readsEntryKV
  }

  /// Brings the KV gauges of the instances that compute prompts up to the latest grid points.
  mutating func refreshEntryGrid() {
    if isLagged { return }
    while let (position, point) = entryGrid.next(at: now) {
      reach(gridPoint: point, of: Int(entryInstances[position]), at: now)
    }
  }

  /// The same for the instances that decode.
  mutating func refreshDecodeGrid() {
    if isLagged { return }
    while let (position, point) = decodeGrid.next(at: now) {
      reach(gridPoint: point, of: Int(decodeInstances[position]), at: now)
    }
  }

  private mutating func refreshKV(_ index: Int, at time: SimTime) {
    let phase = instances[index].gridPhase
    guard time >= phase else {
      instances[index].nextGrid = phase
      return
    }
    reach(gridPoint: phase + (time - phase) / tick * tick, of: index, at: time)
  }

  /// Publishes what an instance's KV was at a grid point that has passed by `time`, unless that is
  /// published, or something later.
  private mutating func reach(gridPoint point: SimTime, of index: Int, at time: SimTime) {
    instances[index].nextGrid = max(instances[index].nextGrid, point + tick)
    if point > instances[index].publishedAt {
      publishKV(index, at: defect(.readsBeyondGrid) ? time : point)
    }
  }

  /// What a policy may know about the request in a slot.
  func view(_ slot: Int32) -> RequestView {
    var view = requests[slot].view(seed: options.seed)
    if readsSessions, view.session >= 0 { view.sessionService = sessions[view.session].service }
    return view
  }
}

extension RequestState {
  /// What a policy may know about it but for its session.
  @inline(__always)
  fileprivate func view(seed: UInt64) -> RequestView {
    var view = RequestView(
      record: out.record,
      arrival: out.arrival,
      queuedAt: queuedAt,
      promptTokens: Int(out.promptTokens),
      contextTokens: Int(contextTokens),
      emittedTokens: Int(out.emittedTokens),
      maxOutputTokens: Int(maxOutputTokens),
      requestClass: out.requestClass,
      tenant: tenant,
      priority: priority,
      ttftSLO: out.ttftSLO,
      tpotSLO: out.tpotSLO,
      seed: seed
    )
    view.session = out.session
    view.sessionStart = out.sessionStart
    return view
  }
}
