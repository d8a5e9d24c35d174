import Hardware
import Workload

/// A request as it joins a decode batch.
struct BatchMember {
  var slot: Int32
  var requestClass: UInt16
  var record: Int64
  /// Tokens whose KV it has.
  var tokens: Int64
  /// Decode steps that it takes part in.
  var steps: Int64
}

extension RequestState {
  /// From now on its tokens follow from the steps of its instance, which has done so many.
  @inline(__always)
  mutating func becomeMember(_ slot: Int32, afterSteps steps: Int64) -> BatchMember {
    contextBase = contextTokens - steps
    emittedBase = Int64(out.emittedTokens) - steps
    joinStep = steps
    return BatchMember(
      slot: slot,
      requestClass: out.requestClass,
      record: out.record,
      tokens: contextTokens,
      steps: Int64(out.outputTokens - out.emittedTokens)
    )
  }
}

// The decode batch and the memory of requests, as sums.
extension Instance {
  /// A request that held memory outside the batch decodes from the next step on.
  mutating func add(_ member: BatchMember, at now: SimTime) {
    hold(tokens: member.tokens, sign: -1, at: now)
    let window = Int64(kv.windowTokens)
    batch += 1
    batchTokens += member.tokens
    batchWindowTokens += min(member.tokens, window)
    batchUnits += kv.units(tokens: Int(member.tokens))
    batchGrowth += kv.growth(tokens: Int(member.tokens))
    count(requestClass: member.requestClass, 1)
    let end = decodeSteps + member.steps
    finishes.push(StepHeap.Entry(step: end, record: member.record, slot: member.slot))
    if member.tokens < window {
      batchInWindow += 1
      let late: Int64 = defect(.crossesLate) ? 1 : 0
      let crossing = decodeSteps + window - member.tokens + late
      if crossing < end {
        crossings.push(StepHeap.Entry(step: crossing, record: member.record, slot: member.slot))
      }
    }
    joiners.append(member.slot)
  }

  /// A member leaves the batch.
  ///
  /// - Returns: The units that it holds.
  @inline(__always)
  mutating func removeMember(ofClass requestClass: UInt16, holding tokens: Int64) -> Int64 {
    let units = kv.units(tokens: Int(tokens))
    let window = Int64(kv.windowTokens)
    batch -= 1
    batchTokens -= tokens
    batchWindowTokens -= min(tokens, window)
    batchUnits -= units
    batchGrowth -= kv.growth(tokens: Int(tokens))
    if tokens < window { batchInWindow -= 1 }
    count(requestClass: requestClass, -1)
    residents -= 1
    return units
  }

  /// The members grow by a token each, for which memory has been taken.
  @inline(__always)
  mutating func grow(by growth: BatchGrowth) {
    batchUnits += growth.units
    batchTokens += growth.members
    batchWindowTokens += growth.membersInWindow
    while crossings.nextStep <= decodeSteps {
      _ = crossings.pop()
      batchGrowth -= kv.windowUnitsPerToken
      batchInWindow -= 1
    }
  }

  /// Reserves memory for a context outside the batch, less the units of what it shares.
  @inline(__always)
  mutating func reserve(tokens: Int64, sharing units: Int64, at now: SimTime) {
    residents += 1
    use(units: kv.units(tokens: Int(tokens)) - units)
    hold(tokens: tokens, sign: 1, at: now)
  }

  /// Gives back what was reserved, but for the units that stay in use.
  @inline(__always)
  mutating func release(tokens: Int64, keeping units: Int64, at now: SimTime) {
    residents -= 1
    use(units: units - kv.units(tokens: Int(tokens)))
    hold(tokens: tokens, sign: -1, at: now)
  }

  /// Its batch or memory changed; says whether requests wait for its memory.
  @inline(__always)
  mutating func noteChange() -> Bool {
    batchDue = true
    recomputeDue = true
    return !bridge.isEmpty
  }
}
