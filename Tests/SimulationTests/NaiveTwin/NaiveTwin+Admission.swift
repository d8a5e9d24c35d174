import Hardware
import Simulation
import Workload

/// What becomes of a request that asks for memory it can decode from.
enum TwinAnswer {
  case admitted
  case waits
  case rejected(reason: String)
}

/// The asking of decodeAdmit, and what policies see of an instance's memory.
extension NaiveTwin {
  /// Whether a request's context gets memory on a decode or mixed instance: it has to fit, and then
  /// the policy decides, unless nobody else is there. Whatever the policy says replaces the review.
  mutating func ask(
    about r: Int,
    at i: Int,
    reviewedBy review: WritableKeyPath<TwinInstance, TwinReview>?
  ) -> TwinAnswer {
    guard findsRoom(r, at: i) else { return .waits }
    let memory = instances[i].memory
    var next = TwinReview.none
    var answer = TwinAnswer.admitted
    if memory.residentCount > 0 {
      let residents = signals.contains(.residents) ? byAdmission(memory.residents) : []
      var view = memoryView(of: i, residents: residents, growing: [])
      if signals.contains(.stepTime) { view.stepTimeIfAdmitted = stepTime(with: r, at: i) }
      switch policies.decodeAdmit.admit(self.view(of: r), view) {
      case .admit: break
      case .wait(let wanted):
        next = TwinReview(wanted)
        answer = .waits
      case .reject(let reason): answer = .rejected(reason: reason)
      }
    }
    if let review { instances[i][keyPath: review] = next }
    return answer
  }

  func byAdmission(_ list: [Int]) -> [Int] {
    list.sorted {
      (requests[$0].admittedAt, requests[$0].row.record)
        < (requests[$1].admittedAt, requests[$1].row.record)
    }
  }

  func memoryView(of i: Int, residents: [Int], growing: [Int]) -> MemoryView {
    MemoryView(
      now: now,
      kv: instances[i].memory.shape,
      capacityUnits: instances[i].memory.capacity,
      usedUnits: instances[i].memory.used,
      residentCount: instances[i].memory.residentCount,
      residents: ContiguousArray(
        residents.map { resident($0, at: i, isGrowing: growing.contains($0)) }
      )
    )
  }

  /// The context of one that grows counts a token that its memory does not hold yet, and that it
  /// needs if it is preempted.
  private func resident(_ r: Int, at i: Int, isGrowing: Bool) -> Resident {
    var resident = Resident(
      record: requests[r].row.record,
      admittedAt: requests[r].admittedAt,
      contextTokens: requests[r].contextTokens - (isGrowing ? 1 : 0),
      emittedTokens: Int(requests[r].row.emittedTokens),
      maxOutputTokens: requests[r].maxOutputTokens,
      priority: requests[r].priority,
      isDecoding: instances[i].batch.contains(r)
    )
    if signals.contains(.restoreTimes) {
      resident.recomputeTime = recomputeTime(of: r, at: i)
      resident.swapTime = swapTime(of: r, at: i)
    }
    return resident
  }

  private func recomputeTime(of r: Int, at i: Int) -> SimTime {
    let tokens = requests[r].contextTokens
    var costs = instances[i].kind.costs
    if fleet.recompute == .prefillPool, let pool = fleet.pools.first(where: { $0.role == .prefill })
    {
      costs = pool.kind.costs
    }
    let pass = costs.prefillPass(tokens: tokens, decodeBatch: 0).time
    let attention = costs.prefillAttention(newTokens: tokens, pastTokens: 0).time
    return FixedPoint.ceiling(pass + attention)
  }

  private func swapTime(of r: Int, at i: Int) -> SimTime {
    let (tokens, host) = (requests[r].contextTokens, instances[i].host)
    guard instances[i].batch.contains(r), host.hasRoom(tokens: tokens) else { return .never }
    return 2 * host.copyTime(tokens: tokens)
  }

  /// A decode step of all residents and one more, whatever they do now.
  private func stepTime(with r: Int, at i: Int) -> SimTime {
    let memory = instances[i].memory
    let units = memory.used + memory.shape.units(tokens: requests[r].contextTokens)
    let batch = memory.residentCount + 1
    return FixedPoint.ceiling(instances[i].decodeTimes.time(batch: batch, units: units))
  }
}
