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
    showBlocks(slot, on: index, tokens: requests[slot].contextTokens)
    let member = requests[slot].becomeMember(slot, afterSteps: instances[index].decodeSteps)
    instances[index].add(member, at: now)
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
    let units = instances[index].removeMember(
      ofClass: requests[slot].out.requestClass,
      holding: heldTokens
    )
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
    instances[index].grow(by: growth)
    return preempts
  }
}
