import Hardware
import Workload

// Phase 1c: preempted requests come back.
extension Simulator {
  /// Those that were preempted and wait outside the prefill queue ask for memory: first the swapped
  /// out, then the recompute queue of a decode instance, each the latest preempted first. There must be
  /// some.
  mutating func serveReturns(_ index: Int) {
    guard instances[index].preemptedAt != now || instances[index].residents == 0 else { return }
    instances[index].recomputeDue = false
    while let slot = instances[index].swapped.last {
      switch askForMemory(slot, on: index, from: .swapped) {
      case .waits: return
      case .granted:
        _ = instances[index].swapped.removeLast()
        swapIn(slot, on: index)
      case .rejected(let reason):
        _ = instances[index].swapped.removeLast()
        let tokens = Int(requests[slot].contextTokens)
        instances[index].host.free(units: instances[index].kv.units(tokens: tokens))
        reject(slot, reason: intern(reason))
      }
      publish(index)
    }
    // New prompts of a mixed instance had to stand back.
    guard instances[index].role == .decode else { return instances[index].batchDue = true }
    defer { if !instances[index].hasReturns { markBridge(index) } }
    while let slot = instances[index].preempted.last {
      switch askForMemory(slot, on: index, from: .recompute) {
      case .waits: return
      case .granted:
        _ = instances[index].preempted.removeLast()
        let hit = hit(slot, on: index, computes: true)
        takeMemory(slot, on: index, hit)
        skip(hit, of: slot, on: index)
        note(slot, .reserved, index)
        instances[index].admitted.append(slot)
        instances[index].batchDue = true
      case .rejected(let reason):
        _ = instances[index].preempted.removeLast()
        instances[index].waitingTokens -= requests[slot].contextTokens
        queuedTokens -= requests[slot].contextTokens
        reject(slot, reason: intern(reason))
      }
      publish(index)
    }
  }

  /// A swapped out request has its memory back, and its KV is on the way.
  private mutating func swapIn(_ slot: Int32, on index: Int) {
    takeMemory(slot, on: index)
    instances[index].transit.append(slot)
    requests[slot].isSwappingIn = true
    let bytes = instances[index].storedBytes(tokens: requests[slot].contextTokens)
    instances[index].totals.bytesSwappedIn += bytes
    note(slot, .swapInStarted, index, amount: bytes)
    let outEnd = requests[slot].swapOutEnd
    if let end = instances[index].host.copyIn(slot, bytes: bytes, outEnd: outEnd, at: now) {
      scheduleSwapIn(index, at: end)
    }
  }

  /// The first swap-in under way on an instance has ended.
  mutating func endSwapIn(_ index: Int) {
    let (slot, next) = instances[index].host.endCopyIn()
    if let next { scheduleSwapIn(index, at: next) }
    let tokens = requests[slot].contextTokens
    instances[index].host.free(units: instances[index].kv.units(tokens: Int(tokens)))
    let bytes = instances[index].storedBytes(tokens: tokens)
    note(slot, .swapInEnded, index, amount: bytes)
    arrive(slot, on: index)
  }

  mutating func scheduleSwapIn(_ index: Int, at time: SimTime) {
    let owner = requests[instances[index].host.arriving[0].slot].out.record
    queue.schedule(instances.count + index, at: time, kind: .swapInEnd, owner: owner)
  }
}
