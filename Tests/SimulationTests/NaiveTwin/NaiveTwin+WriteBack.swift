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
    guard policies.writeBack.writesBack(retentionView(of: r, path: all)) else { return }
    let (sender, memory) = (instances[i].memory, instances[receiver].memory)
    let (units, known) = (memory.blockUnits * Int64(path.count), Array(path.prefix(matched)))
    let held = sender.blockUnits * Int64(path.count)
    guard memory.need(units, pinning: known) <= memory.free,
      sender.need(held, pinning: path) <= sender.free
    else {
      census.count(.writeBackDropped)
      instances[receiver].totals.writeBacksDropped += 1
      return
    }
    instances[receiver].memory.reserve(units, pinning: known, for: .writeBack(r))
    instances[receiver].change()
    instances[i].memory.reserve(held, pinning: path, for: .writeBack(r))
    instances[i].change()
    let kind = instances[i].kind
    let sent = sender.blockUnits * Int64(path.count - matched)
    let bytes = sent * kind.kv.unitBytes * kind.kvReplication
    startTransfer(of: r, from: i, to: receiver, bytes: bytes, writesBack: path)
  }

  /// The blocks that were sent are there.
  mutating func landWriteBack(_ transfer: TwinTransfer, path: [TwinBlockName]) {
    let (r, receiver) = (transfer.request, transfer.receiver)
    instances[receiver].totals.writeBacks += 1
    instances[transfer.sender].totals.bytesWrittenBack += transfer.bytes
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
    instances[transfer.sender].memory.release(.writeBack(r), use(by: r))
    instances[transfer.sender].notice()
    // Somebody preempted there may have found no room while that was pinned, with nobody left whose
    // steps would end.
    if instances[transfer.sender].step == nil { admitReturns(at: transfer.sender) }
  }
}
