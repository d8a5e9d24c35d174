import Hardware
import KVCache
import Workload

// What decoding added goes back to where the next prompt will be computed.
extension Simulator {
  /// Asks where the blocks of a completed request go that its prompt's instance lacks of its
  /// continuation, and begins to send them.
  ///
  /// - Returns: The write-back's number where it goes to that instance's memory; else −1.
  mutating func sendBack(
    _ slot: Int32,
    _ turn: AwaitedTurn,
    _ view: RetentionView,
    from sender: Int,
    to home: Int,
    _ match: PrefixPoint
  ) -> Int32 {
    guard writesBack, let continuation = turn.continuation, sender != home else { return -1 }
    let end = caches[sender].match(continuation, in: trie)
    guard match.depth < end.depth else { return -1 }
    switch policies.writeBack.writeBack(view) {
    case .stays: return -1
    case .prefill: return startWriteBack(slot, from: sender, to: home, match, end)
    case .store:
      startStoring(slot, from: sender, home: home, end)
      return -1
    }
  }

  /// Begins to send blocks to the memory of the instance that computed the prompt, if they fit there.
  ///
  /// - Returns: The write-back's number; −1 where it was dropped.
  private mutating func startWriteBack(
    _ slot: Int32,
    from sender: Int,
    to receiver: Int,
    _ match: PrefixPoint,
    _ end: PrefixPoint
  ) -> Int32 {
    let blocks = Int64(end.depth - match.depth)
    let idle =
      match.depth > 0 ? Int64(caches[receiver].idleBlocks(upTo: match, in: trie)) : 0
    let units = (blocks + idle) * instances[receiver].blockUnits
    guard units <= instances[receiver].freeUnits, canPin(end, on: sender) else {
      instances[receiver].totals.writeBacksDropped += 1
      return -1
    }
    let use = use(of: slot)
    if match.depth > 0 { _ = caches[receiver].pin(match, use, in: &trie) }
    instances[receiver].use(units: units)
    instances[receiver].holdShared(blocks: blocks + idle, of: blockTokens, at: now)
    settle(receiver)
    unpublished.append(Int32(receiver))
    pinSent(end, on: sender, use)
    let id = writeBacks.insert(
      PendingWriteBack(
        record: requests[slot].out.record,
        use: use,
        sender: Int32(sender),
        home: Int32(receiver),
        goesToStore: false,
        from: match,
        to: end,
        blocks: blocks
      )
    )
    let (from, to) = (instances[sender].pool, instances[receiver].pool)
    send(
      writeBack: id,
      // A pair of pools is as efficient in this direction.
      cap: pairCaps[to * fleet.pools.count + from],
      to: .instance(receiver, pool: to),
      after: latency(from: sender, to: receiver)
    )
    return id
  }

  /// Whether the idle blocks of what would be sent find memory where they are.
  func canPin(_ end: PrefixPoint, on sender: Int) -> Bool {
    let idle = Int64(caches[sender].idleBlocks(upTo: end, in: trie))
    return idle * instances[sender].blockUnits <= instances[sender].freeUnits
  }

  /// Keeps what is sent where it is until it has arrived.
  mutating func pinSent(_ end: PrefixPoint, on sender: Int, _ use: CacheUse) {
    let used = Int64(caches[sender].pin(end, use, in: &trie))
    instances[sender].use(units: used * instances[sender].blockUnits)
    instances[sender].holdShared(blocks: used, of: blockTokens, at: now)
    settle(sender)
  }

  mutating func send(
    writeBack id: Int32,
    cap: Int64,
    to receiver: Links.Receiver,
    after latency: SimTime
  ) {
    let (record, blocks) = (writeBacks[Int(id)].record, writeBacks[Int(id)].blocks)
    let sender = Int(writeBacks[Int(id)].sender)
    var transfer = Transfer()
    transfer.slot = -1 - id
    transfer.record = record
    transfer.cap = cap
    let transferId = links.add(
      transfer,
      from: (sender, instances[sender].pool),
      to: receiver,
      bytes: instances[sender].sharedBytes(tokens: blocks * blockTokens)
    )
    queue.grow(entities: firstTransfer + links.capacity)
    queue.schedule(
      firstTransfer + transferId,
      at: now + latency,
      kind: .transferJoin,
      owner: record
    )
  }

  /// A write-back has arrived.
  mutating func endWriteBack(_ id: Int32) {
    let done = writeBacks.remove(Int(id))
    let (sender, home) = (Int(done.sender), Int(done.home))
    let use = CacheUse(now: now, session: done.use.session, requestClass: done.use.requestClass)
    if done.goesToStore ? store(done, use) : receive(done, use) {
      instances[home].totals.writeBacks += 1
      instances[sender].totals.bytesWrittenBack +=
        instances[sender].sharedBytes(tokens: done.blocks * blockTokens)
    } else {
      instances[home].totals.writeBacksDropped += 1
    }
    if !done.goesToStore { noteFreed(home) }

    cut(sender)
    settle(sender)
    let idle = Int64(caches[sender].unpin(done.to, use, in: &trie))
    instances[sender].use(units: -idle * instances[sender].blockUnits)
    instances[sender].holdShared(blocks: -idle, of: blockTokens, at: now)
    noteFreed(sender)
    // Where nobody runs no boundary would ask for those that were preempted.
    if !instances[sender].isStepping, instances[sender].hasReturns { serveReturns(sender) }
  }

  /// The blocks are cached where the next prompt will be computed.
  ///
  /// - Returns: True, since the memory for them was taken before.
  private mutating func receive(_ done: PendingWriteBack, _ use: CacheUse) -> Bool {
    let receiver = Int(done.home)
    settle(receiver)
    var stays = Int64(caches[receiver].extend(done.from, to: done.to, use, in: &trie))
    if done.held >= 0, retentions.stands(done.held, of: done.record) {
      stays -= adopt(done.to, by: done.held, on: receiver)
    } else {
      stays -= Int64(caches[receiver].unpin(done.to, use, in: &trie))
    }
    let change = stays - done.blocks
    instances[receiver].use(units: change * instances[receiver].blockUnits)
    instances[receiver].holdShared(blocks: change, of: blockTokens, at: now)
    settle(receiver)
    return true
  }

  /// A retention takes over the pin of what was written back for it, and gives up its own.
  ///
  /// - Returns: Blocks that its own pin alone kept in use.
  private mutating func adopt(_ point: PrefixPoint, by id: Int32, on index: Int) -> Int64 {
    let own = retentions[id].point
    retentions[id].point = point
    let units = Int64(point.depth) * instances[index].blockUnits
    arrivals.addRetained(
      retentions[id],
      instances[index].storedUnits(retentions[id].units),
      until: now
    )
    retentions[id].countedSince = now
    instances[index].retainedUnits += units - retentions[id].units
    retentions[id].units = units
    guard own.depth > 0 else { return 0 }
    return Int64(caches[index].unpin(own, retentions[id].use(at: now), in: &trie))
  }
}
