import Workload

/// A hand-off on its way.
struct Transfer {
  /// The request it belongs to.
  var slot: Int32 = 0
  var egress: Int32 = 0
  var ingress: Int32 = 0
  /// Whether its rate is settled in the sharing that is going on.
  var isFixed = false
  var record: Int64 = 0
  /// Bytes per second, as of `updated`.
  var rate: Int64 = 0
  var updated: SimTime = 0
  var joined: SimTime = 0
  /// Work left at `updated`, in bytes × 10⁹.
  var work: Int128 = 0
}

/// One NIC, in one direction. (Not nested and private: debug builds cannot emit that in `Slots`.)
struct NIC: ~Copyable {
  let capacity: Int64
  /// By (join time, record).
  var transfers = Slots<Int32>(minimumCapacity: 4)
  var isChanged = false
  /// Whether it belongs to a component that is being shared, or has been, at this instant.
  var isCollected = false
  var left: Int64 = 0
  var unfixed: Int64 = 0
  /// What each transfer that is not fixed would get; `Int64.max` where all are.
  var share: Int64 = 0

  init(capacity: Int64) { self.capacity = capacity }

  mutating func updateShare() {
    // One or two transfers are the rule, and need no division.
    switch unfixed {
    case 0: share = .max
    case 1: share = left
    case 2: share = left >> 1
    default: share = left / unfixed
    }
  }
}

/// The NICs of the fleet and the transfers that share them.
///
/// NIC `i` is the egress of instance `i`, NIC `n + i` its ingress. A transfer joins both its NICs
/// when its latency has passed and leaves them at its end; rates are shared anew once per instant
/// for the NICs at which something changed, and for those that they are connected with.
struct Links: ~Copyable {
  private let instances: Int
  private let discipline: LinkDiscipline
  private var nics: Slots<NIC>
  private var transfers = Slots<Transfer>(minimumCapacity: 64)
  private var free = Slots<Int32>()
  /// NICs whose set of transfers changed at this instant.
  private var changed = Slots<Int32>()
  /// NICs of the components that have been shared at this instant.
  private var component = Slots<Int32>()

  init(capacities: [Int64], discipline: LinkDiscipline) {
    instances = capacities.count
    self.discipline = discipline
    nics = Slots(minimumCapacity: 2 * capacities.count)
    for capacity in capacities + capacities { nics.append(NIC(capacity: capacity)) }
  }

  /// Places for transfers, used and free: their numbers are below this.
  var capacity: Int { transfers.count }

  /// Announces a transfer, whose latency begins.
  mutating func add(slot: Int32, record: Int64, from: Int, to: Int, bytes: Int64) -> Int {
    var transfer = Transfer()
    transfer.slot = slot
    transfer.record = record
    transfer.egress = Int32(from)
    transfer.ingress = Int32(instances + to)
    transfer.work = Int128(bytes) * Int128(SimTime.nanosecondsPerSecond)
    if free.count > 0 {
      let id = Int(free.removeLast())
      transfers[id] = transfer
      return id
    }
    transfers.append(transfer)
    return transfers.count - 1
  }

  /// The latency of a transfer has passed: it occupies its two NICs from now on.
  mutating func join(_ id: Int, at now: SimTime) {
    transfers[id].joined = now
    transfers[id].updated = now
    insert(id, into: Int(transfers[id].egress))
    insert(id, into: Int(transfers[id].ingress))
  }

  /// Takes a transfer that has ended off its NICs and returns the request's slot.
  mutating func remove(_ id: Int) -> Int32 {
    remove(id, from: Int(transfers[id].egress))
    remove(id, from: Int(transfers[id].ingress))
    free.append(Int32(id))
    return transfers[id].slot
  }

  private mutating func insert(_ id: Int, into nic: Int) {
    var at = nics[nic].transfers.count
    while at > 0, precedes(id, Int(nics[nic].transfers[at - 1])) { at -= 1 }
    nics[nic].transfers.insert(Int32(id), at: at)
    markChanged(nic)
  }

  private mutating func remove(_ id: Int, from nic: Int) {
    _ = nics[nic].transfers.removeSlot(Int32(id))
    if !defect(.staleRate) || nics[nic].transfers.count < 2 { markChanged(nic) }
  }

  private mutating func markChanged(_ nic: Int) {
    guard !nics[nic].isChanged else { return }
    nics[nic].isChanged = true
    changed.append(Int32(nic))
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    transfers[a].joined != transfers[b].joined
      ? transfers[a].joined < transfers[b].joined : transfers[a].record < transfers[b].record
  }

  /// Gives the transfers of changed NICs, and of those they compete with, the rates they have from
  /// now on, and moves their ends in the queue.
  ///
  /// - Parameters:
  ///   - now: The instant.
  ///   - queue: The event of transfer `t` is that of entity `firstEntity + t`.
  ///   - firstEntity: The entity of transfer 0.
  mutating func share(at now: SimTime, queue: inout EventQueue, firstEntity: Int) {
    guard changed.count > 0 else { return }
    for position in changed.indices {
      let nic = Int(changed[position])
      nics[nic].isChanged = false
      guard nics[nic].transfers.count > 0, !nics[nic].isCollected else { continue }
      switch discipline {
      case .firstComeFirstServed:
        let head = Int(nics[nic].transfers[0])
        let rate = rateOfHead(head)
        if rate > 0 { setRate(head, rate, now, &queue, firstEntity) }
      case .maxMinFair:
        // Most transfers are alone at both ends.
        let first = Int(nics[nic].transfers[0])
        if isAlone(first) {
          setRate(first, rateOfHead(first), now, &queue, firstEntity)
        } else {
          shareComponent(of: nic, now, &queue, firstEntity)
        }
      }
    }
    changed.removeAll()
    for position in component.indices { nics[Int(component[position])].isCollected = false }
    component.removeAll()
  }

  /// The rate of the first transfer of a NIC: 0 if it is not the first at its other end as well.
  private func rateOfHead(_ id: Int) -> Int64 {
    let (egress, ingress) = (Int(transfers[id].egress), Int(transfers[id].ingress))
    guard nics[egress].transfers[0] == id, nics[ingress].transfers[0] == id else { return 0 }
    return min(nics[egress].capacity, nics[ingress].capacity)
  }

  private func isAlone(_ id: Int) -> Bool {
    nics[Int(transfers[id].egress)].transfers.count == 1
      && nics[Int(transfers[id].ingress)].transfers.count == 1
  }

  /// Max-min fair rates by progressive filling: the NIC with the smallest share fixes it for its
  /// transfers, the first such NIC where several have it, until all are fixed.
  private mutating func shareComponent(
    of nic: Int,
    _ now: SimTime,
    _ queue: inout EventQueue,
    _ firstEntity: Int
  ) {
    let first = component.count
    collect(nic)
    var next = first
    while next < component.count {
      let member = Int(component[next])
      for position in 0..<nics[member].transfers.count {
        let id = Int(nics[member].transfers[position])
        transfers[id].isFixed = false
        collect(Int(transfers[id].egress))
        collect(Int(transfers[id].ingress))
      }
      next += 1
    }
    while let tightest = tightestNIC(from: first) {
      let share = nics[tightest].share
      for position in 0..<nics[tightest].transfers.count {
        let id = Int(nics[tightest].transfers[position])
        guard !transfers[id].isFixed else { continue }
        transfers[id].isFixed = true
        let other = Int(transfers[id].egress) ^ Int(transfers[id].ingress) ^ tightest
        nics[other].left -= share
        nics[other].unfixed -= 1
        nics[other].updateShare()
        setRate(id, max(1, share), now, &queue, firstEntity)
      }
      nics[tightest].share = .max
    }
  }

  private mutating func collect(_ nic: Int) {
    guard !nics[nic].isCollected else { return }
    nics[nic].isCollected = true
    component.append(Int32(nic))
    nics[nic].left = nics[nic].capacity
    nics[nic].unfixed = Int64(nics[nic].transfers.count)
    nics[nic].updateShare()
  }

  private func tightestNIC(from first: Int) -> Int? {
    var (best, bestShare) = (-1, Int64.max)
    for position in first..<component.count {
      let nic = Int(component[position])
      let share = nics[nic].share
      if share < bestShare || (share == bestShare && nic < best) {
        (best, bestShare) = (nic, share)
      }
    }
    return best < 0 ? nil : best
  }

  /// Changes the rate of a transfer from now on, and with it the time of its end.
  private mutating func setRate(
    _ id: Int,
    _ rate: Int64,
    _ now: SimTime,
    _ queue: inout EventQueue,
    _ firstEntity: Int
  ) {
    guard transfers[id].rate != rate else { return }
    let elapsed = now - transfers[id].updated
    transfers[id].work -= wideProduct(transfers[id].rate, elapsed)
    transfers[id].updated = now
    transfers[id].rate = rate
    let end = now + Self.nanoseconds(for: transfers[id].work, at: rate)
    queue.schedule(firstEntity + id, at: end, kind: .transferEnd, owner: transfers[id].record)
  }

  /// The whole nanoseconds, at least 1, that a rate needs for some work.
  private static func nanoseconds(for work: Int128, at rate: Int64) -> SimTime {
    // Dividing 128-bit integers is slow, and hardly any transfer needs it.
    if work._high == 0, work._low < UInt64(SimTime.max / 2) {
      return max(1, (SimTime(truncatingIfNeeded: work._low) + rate - 1) / rate)
    }
    let time = (work + Int128(rate) - 1) / Int128(rate)
    return SimTime(min(max(1, time), Int128(SimTime.never / 4)))
  }
}

/// The exact product of two 64-bit integers.
@inline(__always)
func wideProduct(_ a: Int64, _ b: Int64) -> Int128 {
  let product = a.multipliedFullWidth(by: b)
  return Int128(_low: product.low, _high: product.high)
}
