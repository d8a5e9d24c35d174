import Hardware
import Workload

// Phase 1b: who gives up its memory, and how it gets its KV back.
extension Simulator {
  /// Preempts one resident of an instance whose batch does not fit any more.
  mutating func preemptOne(_ index: Int, reducing growth: inout BatchGrowth) {
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
      if requests[slot].isLoading {
        requests[slot].isLoading = false
        instances[index].loads.abandon(slot)
      }
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
      entryCapacity.someHolds(tokens: tokens)
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
}
