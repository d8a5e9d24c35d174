import Hardware
import Simulation
import Workload

/// Transfers: their start in phase 4, phase 2, and the sharing of the network.
extension NaiveTwin {
  mutating func startTransfer(of r: Int, to receiver: Int) {
    let sender = Int(requests[r].row.prefillInstance)
    let (from, to) = (instances[sender].kind, instances[receiver].kind)
    let bytes = from.kv.bytes(tokens: requests[r].promptTokens) * from.kvReplication
    requests[r].row.transferBytes = bytes
    instances[receiver].inTransfer.append(r)
    var transfer = TwinTransfer(
      request: r,
      record: requests[r].row.record,
      sender: sender,
      receiver: receiver,
      joinsAt: now + max(from.handoffLatency, to.handoffLatency),
      left: Int128(bytes) * 1_000_000_000
    )
    // Without a latency it joins at this instant, whose phase 2 is over.
    if transfer.joinsAt == now {
      transfer.join(at: now)
      linksChanged = true
    }
    transfers.append(transfer)
  }

  mutating func moveTransfers() {
    for t in transfers.indices where !transfers[t].hasJoined && transfers[t].joinsAt == now {
      transfers[t].join(at: now)
      linksChanged = true
    }
    for t in transfers.indices where transfers[t].hasJoined { transfers[t].settle(at: now) }
    let ended = transfers.filter { $0.hasJoined && $0.left <= 0 }
    guard !ended.isEmpty else { return }
    transfers.removeAll { $0.hasJoined && $0.left <= 0 }
    linksChanged = true
    for transfer in ended.sorted(by: { $0.record < $1.record }) { land(transfer) }
  }

  private mutating func land(_ transfer: TwinTransfer) {
    let (r, i) = (transfer.request, transfer.receiver)
    requests[r].row.transferEnd = now
    requests[r].enter(.decodeQueue, at: now)
    instances[transfer.sender].memory.release(r)
    instances[transfer.sender].notice()
    instances[i].inTransfer.removeAll { $0 == r }
    if instances[i].quietBoundary == now { census.count(.landedAtInnerBoundary) }
    if instances[i].step == nil {
      join(r, at: i)
    } else {
      instances[i].landed.append(r)
      instances[i].hasChanged = true
    }
  }

  mutating func shareLinks() {
    linksChanged = false
    // Settled at this instant already, or joined at it: only the rates change.
    let joined = transfers.indices.filter { transfers[$0].hasJoined }.sorted {
      (transfers[$0].joinsAt, transfers[$0].record) < (transfers[$1].joinsAt, transfers[$1].record)
    }
    let flows = joined.map {
      TwinLinks.Flow(sender: transfers[$0].sender, receiver: transfers[$0].receiver)
    }
    let nics = instances.map(\.kind.nicBytesPerSecond)
    let rates =
      switch policies.orderTransfers.discipline {
      case .firstComeFirstServed: TwinLinks.firstComeFirstServed(flows, nics: nics)
      case .maxMinFair: TwinLinks.maxMinFair(flows, nics: nics)
      }
    if policies.orderTransfers.discipline == .maxMinFair { countSharing(of: joined, at: rates) }
    for (t, rate) in zip(joined, rates) { transfers[t].bytesPerSecond = rate }
  }
}
