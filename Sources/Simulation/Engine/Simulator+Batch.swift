import Hardware
import Workload

/// What the members that decoded in a step grow by at its boundary.
struct BatchGrowth {
  var units: Int64
  var members: Int64
  var membersInWindow: Int64

  init(of instance: borrowing Instance) {
    units = instance.batchGrowth
    members = Int64(instance.batch)
    membersInWindow = Int64(instance.batchInWindow)
  }
}

// The decode batch: joining, growing, preemption.
extension Simulator {
  /// A request whose whole context has its KV here becomes a member of the batch.
  mutating func moveIntoBatch(_ slot: Int32, on index: Int) {
    let tokens = requests[slot].contextTokens
    let steps = instances[index].decodeSteps
    let kv = instances[index].kv
    let left = Int64(requests[slot].out.outputTokens - requests[slot].out.emittedTokens)
    requests[slot].contextBase = tokens - steps
    requests[slot].emittedBase = Int64(requests[slot].out.emittedTokens) - steps
    requests[slot].joinStep = steps
    instances[index].hold(tokens: tokens, sign: -1, at: now)
    instances[index].batch += 1
    instances[index].batchTokens += tokens
    instances[index].batchWindowTokens += min(tokens, Int64(kv.windowTokens))
    instances[index].batchUnits += kv.units(tokens: Int(tokens))
    instances[index].batchGrowth += kv.growth(tokens: Int(tokens))
    instances[index].count(requestClass: requests[slot].out.requestClass, 1)
    let record = requests[slot].out.record
    instances[index].finishes.push(StepHeap.Entry(step: steps + left, record: record, slot: slot))
    if tokens < Int64(kv.windowTokens) {
      instances[index].batchInWindow += 1
      let late: Int64 = defect(.crossesLate) ? 1 : 0
      let crossing = steps + Int64(kv.windowTokens) - tokens + late
      if crossing < steps + left {
        instances[index].crossings.push(
          StepHeap.Entry(step: crossing, record: record, slot: slot)
        )
      }
    }
    instances[index].joiners.append(slot)
    noteChange(index)
  }

  /// Takes a member out of the batch and frees its memory.
  mutating func leaveBatch(_ slot: Int32, on index: Int, heldTokens: Int64) {
    let kv = instances[index].kv
    let units = kv.units(tokens: Int(heldTokens))
    instances[index].batch -= 1
    instances[index].batchTokens -= heldTokens
    instances[index].batchWindowTokens -= min(heldTokens, Int64(kv.windowTokens))
    instances[index].batchUnits -= units
    instances[index].batchGrowth -= kv.growth(tokens: Int(heldTokens))
    if heldTokens < Int64(kv.windowTokens) { instances[index].batchInWindow -= 1 }
    instances[index].count(requestClass: requests[slot].out.requestClass, -1)
    instances[index].residents -= 1
    instances[index].use(units: -units)
  }

  /// Gives every member that goes on its next token, preempting while they do not fit.
  ///
  /// - Returns: Whether something was preempted.
  mutating func grow(_ index: Int, by wanted: BatchGrowth) -> Bool {
    var growth = wanted
    var preempts = false
    let room = instances[index].capacityUnits - (defect(.growthOffByOne) ? 1 : 0)
    while growth.units > 0, instances[index].usedUnits + growth.units > room {
      preempts = true
      preemptOne(index, reducing: &growth)
    }
    instances[index].use(units: growth.units)
    instances[index].batchUnits += growth.units
    instances[index].batchTokens += growth.members
    instances[index].batchWindowTokens += growth.membersInWindow
    while instances[index].crossings.nextStep <= instances[index].decodeSteps {
      _ = instances[index].crossings.pop()
      instances[index].batchGrowth -= instances[index].kv.windowUnitsPerToken
      instances[index].batchInWindow -= 1
    }
    return preempts
  }

  private mutating func preemptOne(_ index: Int, reducing growth: inout BatchGrowth) {
    let (memory, slots) = victims(index)
    let decision = policies.preempt.preempt(memory)
    precondition(
      slots.indices.contains(decision.victim),
      "preempt names victim \(decision.victim) of \(slots.count)"
    )
    let slot = slots[decision.victim]
    let isAlone = instances[index].residents == 1
    let isPartial = instances[index].partials.removeSlot(slot)
    if isPartial {
      let left = requests[slot].contextTokens - requests[slot].computedTokens
      instances[index].partialTokens -= left
      queuedTokens -= left
      freeMemory(slot, on: index)
    } else {
      let kv = instances[index].kv
      let context = requests[slot].contextBase + instances[index].decodeSteps
      let hasDecoded = requests[slot].joinStep < instances[index].decodeSteps
      let held = hasDecoded ? context - 1 : context
      if hasDecoded {
        growth.units -= kv.growth(tokens: Int(held))
        growth.members -= 1
        if held < Int64(kv.windowTokens) { growth.membersInWindow -= 1 }
        requests[slot].lastToken = now
      }
      leaveBatch(slot, on: index, heldTokens: held)
      instances[index].finishes.remove(slot: slot)
      instances[index].crossings.remove(slot: slot)
      _ = instances[index].joiners.removeSlot(slot)
      let emitted = requests[slot].emittedBase + instances[index].decodeSteps
      requests[slot].out.emittedTokens = Int32(emitted) - (defect(.forgetsToken) ? 1 : 0)
      requests[slot].contextTokens = context
    }
    requests[slot].computedTokens = 0
    if isAlone {
      requests[slot].out.outcome = .failed
      requests[slot].out.reason = RunResult.outgrewMemory
      leave(slot)
    } else {
      instances[index].preemptedAt = now
      instances[index].totals.preemptions += 1
      requests[slot].out.preemptions += 1
      requests[slot].queuedAt = now
      requests[slot].enter(.stall, at: now)
      note(slot, .preempted, index, amount: requests[slot].contextTokens)
      let swaps = decision.restore == .swap && !isPartial
      if !swaps || !swapOut(slot, on: index) { recompute(slot, on: index) }
    }
  }

  /// Begins to copy a victim's KV to host memory, if that takes it.
  private mutating func swapOut(_ slot: Int32, on index: Int) -> Bool {
    let tokens = requests[slot].contextTokens
    let units = instances[index].kv.units(tokens: Int(tokens))
    guard instances[index].host.takes(units: units) else { return false }
    let bytes = instances[index].storedBytes(tokens: tokens)
    requests[slot].swapOutEnd = instances[index].host.copyOut(units: units, bytes: bytes, at: now)
    requests[slot].out.swaps += 1
    instances[index].totals.bytesSwappedOut += bytes
    instances[index].swapped.append(slot)
    note(slot, .swappedOut, index, amount: bytes)
    return true
  }

  /// A victim's context is to be computed again: in the prefill pool, or here.
  private mutating func recompute(_ slot: Int32, on index: Int) {
    let tokens = Int(requests[slot].contextTokens)
    if instances[index].role == .decode, fleet.recompute == .prefillPool,
      entryCapacity.kindsHolding(tokens: tokens) > 0
    {
      returns.append(slot)
      if decodeAt == .arrival { expect(slot, on: index) }
      return
    }
    let position = defect(.preemptedLast) ? 0 : instances[index].preempted.count
    instances[index].preempted.insert(slot, at: position)
    instances[index].waitingTokens += requests[slot].contextTokens
    queuedTokens += requests[slot].contextTokens
  }

  /// The requests that may be preempted, oldest admission first, as a policy sees them.
  private func victims(_ index: Int) -> (MemoryView, ContiguousArray<Int32>) {
    var slots = ContiguousArray(instances[index].finishes.entries.map(\.slot))
    append(instances[index].partials, to: &slots)
    sortByAdmission(&slots)
    var view = memoryView(index, stepsAhead: 0, wanted: false)
    for slot in slots {
      let isPartial = instances[index].partials.contains(slot)
      let grown = !isPartial && requests[slot].joinStep < instances[index].decodeSteps
      var resident = resident(slot, on: index, isDecoding: !isPartial, stepsAhead: grown ? -1 : 0)
      if signals.contains(.restoreTimes) { addRestoreTimes(to: &resident, on: index, grown) }
      view.residents.append(resident)
    }
    return (view, slots)
  }

  /// What it would take to get a victim's context back, the token it has just got included.
  private func addRestoreTimes(to resident: inout Resident, on index: Int, _ hasGrown: Bool) {
    let tokens = resident.contextTokens + (hasGrown ? 1 : 0)
    let returnsToPool = instances[index].role == .decode && fleet.recompute == .prefillPool
    let prefillPool = fleet.pools.firstIndex { $0.role == .prefill }
    let pool = (returnsToPool ? prefillPool : nil) ?? instances[index].pool
    let time =
      costs[pool].prefillPass(tokens: tokens, decodeBatch: 0).time
      + costs[pool].prefillAttention(newTokens: tokens, pastTokens: 0).time
    resident.recomputeTime = FixedPoint.ceiling(time)
    let units = instances[index].kv.units(tokens: tokens)
    guard resident.isDecoding, instances[index].host.takes(units: units) else { return }
    let bytes = instances[index].storedBytes(tokens: Int64(tokens))
    resident.swapTime = 2 * instances[index].host.copyTime(bytes: bytes)
  }

  /// An instance's memory, `stepsAhead` boundaries after the last credited one.
  func memoryView(_ index: Int, stepsAhead: Int64, wanted: Bool) -> MemoryView {
    var view = MemoryView(
      now: now,
      kv: instances[index].kv,
      capacityUnits: instances[index].capacityUnits,
      usedUnits: instances[index].usedUnits + stepsAhead * instances[index].batchGrowth,
      residentCount: instances[index].residents,
      residents: []
    )
    guard wanted else { return view }
    var slots = ContiguousArray(instances[index].finishes.entries.map(\.slot))
    let members = Set(slots)
    append(instances[index].partials, to: &slots)
    append(instances[index].transit, to: &slots)
    append(instances[index].admitted, to: &slots)
    sortByAdmission(&slots)
    for slot in slots {
      let isDecoding = members.contains(slot)
      view.residents.append(
        resident(slot, on: index, isDecoding: isDecoding, stepsAhead: stepsAhead)
      )
    }
    return view
  }

  private func append(_ list: borrowing Slots<Int32>, to slots: inout ContiguousArray<Int32>) {
    for position in list.indices { slots.append(list[position]) }
  }

  private func sortByAdmission(_ slots: inout ContiguousArray<Int32>) {
    slots.sort {
      requests[$0].admittedAt != requests[$1].admittedAt
        ? requests[$0].admittedAt < requests[$1].admittedAt
        : requests[$0].out.record < requests[$1].out.record
    }
  }

  private func resident(
    _ slot: Int32,
    on index: Int,
    isDecoding: Bool,
    stepsAhead: Int64
  ) -> Resident {
    let steps = instances[index].decodeSteps + max(0, stepsAhead)
    let context =
      isDecoding
      ? requests[slot].contextBase + instances[index].decodeSteps + stepsAhead
      : requests[slot].contextTokens
    let emitted =
      isDecoding
      ? requests[slot].emittedBase + steps : Int64(requests[slot].out.emittedTokens)
    return Resident(
      record: requests[slot].out.record,
      admittedAt: requests[slot].admittedAt,
      contextTokens: Int(context),
      emittedTokens: Int(emitted),
      maxOutputTokens: Int(requests[slot].maxOutputTokens),
      priority: requests[slot].priority,
      isDecoding: isDecoding
    )
  }
}
