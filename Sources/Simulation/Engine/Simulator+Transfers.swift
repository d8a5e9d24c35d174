import Workload

// Phase 2: transfers join and leave the NICs; rates are shared anew once per instant.
extension Simulator {
  /// The latency of a transfer has passed: it occupies its two NICs from now on.
  mutating func joinLinks(_ slot: Int32) {
    requests[slot].transferJoined = now
    requests[slot].transferUpdated = now
    requests[slot].transferRate = 0
    let (egress, ingress) = nics(slot)
    insert(slot, into: egress)
    insert(slot, into: ingress)
  }

  private mutating func insert(_ slot: Int32, into nic: Int) {
    var at = links.transfers[nic].count
    while at > 0, joinedBefore(slot, links.transfers[nic][at - 1]) { at -= 1 }
    links.transfers[nic].insert(slot, at: at)
    links.markChanged(nic)
  }

  private mutating func remove(_ slot: Int32, from nic: Int) {
    _ = links.transfers[nic].removeSlot(slot)
    if !defect(.staleRate) || links.transfers[nic].count < 2 { links.markChanged(nic) }
  }

  /// A transfer has ended: the prompt's memory is free, and the request is on its decode instance.
  mutating func land(_ slot: Int32) {
    let (egress, ingress) = nics(slot)
    remove(slot, from: egress)
    remove(slot, from: ingress)
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

  private func nics(_ slot: Int32) -> (egress: Int, ingress: Int) {
    (
      Int(requests[slot].out.prefillInstance),
      links.instances + Int(requests[slot].out.decodeInstance)
    )
  }

  private func joinedBefore(_ a: Int32, _ b: Int32) -> Bool {
    let (first, second) = (requests[a].transferJoined, requests[b].transferJoined)
    return first != second
      ? first < second : requests[a].out.record < requests[b].out.record
  }

  /// Gives the transfers of changed NICs the rates they have from now on.
  mutating func shareLinks() {
    guard !links.changed.isEmpty else { return }
    for position in links.changed.indices {
      let nic = Int(links.changed[position])
      switch links.discipline {
      case .firstComeFirstServed: serveHead(of: nic)
      case .maxMinFair: shareFairly(from: nic)
      }
    }
    for position in links.component.indices {
      links.isInComponent[Int(links.component[position])] = false
    }
    links.component.removeAll()
    links.clearChanged()
  }

  private mutating func serveHead(of nic: Int) {
    guard links.transfers[nic].count > 0 else { return }
    let head = links.transfers[nic][0]
    let (egress, ingress) = nics(head)
    guard links.transfers[egress][0] == head, links.transfers[ingress][0] == head else { return }
    setRate(head, min(links.capacities[egress], links.capacities[ingress]))
  }

  /// Max-min fair rates for the component of NICs and transfers that contains `nic`, by progressive
  /// filling; a component reached from an earlier changed NIC is done already.
  private mutating func shareFairly(from nic: Int) {
    guard !links.isInComponent[nic] else { return }
    if links.isSettled[nic] || shareAlone(nic) || shareStar(nic) { return }
    let first = links.component.count
    collect(nic)
    var next = first
    while next < links.component.count {
      let member = Int(links.component[next])
      for position in 0..<links.transfers[member].count {
        let (egress, ingress) = nics(links.transfers[member][position])
        collect(egress)
        collect(ingress)
      }
      next += 1
    }
    while let tightest = tightestNIC(from: first) {
      let share = links.share[tightest]
      for position in 0..<links.transfers[tightest].count {
        let slot = links.transfers[tightest][position]
        if requests[slot].transferRate >= 0 { fix(slot, share: share) }
      }
    }
    for position in first..<links.component.count {
      let member = Int(links.component[position])
      for position in 0..<links.transfers[member].count {
        let slot = links.transfers[member][position]
        let rate = requests[slot].transferRate
        if rate < 0 { requests[slot].transferRate = ~rate }
      }
    }
  }

  /// Settles the two common cases at once: no transfer, or one that is alone on both its NICs.
  private mutating func shareAlone(_ nic: Int) -> Bool {
    guard links.transfers[nic].count > 0 else { return true }
    guard links.transfers[nic].count == 1 else { return false }
    let slot = links.transfers[nic][0]
    let (egress, ingress) = nics(slot)
    guard links.transfers[egress].count == 1, links.transfers[ingress].count == 1 else {
      return false
    }
    setRate(slot, min(links.capacities[egress], links.capacities[ingress]))
    return true
  }

  /// Settles a NIC whose transfers are all alone at their other ends, when it is the tightest: they
  /// get equal shares, as progressive filling would give them in its first round.
  private mutating func shareStar(_ nic: Int) -> Bool {
    let count = links.transfers[nic].count
    if count == 1 {
      let (egress, ingress) = nics(links.transfers[nic][0])
      let centre = nic == egress ? ingress : egress
      return shareStar(around: centre)
    }
    return shareStar(around: nic)
  }

  private mutating func shareStar(around centre: Int) -> Bool {
    if links.isSettled[centre] { return true }
    let count = links.transfers[centre].count
    let share = links.capacities[centre] / Int64(count)
    for position in 0..<count {
      let (egress, ingress) = nics(links.transfers[centre][position])
      let other = centre == egress ? ingress : egress
      guard links.transfers[other].count == 1, links.capacities[other] > share else {
        return false
      }
    }
    for position in 0..<count { setRate(links.transfers[centre][position], max(1, share)) }
    links.settle(centre)
    return true
  }

  private mutating func collect(_ nic: Int) {
    guard !links.isInComponent[nic] else { return }
    links.isInComponent[nic] = true
    links.component.append(Int32(nic))
    links.left[nic] = links.capacities[nic]
    links.unfixed[nic] = Int32(links.transfers[nic].count)
    links.updateShare(of: nic)
  }

  /// The NIC with the smallest share, the first such, among those with transfers not fixed yet.
  private func tightestNIC(from first: Int) -> Int? {
    var best: Int?
    var bestShare = Int64.max
    for position in first..<links.component.count {
      let nic = Int(links.component[position])
      let share = links.share[nic]
      if share < bestShare || (share == bestShare && nic < best ?? -1) {
        (best, bestShare) = (nic, share)
      }
    }
    return best
  }

  /// Fixes a transfer's rate and marks it as fixed by the complement of the rate.
  private mutating func fix(_ slot: Int32, share: Int64) {
    let (egress, ingress) = nics(slot)
    links.left[egress] -= share
    links.unfixed[egress] -= 1
    links.left[ingress] -= share
    links.unfixed[ingress] -= 1
    links.updateShare(of: egress)
    links.updateShare(of: ingress)
    setRate(slot, max(1, share))
    requests[slot].transferRate = ~requests[slot].transferRate
  }

  /// Changes the rate of a transfer from now on, and with it the time of its end.
  private mutating func setRate(_ slot: Int32, _ rate: Int64) {
    guard requests[slot].transferRate != rate else { return }
    let elapsed = now - requests[slot].transferUpdated
    requests[slot].transferWork &-= Instance.product(requests[slot].transferRate, elapsed)
    requests[slot].transferUpdated = now
    requests[slot].transferRate = rate
    queue.schedule(
      instances.count + Int(slot),
      at: now + Self.nanoseconds(for: requests[slot].transferWork, at: rate),
      kind: .transferEnd,
      owner: requests[slot].out.record
    )
  }

  /// The whole nanoseconds, at least 1, that a rate needs for some work.
  private static func nanoseconds(for work: Int128, at rate: Int64) -> SimTime {
    // Dividing 128-bit integers is slow, and hardly any transfer needs it.
    if work._high == 0, work._low < UInt64(SimTime.max / 2) {
      let work = SimTime(truncatingIfNeeded: work._low)
      return max(1, (work + rate - 1) / rate)
    }
    let time = (work + Int128(rate) - 1) / Int128(rate)
    return SimTime(min(max(1, time), Int128(SimTime.never / 4)))
  }
}
