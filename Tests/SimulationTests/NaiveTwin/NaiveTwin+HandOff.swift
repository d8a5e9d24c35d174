import Hardware
import Simulation
import Workload

/// Transfers: their start, phase 2, and the sharing of the network in phase 6.
extension NaiveTwin {
  /// Begins the latency of a transfer whose decode memory has just been reserved.
  mutating func startHandOff(of r: Int, to receiver: Int, whilePromptRuns isLayerWise: Bool) {
    let sender = Int(requests[r].row.prefillInstance)
    let bytes = handedBytes(of: r, tokens: 0..<requests[r].contextTokens, at: sender)
    requests[r].row.transferBytes += bytes
    startTransfer(of: r, from: sender, to: receiver, bytes: bytes, isComplete: !isLayerWise)
  }

  /// Bytes of some tokens of a request's context that its decode instance lacks.
  func handedBytes(of r: Int, tokens: Range<Int>, at sender: Int) -> Int64 {
    let kind = instances[sender].kind
    let known = tokens.clamped(to: 0..<requests[r].handedHitTokens).count
    let units =
      kind.kv.units(tokens: tokens.upperBound) - kind.kv.units(tokens: tokens.lowerBound)
      - kind.kv.fullUnitsPerToken * Int64(known)
    return units * kind.kv.unitBytes * kind.kvReplication
  }

  /// Begins the latency of a transfer.
  mutating func startTransfer(
    of r: Int,
    from sender: Int,
    to receiver: Int,
    bytes: Int64,
    isComplete: Bool = true,
    writesBack writtenBack: TwinWriteBack? = nil
  ) {
    let latency =
      writtenBack?.knownToStore != nil
      ? max(
        instances[sender].kind.handoffLatency,
        instances[receiver].tiers.shared?.spec.latency ?? 0
      )
      : latency(from: sender, to: receiver)
    transfers.append(
      TwinTransfer(
        request: r,
        record: requests[r].row.record,
        sender: sender,
        receiver: receiver,
        bytes: bytes,
        readyAt: now + latency,
        isComplete: isComplete,
        writtenBack: writtenBack
      )
    )
  }

  /// The latency of a transfer that begins now between two instances.
  private mutating func latency(from sender: Int, to receiver: Int) -> SimTime {
    let (from, to) = (instances[sender].kind, instances[receiver].kind)
    let isFirst = connected.insert([sender, receiver]).inserted
    if fleet.handoff.coldStart > 0 { census.count(isFirst ? .coldStartPaid : .coldStartPast) }
    return max(from.handoffLatency, to.handoffLatency) + (isFirst ? fleet.handoff.coldStart : 0)
  }

  /// Phase 2. Transfers whose latency has passed join in phase 6, since nothing is sent before.
  mutating func moveTransfers() {
    for t in transfers.indices { transfers[t].settle(at: now) }
    for t in transfers.indices where transfers[t].hasDrained(at: now) && !transfers[t].isComplete {
      transfers[t].leave()
      linksChanged = true
    }
    let ended = transfers.filter { $0.hasDrained(at: now) }
    transfers.removeAll { $0.hasDrained(at: now) }
    if !ended.isEmpty { linksChanged = true }
    for transfer in ended.sorted(by: { $0.record < $1.record }) { end(transfer) }
    endSwapIns()
    endLoads()
  }

  private mutating func end(_ transfer: TwinTransfer) {
    let (r, i) = (transfer.request, transfer.receiver)
    if let back = transfer.writtenBack { return landWriteBack(transfer, back) }
    instances[transfer.sender].totals.bytesSent += transfer.bytes
    instances[i].totals.bytesReceived += transfer.bytes
    release(r, at: transfer.sender)
    requests[r].land(at: now)
    land(r, at: i)
  }

  private mutating func endSwapIns() {
    let ended = instances.indices.flatMap { i in
      instances[i].swapIns.filter { $0.end == now }.map { (instance: i, request: $0.request) }
    }
    let sorted = ended.sorted {
      requests[$0.request].row.record < requests[$1.request].row.record
    }
    for (i, r) in sorted {
      instances[i].swapIns.removeAll { $0.request == r }
      instances[i].host.release(r)
      land(r, at: i)
    }
  }

  /// Lets a request whose KV is here join the batch, now or at the end of the step.
  private mutating func land(_ r: Int, at i: Int) {
    if instances[i].quietBoundary == now { census.count(.landedAtInnerBoundary) }
    if instances[i].step == nil {
      join(r, at: i)
    } else {
      instances[i].landed.append(r)
      instances[i].change()
    }
  }

  /// Phase 6.
  mutating func shareLinks() {
    for t in transfers.indices where transfers[t].wantsLinks(at: now) {
      if transfers[t].hasBeenOnLinks { census.count(.layerWiseRejoined) }
      transfers[t].join(at: now)
      linksChanged = true
    }
    guard linksChanged else { return }
    linksChanged = false
    let joined = transfers.indices.filter { transfers[$0].joinedAt != nil }.sorted {
      (transfers[$0].joinedAt ?? 0, transfers[$0].record)
        < (transfers[$1].joinedAt ?? 0, transfers[$1].record)
    }
    let flows = joined.map {
      TwinLinks.Flow(
        sender: transfers[$0].sender,
        receiver: transfers[$0].receiver,
        goesToStore: transfers[$0].goesToStore,
        cap: transfers[$0].goesToStore
          ? .max : cap(from: transfers[$0].sender, to: transfers[$0].receiver)
      )
    }
    let discipline = policies.orderTransfers.discipline
    let shares =
      switch discipline {
      case .firstComeFirstServed: links.firstComeFirstServed(flows)
      case .maxMinFair: links.maxMinFair(flows)
      }
    countSharing(of: joined, at: shares, discipline)
    // Phase 2 has settled them, so only their rates change.
    for (t, share) in zip(joined, shares) { transfers[t].bytesPerSecond = share.rate }
  }

  /// What a transfer between two instances reaches alone, where their pools are named as less than
  /// efficient.
  private func cap(from sender: Int, to receiver: Int) -> Int64 {
    let isHandOff = instances[sender].role == .prefill
    let prefill = fleet.pools[instances[isHandOff ? sender : receiver].pool].name
    let decode = fleet.pools[instances[isHandOff ? receiver : sender].pool].name
    let pair = fleet.handoff.pairs.first { $0.prefill == prefill && $0.decode == decode }
    guard let pair, pair.efficiency < 1 else { return .max }
    let nic = min(
      instances[sender].kind.nicBytesPerSecond,
      instances[receiver].kind.nicBytesPerSecond
    )
    return max(1, Int64((pair.efficiency * Double(nic)).rounded(.down)))
  }
}
