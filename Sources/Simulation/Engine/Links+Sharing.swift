import Workload

// Phase 6: the rates at which transfers go on.
extension Links {
  /// Whether the transfers of some link are not the same as when rates were shared last.
  @inline(__always) var areChanged: Bool { changed.count > 0 }

  /// Gives the transfers of changed links, and of those they compete with, the rates they have from
  /// now on, and moves their ends in the queue.
  ///
  /// - Parameters:
  ///   - now: The instant.
  ///   - queue: The event of transfer `t` is that of entity `firstEntity + t`.
  ///   - firstEntity: The entity of transfer 0.
  mutating func share(at now: SimTime, queue: inout EventQueue, firstEntity: Int) {
    for position in changed.indices {
      let link = Int(changed[position])
      links[link].isChanged = false
      guard links[link].transfers.count > 0, !links[link].isCollected else { continue }
      if hasFabrics {
        collectComponent(of: link)
        switch discipline {
        case .firstComeFirstServed: serveInOrder(now, &queue, firstEntity)
        case .maxMinFair: fill(from: collectedBefore, now, &queue, firstEntity)
        }
        continue
      }
      switch discipline {
      case .firstComeFirstServed:
        let head = Int(links[link].transfers[0])
        let rate = rateOfHead(head)
        if rate > 0 { setRate(head, rate, now, &queue, firstEntity) }
      case .maxMinFair:
        // Most transfers are alone at both ends, or at one.
        let first = Int(links[link].transfers[0])
        if isAlone(first) {
          setRate(first, rateOfHead(first), now, &queue, firstEntity)
        } else if !shareStar(around: link, now, &queue, firstEntity) {
          collectComponent(of: link)
          fill(from: collectedBefore, now, &queue, firstEntity)
        }
      }
    }
    changed.removeAll()
    for position in component.indices { links[Int(component[position])].isCollected = false }
    component.removeAll()
    shares.removeAll()
  }

  /// The rate of the first transfer of a NIC: 0 if it is not the first at its other end as well.
  private func rateOfHead(_ id: Int) -> Int64 {
    let (egress, ingress) = (Int(transfers[id].egress), Int(transfers[id].ingress))
    guard links[egress].transfers[0] == id, links[ingress].transfers[0] == id else { return 0 }
    return min(links[egress].capacity, links[ingress].capacity, transfers[id].cap)
  }

  private func isAlone(_ id: Int) -> Bool {
    links[Int(transfers[id].egress)].transfers.count == 1
      && links[Int(transfers[id].ingress)].transfers.count == 1
  }

  /// Shares a link evenly if all its transfers are alone at their other ends, where they could have
  /// more: what filling would come to. The link is the given one, or the other end of its only transfer.
  ///
  /// - Returns: Whether that was so.
  private mutating func shareStar(
    around link: Int,
    _ now: SimTime,
    _ queue: inout EventQueue,
    _ firstEntity: Int
  ) -> Bool {
    guard !hasCaps else { return false }
    let first = Int(links[link].transfers[0])
    let isTip = links[link].transfers.count == 1
    let center = isTip ? Int(transfers[first].egress ^ transfers[first].ingress) ^ link : link
    guard !links[center].isCollected else { return true }
    let count = links[center].transfers.count
    let share = links[center].capacity / Int64(count)
    for position in 0..<count {
      let id = Int(links[center].transfers[position])
      let tip = Int(transfers[id].egress ^ transfers[id].ingress) ^ center
      guard links[tip].transfers.count == 1, links[tip].capacity > share else { return false }
    }
    for position in 0..<count {
      let id = Int(links[center].transfers[position])
      setRate(id, max(1, share), now, &queue, firstEntity)
    }
    links[center].isCollected = true
    component.append(Int32(center))
    shares.append(.max)
    return true
  }

  /// Collects the links that are connected with one by transfers.
  private mutating func collectComponent(of link: Int) {
    collectedBefore = component.count
    flows.removeAll()
    collect(link)
    let collectsFlows = hasCaps || hasFabrics
    var next = collectedBefore
    while next < component.count {
      let member = Int(component[next])
      for position in 0..<links[member].transfers.count {
        let id = Int(links[member].transfers[position])
        transfers[id].isFixed = false
        guard collectsFlows else {
          collect(Int(transfers[id].egress ^ transfers[id].ingress) ^ member)
          continue
        }
        collect(Int(transfers[id].egress))
        collect(Int(transfers[id].ingress))
        if member == Int(transfers[id].egress) { flows.append(Int32(id)) }
        if transfers[id].egressFabric >= 0 { collect(Int(transfers[id].egressFabric)) }
        if transfers[id].ingressFabric >= 0 { collect(Int(transfers[id].ingressFabric)) }
      }
      next += 1
    }
  }

  @inline(__always)
  private mutating func collect(_ link: Int) {
    guard !links[link].isCollected else { return }
    links[link].isCollected = true
    links[link].place = Int32(component.count)
    component.append(Int32(link))
    links[link].left = links[link].capacity
    links[link].unfixed = Int64(links[link].transfers.count)
    shares.append(links[link].share)
  }

  /// Max-min fair rates by progressive filling: the link with the smallest share fixes it for its
  /// transfers, the first such link where several have it, after the transfers whose own cap is not
  /// above it; until all are fixed.
  private mutating func fill(
    from first: Int,
    _ now: SimTime,
    _ queue: inout EventQueue,
    _ firstEntity: Int
  ) {
    while let place = tightestPlace(from: first) {
      let (tightest, share) = (Int(component[place]), shares[place])
      if hasCaps, let capped = smallestCap(upTo: share) {
        fix(capped, at: transfers[capped].cap, besides: -1, now, &queue, firstEntity)
        continue
      }
      for position in 0..<links[tightest].transfers.count {
        let id = Int(links[tightest].transfers[position])
        guard !transfers[id].isFixed else { continue }
        fix(id, at: share, besides: tightest, now, &queue, firstEntity)
      }
      shares[place] = .max
    }
  }

  private func tightestPlace(from first: Int) -> Int? {
    var (best, bestShare) = (-1, Int64.max)
    for place in first..<shares.count {
      let share = shares[place]
      guard share <= bestShare else { continue }
      if share < bestShare || (best >= 0 && component[place] < component[best]) {
        (best, bestShare) = (place, share)
      }
    }
    return best < 0 ? nil : best
  }

  /// The transfer that is not fixed and has the smallest cap, if that is at most a share.
  private func smallestCap(upTo share: Int64) -> Int? {
    var best = -1
    for position in flows.indices {
      let id = Int(flows[position])
      guard !transfers[id].isFixed, transfers[id].cap <= share else { continue }
      let isFirst =
        best < 0 || transfers[id].cap < transfers[best].cap
        || (transfers[id].cap == transfers[best].cap && precedes(id, best))
      if isFirst { best = id }
    }
    return best < 0 ? nil : best
  }

  @inline(__always)
  private mutating func fix(
    _ id: Int,
    at rate: Int64,
    besides tightest: Int,
    _ now: SimTime,
    _ queue: inout EventQueue,
    _ firstEntity: Int
  ) {
    transfers[id].isFixed = true
    let (egress, ingress) = (Int(transfers[id].egress), Int(transfers[id].ingress))
    if egress != tightest { take(rate, from: egress) }
    if ingress != tightest { take(rate, from: ingress) }
    if hasFabrics {
      let (egress, ingress) = (Int(transfers[id].egressFabric), Int(transfers[id].ingressFabric))
      if egress >= 0, egress != tightest { take(rate, from: egress) }
      if ingress >= 0, ingress != tightest { take(rate, from: ingress) }
    }
    setRate(id, max(1, rate), now, &queue, firstEntity)
  }

  @inline(__always)
  private mutating func take(_ rate: Int64, from link: Int) {
    links[link].left -= rate
    links[link].unfixed -= 1
    shares[Int(links[link].place)] = links[link].share
  }

  /// The collected transfers in order: each that is the first at both its NICs takes what those before
  /// it leave of its fabrics.
  private mutating func serveInOrder(
    _ now: SimTime,
    _ queue: inout EventQueue,
    _ firstEntity: Int
  ) {
    for position in 1..<max(1, flows.count) {
      let id = flows[position]
      var hole = position
      while hole > 0, precedes(Int(id), Int(flows[hole - 1])) {
        flows[hole] = flows[hole - 1]
        hole -= 1
      }
      flows[hole] = id
    }
    for position in flows.indices {
      let id = Int(flows[position])
      var rate = rateOfHead(id)
      let (egress, ingress) = (Int(transfers[id].egressFabric), Int(transfers[id].ingressFabric))
      if egress >= 0 { rate = min(rate, links[egress].left) }
      if ingress >= 0 { rate = min(rate, links[ingress].left) }
      if egress >= 0 { links[egress].left -= rate }
      if ingress >= 0 { links[ingress].left -= rate }
      setRate(id, rate, now, &queue, firstEntity)
    }
  }

  /// Changes the rate of a transfer from now on, and with it the time of its end.
  @inline(__always)
  private mutating func setRate(
    _ id: Int,
    _ rate: Int64,
    _ now: SimTime,
    _ queue: inout EventQueue,
    _ firstEntity: Int
  ) {
    guard transfers[id].rate != rate else { return }
    settle(id, at: now)
    transfers[id].rate = rate
    guard rate > 0 else { return queue.cancel(firstEntity + id) }
    let owner = transfers[id].record
    queue.schedule(firstEntity + id, at: end(of: id), kind: .transferEnd, owner: owner)
  }
}
