import Hardware
import KVCache
import Workload

// What decoding added goes back to where the next prompt will be computed.
extension Simulator {
  /// Begins to send the blocks of a continuation that its prompt's instance lacks, if they fit there.
  ///
  /// - Returns: The write-back's number; −1 where it was dropped.
  mutating func startWriteBack(
    _ slot: Int32,
    from sender: Int,
    to receiver: Int,
    _ match: PrefixPoint,
    _ continuation: PrefixPoint
  ) -> Int32 {
    let end = caches[sender].match(continuation, in: trie)
    guard end.depth > match.depth else { return -1 }
    let blocks = Int64(end.depth - match.depth)
    let idle =
      match.depth > 0 ? Int64(caches[receiver].idleBlocks(upTo: match, in: trie)) : 0
    let units = (blocks + idle) * instances[receiver].blockUnits
    let sent = Int64(caches[sender].idleBlocks(upTo: end, in: trie)) * instances[sender].blockUnits
    guard units <= instances[receiver].freeUnits, sent <= instances[sender].freeUnits else {
      instances[receiver].totals.writeBacksDropped += 1
      return -1
    }
    let use = use(of: slot)
    if match.depth > 0 { _ = caches[receiver].pin(match, use, in: &trie) }
    instances[receiver].use(units: units)
    instances[receiver].holdShared(blocks: blocks + idle, of: blockTokens, at: now)
    settle(receiver)
    unpublished.append(Int32(receiver))
    let used = Int64(caches[sender].pin(end, use, in: &trie))
    instances[sender].use(units: used * instances[sender].blockUnits)
    instances[sender].holdShared(blocks: used, of: blockTokens, at: now)
    settle(sender)
    let id = writeBacks.insert(
      PendingWriteBack(
        record: requests[slot].out.record,
        use: use,
        sender: Int32(sender),
        receiver: Int32(receiver),
        from: match,
        to: end,
        blocks: blocks
      )
    )
    send(writeBack: id, record: requests[slot].out.record, blocks, from: sender, to: receiver)
    return id
  }

  private mutating func send(
    writeBack id: Int32,
    record: Int64,
    _ blocks: Int64,
    from sender: Int,
    to receiver: Int
  ) {
    var transfer = Transfer()
    transfer.slot = -1 - id
    transfer.record = record
    // A pair of pools is as efficient in this direction.
    let (from, to) = (instances[sender].pool, instances[receiver].pool)
    transfer.cap = pairCaps[to * fleet.pools.count + from]
    let bytes = instances[sender].sharedBytes(tokens: blocks * blockTokens)
    let transferId = links.add(
      transfer,
      from: (sender, instances[sender].pool),
      to: (receiver, instances[receiver].pool),
      bytes: bytes
    )
    queue.grow(entities: firstTransfer + links.capacity)
    queue.schedule(
      firstTransfer + transferId,
      at: now + latency(from: sender, to: receiver),
      kind: .transferJoin,
      owner: record
    )
  }

  /// A write-back has arrived: its blocks are cached where the next prompt will be computed.
  mutating func endWriteBack(_ id: Int32) {
    let done = writeBacks.remove(Int(id))
    let (sender, receiver) = (Int(done.sender), Int(done.receiver))
    let use = CacheUse(now: now, session: done.use.session, requestClass: done.use.requestClass)
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
    instances[receiver].totals.writeBacks += 1
    instances[sender].totals.bytesWrittenBack +=
      instances[sender].sharedBytes(tokens: done.blocks * blockTokens)
    noteFreed(receiver)

    cut(sender)
    settle(sender)
    let idle = Int64(caches[sender].unpin(done.to, use, in: &trie))
    instances[sender].use(units: -idle * instances[sender].blockUnits)
    instances[sender].holdShared(blocks: -idle, of: blockTokens, at: now)
    noteFreed(sender)
    // Where nobody runs no boundary would ask for those that were preempted.
    if !instances[sender].isStepping { serveReturns(sender) }
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
