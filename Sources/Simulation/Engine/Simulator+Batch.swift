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
    let victim = policies.preempt.victim(memory)
    precondition(slots.indices.contains(victim), "preempt names victim \(victim) of \(slots.count)")
    let slot = slots[victim]
    let isAlone = instances[index].residents == 1
    if instances[index].partials.removeSlot(slot) {
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
      requeue(slot, on: index)
    }
  }

  private mutating func requeue(_ slot: Int32, on index: Int) {
    instances[index].preemptedAt = now
    instances[index].totals.preemptions += 1
    requests[slot].out.preemptions += 1
    requests[slot].queuedAt = now
    requests[slot].enter(.stall, at: now)
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
      view.residents.append(
        resident(slot, on: index, isDecoding: !isPartial, stepsAhead: grown ? -1 : 0)
      )
    }
    return (view, slots)
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
