import Hardware
import Simulation
import Workload

/// Growth, preemption, and the asking of decodeAdmit.
extension NaiveTwin {
  /// Gives each request that decoded and goes on its next token, and preempts while they do not fit.
  ///
  /// - Returns: Whether one of them reached the end of its sliding window.
  mutating func grow(_ decoded: [Int], at i: Int) -> Bool {
    let shape = instances[i].memory.shape
    var growing = decoded
    while growth(of: growing, in: shape) > instances[i].memory.free {
      let candidates = byAdmission(instances[i].batch + instances[i].partial)
      let view = memoryView(of: i, residents: candidates, growing: growing)
      let victim = candidates[policies.preempt.victim(view)]
      growing.removeAll { $0 == victim }
      preempt(victim, at: i)
    }
    for r in growing { instances[i].memory.hold(requests[r].contextTokens, for: r) }
    let crossing = growing.filter { requests[$0].contextTokens == shape.windowTokens }
    for _ in crossing { census.count(.windowCrossed) }
    return !crossing.isEmpty
  }

  /// Units that those who grow need beyond what they hold; their context counts the token already.
  private func growth(of growing: [Int], in shape: KVShape) -> Int64 {
    growing.reduce(0) { sum, r in
      let tokens = requests[r].contextTokens
      return sum + shape.units(tokens: tokens) - shape.units(tokens: tokens - 1)
    }
  }

  private mutating func preempt(_ r: Int, at i: Int) {
    instances[i].batch.removeAll { $0 == r }
    instances[i].partial.removeAll { $0 == r }
    instances[i].memory.release(r)
    instances[i].notice()
    guard instances[i].memory.residentCount > 0 else {
      requests[r].end(.failed, reason: 2, at: now)
      return
    }
    instances[i].preemptedAt = now
    instances[i].preempted.insert(r, at: 0)
    requests[r].row.preemptions += 1
    requests[r].computedTokens = 0
    requests[r].queuedAt = now
    requests[r].enter(.stall, at: now)
  }

  /// Moves preempted requests of a decode instance to its admitted list, while they get memory.
  mutating func admitPreempted(at i: Int) {
    let isEmpty = instances[i].memory.residentCount == 0
    guard instances[i].isRecomputeDue, isEmpty || instances[i].preemptedAt < now else { return }
    instances[i].isRecomputeDue = false
    while let r = instances[i].preempted.first, admits(r, at: i, reviewedBy: \.recomputeReview) {
      instances[i].preempted.removeFirst()
      instances[i].admitted.append(r)
      reserve(r, at: i)
      instances[i].isBatchDue = true
    }
  }

  /// Whether a request's context gets memory on a decode or mixed instance: it has to fit, and then
  /// the policy decides, unless nobody else is there. Either way an earlier review is replaced.
  mutating func admits(
    _ r: Int,
    at i: Int,
    reviewedBy review: WritableKeyPath<TwinInstance, TwinReview>
  ) -> Bool {
    guard fits(r, at: i) else { return false }
    let memory = instances[i].memory
    if memory.residentCount == 0 {
      instances[i][keyPath: review] = .none
      return true
    }
    let residents = signals.contains(.residents) ? byAdmission(memory.residents) : []
    let view = memoryView(of: i, residents: residents, growing: [])
    switch policies.decodeAdmit.admit(requests[r].view(seed: options.seed), view) {
    case .admit:
      instances[i][keyPath: review] = .none
      return true
    case .wait(let next):
      instances[i][keyPath: review] = TwinReview(next)
      return false
    }
  }

  /// Whether there is room for a request's context, and for one more resident where that counts.
  func fits(_ r: Int, at i: Int) -> Bool {
    let memory = instances[i].memory
    let hasSlot =
      instances[i].role == .prefill || memory.residentCount < instances[i].kind.maxBatch
    return hasSlot && memory.shape.units(tokens: requests[r].contextTokens) <= memory.free
  }

  mutating func reserve(_ r: Int, at i: Int) {
    instances[i].memory.hold(requests[r].contextTokens, for: r)
    instances[i].hasChanged = true
    requests[r].admittedAt = now
  }

  private func byAdmission(_ list: [Int]) -> [Int] {
    list.sorted {
      (requests[$0].admittedAt, requests[$0].row.record)
        < (requests[$1].admittedAt, requests[$1].row.record)
    }
  }

  /// The context of those who grow counts a token that their memory does not hold yet.
  private func memoryView(of i: Int, residents: [Int], growing: [Int]) -> MemoryView {
    MemoryView(
      now: now,
      kv: instances[i].memory.shape,
      capacityUnits: instances[i].memory.capacity,
      usedUnits: instances[i].memory.used,
      residentCount: instances[i].memory.residentCount,
      residents: ContiguousArray(
        residents.map { r in
          Resident(
            record: requests[r].row.record,
            admittedAt: requests[r].admittedAt,
            contextTokens: requests[r].contextTokens - (growing.contains(r) ? 1 : 0),
            emittedTokens: Int(requests[r].row.emittedTokens),
            maxOutputTokens: requests[r].maxOutputTokens,
            priority: requests[r].priority,
            isDecoding: instances[i].batch.contains(r)
          )
        }
      )
    )
  }
}
