import Hardware
import Workload

// Memory as the hooks see it that decide about it.
extension Simulator {
  /// The requests that may be preempted, oldest admission first, as a policy sees them.
  func victims(_ index: Int) -> (MemoryView, ContiguousArray<Int32>) {
    var slots = members(of: index)
    let members = Set(slots)
    append(instances[index].partials, to: &slots)
    sortByAdmission(&slots)
    var view = memoryView(index, stepsAhead: 0, wanted: false)
    for slot in slots {
      let isPartial = !members.contains(slot)
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
    resident.recomputeTime = costs[pool].model.promptTime(newTokens: tokens, pastTokens: 0)
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
    var slots = members(of: index)
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

  /// The slots of a batch.
  private func members(of index: Int) -> ContiguousArray<Int32> {
    ContiguousArray(
      instances[index].finishes.entries.indices.map { instances[index].finishes.entries[$0].slot }
    )
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
