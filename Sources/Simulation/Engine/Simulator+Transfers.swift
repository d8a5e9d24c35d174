import Hardware
import Workload

// Phase 2: hand-offs on the network.
extension Simulator {
  /// Bytes of a request's hand-off.
  @inline(__always)
  func handoffBytes(_ slot: Int32) -> Int64 {
    let sender = Int(requests[slot].out.prefillInstance)
    return instances[sender].storedBytes(tokens: requests[slot].contextTokens)
      - instances[sender].sharedBytes(tokens: requests[slot].landedTokens)
  }

  /// Starts the hand-off of a request whose decode memory has been reserved: its latency begins.
  ///
  /// - Parameters:
  ///   - slot: The request.
  ///   - isWhole: Whether it has all its bytes to send; if not, it is given them chunk by chunk.
  mutating func startTransfer(_ slot: Int32, isWhole: Bool) {
    let bytes = handoffBytes(slot)
    let sender = Int(requests[slot].out.prefillInstance)
    let receiver = Int(requests[slot].out.decodeInstance)
    let (from, to) = (instances[sender].pool, instances[receiver].pool)
    var transfer = Transfer()
    transfer.slot = slot
    transfer.record = requests[slot].out.record
    transfer.isWhole = isWhole
    transfer.cap = pairCaps[from * fleet.pools.count + to]
    let given = isWhole ? bytes : 0
    let id = links.add(
      transfer,
      from: (sender, from),
      to: .instance(receiver, pool: to),
      bytes: given
    )
    if !isWhole { requests[slot].transfer = Int32(id) }
    requests[slot].out.transferBytes += bytes
    note(slot, .transferStarted, sender, amount: bytes)
    queue.grow(entities: firstTransfer + links.capacity)
    let latency = latency(from: sender, to: receiver)
    guard latency > 0 || isWhole else { return links.join(id, at: now) }
    queue.schedule(
      firstTransfer + id,
      at: now + latency,
      kind: .transferJoin,
      owner: requests[slot].out.record
    )
  }

  /// The latency of a transfer that is announced now, the cold start of its pair included.
  @inline(__always)
  mutating func latency(from sender: Int, to receiver: Int) -> SimTime {
    let latency = max(instances[sender].handoffLatency, instances[receiver].handoffLatency)
    guard fleet.handoff.coldStart > 0 else { return latency }
    let pair = sender * instances.count + receiver
    guard defect(.coldStartAlways) || warmPairs.insert(pair).inserted else { return latency }
    return latency + fleet.handoff.coldStart
  }

  /// Gives the pairs of pools that have an efficiency their largest rates.
  mutating func capPairs() {
    guard !defect(.pairCapIgnored) else { return }
    for pair in fleet.handoff.pairs where pair.efficiency < 1 {
      for (from, sender) in fleet.pools.enumerated() where sender.name == pair.prefill {
        for (to, receiver) in fleet.pools.enumerated() where receiver.name == pair.decode {
          let nics = min(sender.kind.nicBytesPerSecond, receiver.kind.nicBytesPerSecond)
          let cap = Int64((Double(nics) * pair.efficiency).rounded(.down))
          pairCaps[from * fleet.pools.count + to] = max(1, cap)
        }
      }
    }
  }

  /// The latency of a transfer has passed.
  mutating func joinLinks(_ id: Int) {
    links.join(id, at: now)
    // With nothing to send, since all of it is cached there, it waits for no rate.
    guard links.transfers[id].isWhole, links.transfers[id].work == 0 else { return }
    let owner = links.transfers[id].record
    queue.schedule(firstTransfer + id, at: now + 1, kind: .transferEnd, owner: owner)
  }

  /// A transfer has sent all it was given.
  mutating func drain(_ id: Int) {
    guard links.transfers[id].isWhole || !defect(.idleFlowKeepsShare) else { return }
    links.leave(id)
    guard links.transfers[id].isWhole else { return }
    let slot = links.release(id)
    if slot < 0 { endWriteBack(-1 - slot) } else { land(slot) }
  }

  /// A transfer has ended: the prompt's memory is free, and the request is on its decode instance.
  @inline(__always)
  private mutating func land(_ slot: Int32) {
    let sender = Int(requests[slot].out.prefillInstance)
    let bytes = handoffBytes(slot)
    requests[slot].transfer = -1
    instances[sender].totals.bytesSent += bytes
    freePrompt(slot, on: sender)

    let index = Int(requests[slot].out.decodeInstance)
    instances[index].totals.bytesReceived += bytes
    if requests[slot].out.transferEnd < 0 { requests[slot].out.transferEnd = now }
    requests[slot].enterUnlessStalled(.decodeQueue, at: now)
    note(slot, .transferEnded, index, amount: bytes)
    arrive(slot, on: index)
  }

  /// A request's KV is where it decodes: it joins the batch now, or at the end of the running step.
  mutating func arrive(_ slot: Int32, on index: Int) {
    cut(index)
    if instances[index].isStepping || (defect(.joinsLate) && instances[index].batch > 0) {
      instances[index].landed.append(slot)
    } else {
      joinLanded(slot, on: index)
      markBridge(index)
    }
    markReady(index)
    publish(index)
  }

  /// A landed request becomes a member of the batch.
  @inline(__always)
  mutating func joinLanded(_ slot: Int32, on index: Int) {
    if requests[slot].isSwappingIn {
      requests[slot].isSwappingIn = false
    } else {
      instances[index].inbound -= 1
    }
    _ = instances[index].transit.removeSlot(slot)
    moveIntoBatch(slot, on: index)
  }
}
