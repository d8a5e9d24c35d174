import Hardware
import KVCache
import Workload

// What decoding added goes to the tier that the instances of a pool share.
extension Simulator {
  /// Begins to send what the shared tier lacks of a path, if there is one and the path can stay where it
  /// is until then.
  mutating func startStoring(
    _ slot: Int32,
    from sender: Int,
    home: Int,
    _ end: PrefixPoint
  ) {
    guard let shared = fleet.pools[instances[home].pool].sharedTier, !chains[home].isEmpty else {
      instances[home].totals.writeBacksDropped += 1
      return
    }
    let (from, to) = chains[home].lacking(end, in: shared.index, now: now, in: &trie)
    guard from.depth < to.depth else { return }
    guard canPin(to, on: sender) else {
      instances[home].totals.writeBacksDropped += 1
      return
    }
    let use = use(of: slot)
    pinSent(to, on: sender, use)
    let id = writeBacks.insert(
      PendingWriteBack(
        record: requests[slot].out.record,
        use: use,
        sender: Int32(sender),
        home: Int32(home),
        goesToStore: true,
        from: from,
        to: to,
        blocks: Int64(to.depth - from.depth)
      )
    )
    send(
      writeBack: id,
      cap: .max,
      to: .store(ofPool: instances[home].pool),
      after: max(instances[sender].handoffLatency, shared.tier.latency)
    )
  }

  /// What was sent to a shared tier is there.
  ///
  /// - Returns: Whether it was written: not where what is before it has left the tier meanwhile.
  mutating func store(_ done: PendingWriteBack, _ use: CacheUse) -> Bool {
    let home = Int(done.home)
    guard let shared = fleet.pools[instances[home].pool].sharedTier else { return false }
    return chains[home].write(done.to, from: done.from, to: shared.index, use, in: &trie)
  }
}

extension Pool {
  /// The fastest of its tiers that all its instances have together.
  var sharedTier: (index: Int, tier: KVTier)? {
    tiers.firstIndex(where: \.isShared).map { ($0, tiers[$0]) }
  }
}
