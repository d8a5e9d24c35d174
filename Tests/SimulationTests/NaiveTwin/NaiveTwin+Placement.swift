import Hardware
import Simulation
import Workload

/// Phase 4: arrivals, routing and the bridge queues.
extension NaiveTwin {
  mutating func placeArrivals() {
    while nextArrival < requests.count, requests[nextArrival].row.arrival == now {
      place(nextArrival)
      nextArrival += 1
    }
  }

  private mutating func place(_ r: Int) {
    let computing = holders(of: r) { $0 != .decode }
    let decoding = holders(of: r) { $0 != .prefill }
    guard !computing.isEmpty, !decoding.isEmpty else {
      requests[r].end(.rejected, reason: 1, at: now)
      return
    }
    requests[r].queuedAt = now
    let request = requests[r].view(seed: options.seed)
    if case .reject(let reason) = policies.admit.admit(request, poolView(of: computing)) {
      requests[r].end(.rejected, reason: number(of: reason), at: now)
      return
    }
    let i = computing[policies.routePrefill.route(request, poolView(of: computing))]
    requests[r].row.prefillInstance = Int32(i)
    if instances[i].role == .mixed { requests[r].row.decodeInstance = Int32(i) }
    if instances[i].quietBoundary == now { census.count(.arrivedAtInnerBoundary) }
    instances[i].waiting.append(
      TwinWaiting(request: r, key: policies.orderPrefill.key(request, now: now))
    )
    instances[i].isBatchDue = true
    instances[i].hasChanged = true
  }

  /// The instances of some roles whose capacity holds the request's prompt.
  private func holders(of r: Int, _ isWanted: (Role) -> Bool) -> [Int] {
    let tokens = requests[r].promptTokens
    return instances.indices.filter {
      let kind = instances[$0].kind
      return isWanted(instances[$0].role) && kind.kv.units(tokens: tokens) <= kind.kvCapacityUnits
    }
  }

  private mutating func number(of reason: String) -> UInt8 {
    if let known = reasons[3...].firstIndex(of: reason) { return UInt8(known) }
    reasons.append(reason)
    return UInt8(reasons.count - 1)
  }

  mutating func placeCompletedPrompts() {
    let placed = byRecord(toPlace)
    toPlace = []
    for r in placed {
      let pool = holders(of: r) { $0 == .decode }
      requests[r].queuedAt = now
      let request = requests[r].view(seed: options.seed)
      let i = pool[policies.routeDecode.route(request, poolView(of: pool))]
      requests[r].row.decodeInstance = Int32(i)
      instances[i].bridge.append(
        TwinWaiting(request: r, key: policies.orderBridge.key(request, now: now))
      )
      instances[i].isBridgeDue = true
      instances[i].hasChanged = true
    }
  }

  mutating func serveBridges() {
    for i in instances.indices where instances[i].role == .decode && instances[i].isBridgeDue {
      let queue = ranked(instances[i].bridge, by: policies.orderBridge)
      for r in queue {
        guard admits(r, at: i, reviewedBy: \.bridgeReview) else {
          countBlocked(behind: r, in: queue, at: i)
          requests[r].hasWaitedForMemory = requests[r].hasWaitedForMemory || !fits(r, at: i)
          break
        }
        if requests[r].hasWaitedForMemory { census.count(.handOffWaitedForMemory) }
        instances[i].bridge.removeAll { $0.request == r }
        reserve(r, at: i)
        startTransfer(of: r, to: i)
      }
      instances[i].isBridgeDue = false
    }
  }

  /// A queue in its order: by key, then time of entry, then record.
  func ranked(_ queue: [TwinWaiting], by order: any OrderQueue) -> [Int] {
    let keyed = queue.map { entry in
      let r = entry.request
      let key =
        order.dependsOnTime ? order.key(requests[r].view(seed: options.seed), now: now) : entry.key
      return (key, requests[r].queuedAt, requests[r].row.record, r)
    }
    return keyed.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3)
  }
}
