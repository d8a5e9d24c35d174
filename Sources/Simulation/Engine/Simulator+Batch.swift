import Hardware
import KVCache
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
    showBlocks(slot, on: index, tokens: tokens)
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
    note(slot, .joinedBatch, index)
    noteChange(index)
  }

  /// Takes a member out of the batch and frees its memory.
  ///
  /// - Parameters:
  ///   - slot: The request.
  ///   - index: Its instance.
  ///   - heldTokens: Tokens that it holds KV for.
  ///   - continuation: Where its output ends on the path of the turn that follows.
  mutating func leaveBatch(
    _ slot: Int32,
    on index: Int,
    heldTokens: Int64,
    continuation: PrefixPoint? = nil
  ) {
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
    let stays = unpinBlocks(slot, on: index, continuation: continuation)
    instances[index].use(units: stays - units)
    settle(index)
  }

  /// Gives every member that goes on its next token, preempting while they do not fit.
  ///
  /// - Returns: Whether something was preempted.
  @inline(__always)
  mutating func grow(_ index: Int, by wanted: BatchGrowth) -> Bool {
    var growth = wanted
    var preempts = false
    let room = instances[index].capacityUnits - (defect(.growthOffByOne) ? 1 : 0)
    while growth.units > 0, instances[index].usedUnits + growth.units > room {
      if yieldRetention(on: index) { continue }
      preempts = true
      preemptOne(index, reducing: &growth)
    }
    instances[index].use(units: growth.units)
    settle(index)
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
}
