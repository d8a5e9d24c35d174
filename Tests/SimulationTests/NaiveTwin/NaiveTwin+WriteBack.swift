import Hardware
import Simulation
import Workload

/// The way of KV back to where the next prompt will be computed.
extension NaiveTwin {
  /// Sends what the prefill instance of a request that has just completed lacks of its continuation,
  /// if the policy wants that and there is room.
  mutating func writeBack(_ r: Int, from i: Int) {
    guard instances[i].role == .decode, let all = continuation(of: r) else { return }
    // What it showed last may have been evicted to make room for itself.
    let path = Array(all.prefix(instances[i].memory.cache.match(all)))
    let receiver = Int(requests[r].row.prefillInstance)
    let matched = instances[receiver].memory.cache.match(path)
    guard matched < path.count else { return }
    switch policies.writeBack.writeBack(retentionView(of: r, path: all)) {
    case .stays: break
    case .prefill: writeBack(r, path, known: matched, from: i, to: receiver)
    case .store: store(r, path, from: i, home: receiver)
    }
  }

  /// Sends blocks to the memory of the instance that computed the prompt.
  private mutating func writeBack(
    _ r: Int,
    _ path: [TwinBlockName],
    known matched: Int,
    from i: Int,
    to receiver: Int
  ) {
    let (sender, memory) = (instances[i].memory, instances[receiver].memory)
    let (units, known) = (memory.blockUnits * Int64(path.count), Array(path.prefix(matched)))
    let held = sender.blockUnits * Int64(path.count)
    guard memory.need(units, pinning: known) <= memory.free,
      sender.need(held, pinning: path) <= sender.free
    else { return dropWriteBack(to: receiver, .writeBackDropped) }
    instances[receiver].memory.reserve(units, pinning: known, for: .writeBack(r))
    tellTiers(at: receiver)
    instances[receiver].change()
    let writeBack = TwinWriteBack(path: path, knownToStore: nil)
    sendBack(r, writeBack, known: matched, from: i, to: receiver)
  }

  /// Sends blocks to the tier that the pool of that instance shares.
  private mutating func store(_ r: Int, _ path: [TwinBlockName], from i: Int, home: Int) {
    let tiers = instances[home].tiers
    guard let tier = tiers.shared else { return dropWriteBack(to: home, .storeMissing) }
    tiers.expire(tier, at: now)
    let kept = tier.kept(of: path)
    let known = tier.cache.match(kept)
    guard known < kept.count else { return }
    let sender = instances[i].memory
    let held = sender.blockUnits * Int64(kept.count)
    guard sender.need(held, pinning: kept) <= sender.free else {
      return dropWriteBack(to: home, .writeBackDropped)
    }
    let writeBack = TwinWriteBack(path: kept, knownToStore: known)
    sendBack(r, writeBack, known: known, from: i, to: home)
  }

  private mutating func dropWriteBack(to home: Int, _ event: TwinCensus.Event) {
    census.count(event)
    instances[home].totals.writeBacksDropped += 1
  }

  private mutating func sendBack(
    _ r: Int,
    _ writeBack: TwinWriteBack,
    known: Int,
    from i: Int,
    to receiver: Int
  ) {
    let (kind, memory) = (instances[i].kind, instances[i].memory)
    let units = memory.blockUnits * Int64(writeBack.path.count)
    instances[i].memory.reserve(units, pinning: writeBack.path, for: .writeBack(r))
    instances[i].change()
    let sent = memory.blockUnits * Int64(writeBack.path.count - known)
    let bytes = sent * kind.kv.unitBytes * kind.kvReplication
    startTransfer(of: r, from: i, to: receiver, bytes: bytes, writesBack: writeBack)
  }

  /// The blocks that were sent are there.
  mutating func landWriteBack(_ transfer: TwinTransfer, _ writeBack: TwinWriteBack) {
    let (r, home) = (transfer.request, transfer.receiver)
    let isThere: Bool
    if let known = writeBack.knownToStore {
      isThere = landInStore(r, writeBack.path, known: known, home: home)
    } else {
      landInMemory(r, writeBack.path, at: home)
      isThere = true
    }
    if isThere {
      instances[home].totals.writeBacks += 1
      instances[transfer.sender].totals.bytesWrittenBack += transfer.bytes
    }
    instances[transfer.sender].memory.release(.writeBack(r), use(by: r))
    instances[transfer.sender].notice()
    // Somebody preempted there may have found no room while that was pinned, with nobody left whose
    // steps would end.
    if instances[transfer.sender].step == nil { admitReturns(at: transfer.sender) }
  }

  private mutating func landInMemory(_ r: Int, _ path: [TwinBlockName], at receiver: Int) {
    instances[receiver].memory.extend(.writeBack(r), to: path)
    if retentions.contains(where: { $0.owner == r }) {
      census.count(.writeBackLandedInRetention)
      instances[receiver].memory.release(.retention(r), use(by: r))
      instances[receiver].memory.pass(from: .writeBack(r), to: .retention(r))
    } else {
      census.count(.writeBackLanded)
      instances[receiver].memory.release(.writeBack(r), use(by: r))
    }
    instances[receiver].notice()
  }

  /// Returns whether what is before the blocks is still there.
  private mutating func landInStore(
    _ r: Int,
    _ path: [TwinBlockName],
    known: Int,
    home: Int
  ) -> Bool {
    let tiers = instances[home].tiers
    guard let tier = tiers.shared else { return false }
    tiers.expire(tier, at: now)
    guard tier.cache.match(path) >= known else {
      dropWriteBack(to: home, .writeBackDropped)
      return false
    }
    census.count(.stored)
    tiers.put(path, into: tier, use(by: r))
    return true
  }
}
