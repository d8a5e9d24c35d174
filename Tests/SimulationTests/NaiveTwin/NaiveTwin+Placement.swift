import Hardware
import Simulation
import Workload

/// Phase 4: arrivals, routing and the bridge queues.
extension NaiveTwin {
  mutating func place() {
    placeArrivals()
    serveGateway()
    placeReturning()
    placeCompletedPrompts()
    serveBridges()
  }

  /// Of those that are due, the first in the trace's order arrives next; that may make others due.
  private mutating func placeArrivals() {
    while let r = nextDue() {
      countDue(r)
      offer(r)
      requests[r].queuedAt = now
      observeGap(before: r)
      fire(.dispatch, of: r)
      let isHeld = [Role.prefill, .decode].allSatisfy { side in
        !holders(of: r) { $0 == side || $0 == .mixed }.isEmpty
      }
      if isHeld {
        askAdmit(r, heldAhead: gateway.queue.count)
      } else {
        reject(r, reason: 1)
      }
    }
  }

  func nextDue() -> Int? { due.firstIndex(of: now) }

  /// The instances of some roles whose capacity holds the request's context.
  func holders(of r: Int, _ isWanted: (Role) -> Bool) -> [Int] {
    let tokens = requests[r].contextTokens
    return instances.indices.filter {
      let kind = instances[$0].kind
      return isWanted(instances[$0].role) && kind.kv.units(tokens: tokens) <= kind.kvCapacityUnits
    }
  }

  /// Chooses the prefill instance of a request, and its decode instance if that is chosen with it.
  mutating func route(_ r: Int) {
    requests[r].enterPrefillQueue(at: now)
    let pool = holders(of: r) { $0 != .decode }
    let request = view(of: r, homes: prefillHomes, among: pool)
    var view = poolView(of: pool)
    if signals.contains(.hits) {
      view.hitTokens = Column(pool.map { hit(of: r, at: $0) })
    }
    let i = pool[policies.routePrefill.route(request, view)]
    requests[r].row.prefillInstance = Int32(i)
    prefillHomes[requests[r].row.session] = i
    if instances[i].role == .mixed { requests[r].row.decodeInstance = Int32(i) }
    if instances[i].quietBoundary == now { census.count(.arrivedAtInnerBoundary) }
    recordSending(of: r, to: i)
    let isOpen = instances[i].role == .prefill && requests[r].receiver == nil
    if isOpen, fleet.handoff.decodeAt == .arrival { chooseReceiver(of: r) }
    if requests[r].row.preemptions > 0 {
      instances[i].preempted.insert(r, at: 0)
    } else {
      let key = policies.orderPrefill.key(request, now: now)
      instances[i].waiting.append(TwinWaiting(request: r, key: key))
    }
    instances[i].isBatchDue = true
    instances[i].change()
    retentionsNoticeRoute(of: r, to: i)
    if requests[r].row.preemptions == 0 { prefetch(r, at: i) }
  }

  /// Chooses the decode instance of a request.
  mutating func chooseReceiver(of r: Int) {
    let pool = holders(of: r) { $0 == .decode }
    let request = view(of: r, homes: decodeHomes, among: pool)
    let i = pool[policies.routeDecode.route(request, poolView(of: pool))]
    requests[r].receiver = i
    decodeHomes[requests[r].row.session] = i
    requests[r].row.decodeInstance = Int32(i)
    recordSending(of: r, to: i)
    expect(r, at: i)
  }

  /// A request is inbound to its decode instance from now on.
  mutating func expect(_ r: Int, at i: Int) {
    instances[i].inbound.append(r)
    instances[i].change()
  }

  private mutating func placeReturning() {
    let returning = byRecord(toReturn)
    toReturn = []
    for r in returning { route(r) }
  }

  private mutating func placeCompletedPrompts() {
    let placed = byRecord(toPlace)
    toPlace = []
    for r in placed {
      requests[r].queuedAt = now
      if requests[r].receiver == nil { chooseReceiver(of: r) }
      guard let i = requests[r].receiver else { continue }
      let request = view(of: r)
      let key = policies.orderBridge.key(request, now: now)
      instances[i].bridge.append(TwinWaiting(request: r, key: key))
      instances[i].isBridgeDue = true
      instances[i].change()
    }
  }

  private mutating func serveBridges() {
    for i in instances.indices where instances[i].role == .decode && instances[i].isBridgeDue {
      if fleet.handoff.direction == .pull, instances[i].step != nil {
        if !instances[i].bridge.isEmpty { census.count(.pullWaited) }
        continue
      }
      serveBridge(of: i)
      instances[i].isBridgeDue = false
    }
  }

  private mutating func serveBridge(of i: Int) {
    guard !instances[i].hasReturns else { return }
    let queue = ranked(instances[i].bridge, by: policies.orderBridge)
    for r in queue {
      switch ask(about: r, at: i, reviewedBy: \.bridgeReview) {
      case .waits:
        countBlocked(behind: r, in: queue, at: i)
        requests[r].hasWaitedForMemory = requests[r].hasWaitedForMemory || !fits(r, at: i)
        return
      case .rejected(let reason):
        census.count(.rejectedAtBridge)
        rejectLate(r, reason)
      case .admitted:
        if requests[r].hasWaitedForMemory { census.count(.handOffWaitedForMemory) }
        instances[i].bridge.removeAll { $0.request == r }
        reserve(r, at: i)
        if requests[r].row.handoff == .none { requests[r].row.handoff = .blocking }
        startHandOff(of: r, to: i, whilePromptRuns: false)
      }
    }
  }

  /// A queue in its order: by key, then time of entry, then record.
  func ranked(_ queue: [TwinWaiting], by order: any OrderQueue) -> [Int] {
    let keyed = queue.map { entry in
      let r = entry.request
      let key =
        order.dependsOnTime ? order.key(view(of: r), now: now) : entry.key
      return (key, requests[r].queuedAt, requests[r].row.record, r)
    }
    return keyed.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3)
  }
}
