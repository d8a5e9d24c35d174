import Hardware
import Workload

// Phase 4b: requests that the gateway holds.
extension Simulator {
  mutating func hold(_ slot: Int32, _ review: Review) {
    note(slot, .held)
    requests[slot].queuedAt = now
    queuedTokens += requests[slot].contextTokens
    gateway.push(
      WaitQueue.Entry(
        key: gatewayOrderDependsOnTime
          ? 0 : policies.orderGateway.key(view(slot), now: now),
        queuedAt: now,
        record: requests[slot].out.record,
        slot: slot
      )
    )
    keep(review)
    isHolding = true
    gatewayDue = true
  }

  private mutating func keep(_ review: Review) {
    if case .at(let time) = review {
      gatewayReview = max(time, now + 1)
    } else {
      gatewayReview = .never
    }
  }

  /// Asks about held requests in order until one is held again.
  mutating func serveGateway() {
    defer {
      gatewayDue = false
      isHolding = !gateway.isEmpty
      if !isHolding { queue.cancel(gatewayEntity) }
    }
    while !gateway.isEmpty {
      if gatewayOrderDependsOnTime {
        var held = WaitQueue(dependsOnTime: true)
        swap(&held, &gateway)
        rekey(&held, by: policies.orderGateway)
        swap(&held, &gateway)
      }
      let head = gateway.headIndex()
      let slot = gateway.entries[head].slot
      let decision = askAdmit(view(slot), heldAhead: 0)
      if case .hold(let review) = decision { return keep(review) }
      gatewayReview = .never
      gateway.remove(at: head)
      queuedTokens -= requests[slot].contextTokens
      if case .reject(let reason) = decision {
        reject(slot, reason: intern(reason))
      } else {
        requests[slot].queuedAt = now
        enter(slot, view(slot))
      }
    }
  }

  /// The gateway's timer has fired: its review, or a grid point that has become visible.
  mutating func wakeGateway() {
    if gatewayReview <= now { gatewayReview = .never }
    gatewayDue = isHolding
  }

  /// Sets the gateway's timer, at the end of an instant.
  mutating func scheduleGateway() {
    var time = gatewayReview
    if isLagged {
      for position in entryInstances.indices {
        let phase = instances[Int(entryInstances[position])].gridPhase
        let passed = now <= phase ? 0 : (now - phase + tick - 1) / tick
        time = min(time, phase + passed * tick + 1)
      }
    }
    if time == .never {
      queue.cancel(gatewayEntity)
    } else {
      queue.schedule(gatewayEntity, at: time, kind: .timer, owner: 0)
    }
  }
}
