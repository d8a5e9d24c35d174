import Hardware
import Simulation
import Workload

/// Policies that do what none of the registry does.
enum TestPolicies {
  /// Holds while the instances together have a queue of some length; an instance that publishes is
  /// all that lets a request in.
  struct QueueGate: Admit {
    var limit: Int

    func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision {
      // Whoever is held goes first: the queue is served at this instant too.
      if pool.heldAhead > 0 { return .hold(review: .never) }
      var queued = 0
      for position in 0..<pool.count {
        queued += pool.queuedRequests[position] + pool.sentRequests[position]
      }
      return queued < limit ? .accept : .hold(review: .never)
    }
  }

  /// Holds every request for a while, and gives up those that then still find a queue.
  struct Patience: Admit {
    var patience: SimTime
    var limit: Int

    func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision {
      let end = request.arrival + patience
      if pool.now < end { return .hold(review: .at(end)) }
      var queued = 0
      for position in 0..<pool.count { queued += pool.queuedRequests[position] }
      return queued < limit ? .accept : .reject(reason: "no room after its patience")
    }
  }

  /// Gives up whoever is not admitted in time, and leaves some memory free meanwhile.
  struct Deadline: DecodeAdmit {
    var patience: SimTime
    var percent: Int64

    func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision {
      let end = request.arrival + patience
      if instance.now >= end { return .reject(reason: "too late to decode") }
      let used = instance.usedUnits + instance.kv.units(tokens: request.contextTokens)
      let fits = used * 100 <= instance.capacityUnits * percent
      return fits ? .admit : .wait(review: .at(end))
    }
  }

  /// Takes a victim without regard to cost, and restores it in turns or as is cheaper.
  struct Victim: Preempt {
    enum Restoring { case swap, inTurns, cheaper }

    var takesNewest: Bool
    var restoring: Restoring

    var signals: Signals { restoring == .cheaper ? .restoreTimes : [] }

    func preempt(_ instance: MemoryView) -> PreemptDecision {
      let victim = takesNewest ? instance.residents.count - 1 : 0
      let resident = instance.residents[victim]
      let swaps =
        switch restoring {
        case .swap: true
        case .inTurns: (Int(resident.record) + resident.emittedTokens) % 2 == 0
        case .cheaper: resident.swapTime < resident.recomputeTime
        }
      return PreemptDecision(victim: victim, restore: swaps ? .swap : .recompute)
    }
  }

  /// The instance with the least of everything that is published, weighed like no policy would.
  struct Weigher: RoutePrefill, RouteDecode {
    var signals: Signals { .kv }

    func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
      var (best, least) = (0, Int64.max)
      for position in 0..<pool.count {
        let requests =
          pool.queuedRequests[position] + 2 * pool.runningRequests[position]
          + 3 * pool.inboundRequests[position] + 5 * pool.sentRequests[position]
        let tokens = pool.queuedTokens[position] + pool.sentTokens[position]
        let units = pool.kvUnits[position] + pool.inboundUnits[position] + pool.sentUnits[position]
        let load = Int64(requests) + Int64(tokens) + units * 100 / pool.kvCapacityUnits[position]
        if load < least { (best, least) = (position, load) }
      }
      return best
    }
  }
}
