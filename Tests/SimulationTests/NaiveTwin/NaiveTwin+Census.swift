import Hardware
import Simulation
import Workload

/// What the census counts on the way.
extension NaiveTwin {
  /// Counts an instant at which events of different kinds meet.
  mutating func countKinds() {
    let kinds = [
      instances.contains { $0.boundary == now },
      instances.contains { $0.step == nil && $0.timer == now },
      transfers.contains { $0.readyAt == now },
      transfers.contains { $0.joinedAt != nil && $0.nextInstant(after: now - 1) == now },
      instances.contains { $0.swapIns.contains { $0.end == now } },
      gateway.review.instant == now,
      nextDue() != nil,
    ]
    if kinds.count(where: \.self) > 1 { census.count(.kindsMet) }
  }

  /// Counts a request that stands behind the head of its queue though it would fit.
  mutating func countBlocked(behind head: Int, in queue: [Int], at i: Int) {
    guard !fits(head, at: i) else { return }
    let rest = queue.drop { $0 != head }.dropFirst()
    if rest.contains(where: { fits($0, at: i) }) { census.count(.headOfLineBlocked) }
  }

  /// Counts what bounds the rates, and a change of rates on a NIC with three flows or more, one of
  /// which was running.
  mutating func countSharing(
    of joined: [Int],
    at shares: [TwinLinks.Share],
    _ discipline: LinkDiscipline
  ) {
    if shares.contains(where: { $0.bound == .cap }) { census.count(.capBound) }
    if shares.contains(where: { $0.bound == .fabric }) { census.count(.fabricBound) }
    if shares.contains(where: { $0.bound == .fabric && $0.rate == 0 }) {
      census.count(.starvedByFabric)
    }
    guard discipline == .maxMinFair else { return }
    for t in joined {
      let mates = zip(joined, shares).filter { transfers[$0.0].sender == transfers[t].sender }
      guard mates.count > 2 else { continue }
      let changes = mates.contains { mate, share in
        transfers[mate].bytesPerSecond > 0 && transfers[mate].bytesPerSecond != share.rate
      }
      if changes { return census.count(.threeFlowsReshared) }
    }
  }

  /// Counts a turn of a closed loop that arrives.
  mutating func countDue(_ r: Int) {
    let edges = requests[r].edges
    let endsParent = edges.contains {
      $0.trigger == .completion && $0.delay == 0 && $0.end == now
    }
    if endsParent { census.count(.dueAtOnce) }
    if edges.count > 1 { census.count(.joinedEdges) }
    if edges.contains(where: { $0.trigger == .dispatch }) { census.count(.dispatchEdge) }
  }

  /// Counts a plain decode step that follows another of the same batch on the curve's next piece.
  mutating func countKnot(of decoding: [Int], at i: Int) {
    let units = unitsRead(by: decoding, at: i)
    let knot = instances[i].decodeTimes.knot(batch: decoding.count, units: units)
    let isInner = instances[i].quietBoundary == now
    if isInner, instances[i].lastKnot != knot { census.count(.knotCrossed) }
    instances[i].lastKnot = knot
  }

  /// Counts a hit of a request that gets memory now.
  mutating func countHit(of r: Int, tokens: Int, at i: Int) {
    guard tokens > 0 else { return }
    if tokens % blockTokens > 0 { census.count(.hitInPart) }
    if purpose(of: r, at: i) == .decodes { return census.count(.decodeSideHit) }
    if requests[r].row.preemptions > 0 { census.count(.ownBlocksHit) }
    let known = requests[r].edges.map { requests[$0.parent].path?.count ?? 0 }.max()
    if let known, tokens > known * blockTokens { census.count(.continuationHit) }
  }

  /// Counts a request that has blocks to show which are cached already.
  mutating func countShared(_ path: [TwinBlockName], of r: Int, at i: Int) {
    let memory = instances[i].memory
    let shown = path.dropFirst(memory.pinned(by: .request(r)).count)
    if shown.contains(where: memory.cache.isCached) { census.count(.blockComputedTwice) }
  }
}
