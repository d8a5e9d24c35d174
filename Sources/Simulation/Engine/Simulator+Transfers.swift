import Hardware
import Workload

// Phase 2: what the end of a transfer means for its two instances.
extension Simulator {
  /// The event entity of a transfer: those of the instances come first.
  private func entity(ofTransfer id: Int) -> Int { instances.count + id }

  /// Starts the hand-off of a request whose decode memory has been reserved: its latency begins.
  mutating func startTransfer(_ slot: Int32, from sender: Int, to receiver: Int) {
    let tokens = Int(requests[slot].contextTokens)
    let bytes = instances[sender].kv.bytes(tokens: tokens) * instances[sender].kvReplication
    requests[slot].out.transferBytes = bytes
    let id = links.add(
      slot: slot,
      record: requests[slot].out.record,
      from: sender,
      to: receiver,
      bytes: bytes
    )
    queue.grow(entities: instances.count + links.capacity)
    let latency = max(instances[sender].handoffLatency, instances[receiver].handoffLatency)
    queue.schedule(
      entity(ofTransfer: id),
      at: now + latency,
      kind: .transferJoin,
      owner: requests[slot].out.record
    )
  }

  /// A transfer has ended: the prompt's memory is free, and the request is on its decode instance.
  mutating func land(_ slot: Int32) {
    let sender = Int(requests[slot].out.prefillInstance)
    instances[sender].totals.bytesSent += requests[slot].out.transferBytes
    cut(sender)
    freeMemory(slot, on: sender)
    instances[sender].batchDue = true
    if instances[sender].startable > 0 { markReady(sender) }
    publish(sender)

    let index = Int(requests[slot].out.decodeInstance)
    instances[index].totals.bytesReceived += requests[slot].out.transferBytes
    requests[slot].out.transferEnd = now
    requests[slot].enter(.decodeQueue, at: now)
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
  mutating func joinLanded(_ slot: Int32, on index: Int) {
    instances[index].inbound -= 1
    _ = instances[index].transit.removeSlot(slot)
    moveIntoBatch(slot, on: index)
  }
}
