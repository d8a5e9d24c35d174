import Workload

/// A hand-off on its way.
struct Transfer {
  /// The request it belongs to.
  var slot: Int32 = 0
  var egress: Int32 = 0
  var ingress: Int32 = 0
  /// Links of the pools' shared fabrics; −1 where those are not capped.
  var egressFabric: Int32 = -1
  var ingressFabric: Int32 = -1
  /// Whether its rate is settled in the sharing that is going on.
  var isFixed = false
  /// Whether its latency has passed.
  var hasJoined = false
  /// Whether it occupies its links: not before its latency has passed, nor while it has sent all it
  /// was given.
  var isOnLinks = false
  /// Whether it has been given all its bytes.
  var isWhole = true
  var record: Int64 = 0
  /// Its own largest rate, in bytes per second.
  var cap = Int64.max
  /// Bytes per second, as of `updated`.
  var rate: Int64 = 0
  var updated: SimTime = 0
  var joined: SimTime = 0
  /// Work left at `updated`, in bytes × 10⁹.
  var work: Int128 = 0
}

/// One NIC, or the shared fabric of a pool, in one direction, or what a shared tier takes. (Not nested and private: debug builds
/// cannot emit that in `Slots`.)
struct Link: ~Copyable {
  let capacity: Int64
  /// By (join time, record).
  var transfers = Slots<Int32>(minimumCapacity: 4)
  var isChanged = false
  /// Whether it belongs to a component that is being shared, or has been, at this instant; and its
  /// place among the links of those.
  var isCollected = false
  var place: Int32 = 0
  var left: Int64 = 0
  var unfixed: Int64 = 0

  init(capacity: Int64) { self.capacity = capacity }

  /// What each transfer that is not fixed would get; `Int64.max` where all are.
  @inline(__always) var share: Int64 {
    // One or two transfers are the rule, and need no division.
    switch unfixed {
    case 0: .max
    case 1: left
    case 2: left >> 1
    default: left / unfixed
    }
  }
}

/// The links of the fleet and the transfers that share them.
///
/// Link `i` is the egress NIC of instance `i`, link `n + i` its ingress NIC; after them come the egress
/// and the ingress fabrics of the pools. A transfer joins its links when its latency has passed and
/// leaves them when it has sent what it was given; rates are shared anew once per instant for the links
/// at which something changed, and for those that they are connected with (Links+Sharing).
struct Links: ~Copyable {
  /// Where a transfer goes: to another instance, or to the tier that the instances of a pool share.
  enum Receiver {
    case instance(Int, pool: Int)
    case store(ofPool: Int)
  }

  let discipline: LinkDiscipline
  /// Whether some pool's fabric is capped, or some transfer may have a cap of its own.
  let hasFabrics: Bool
  let hasCaps: Bool
  private let instances: Int
  private let poolCount: Int
  var links: Slots<Link>
  var transfers = Slots<Transfer>(minimumCapacity: 64)
  private var free = Slots<Int32>()
  /// Links whose set of transfers changed at this instant.
  var changed = Slots<Int32>()
  /// Links of the components that have been shared at this instant, and the transfers of the one
  /// that is being shared, where somebody needs them.
  var component = Slots<Int32>()
  /// The share of each of those links, in a column of its own: filling looks for the smallest again
  /// and again.
  var shares = Slots<Int64>()
  var collectedBefore = 0
  var flows = Slots<Int32>()

  /// - Parameters:
  ///   - nics: What each instance sends, and receives, in bytes per second.
  ///   - fabrics: What each pool does, `Int64.max` where that is not capped.
  ///   - stores: What the shared tier of each pool takes; anything where it has none.
  ///   - hasCaps: Whether transfers may have a cap of their own.
  ///   - discipline: How a link's transfers share it.
  init(
    nics: [Int64],
    fabrics: [Int64],
    stores: [Int64],
    hasCaps: Bool,
    discipline: LinkDiscipline
  ) {
    instances = nics.count
    poolCount = fabrics.count
    hasFabrics = fabrics.contains { $0 < .max } && !defect(.fabricCapIgnored)
    self.hasCaps = hasCaps
    self.discipline = discipline
    let capacities = nics + nics + fabrics + fabrics + stores
    links = Slots(minimumCapacity: capacities.count)
    for capacity in capacities { links.append(Link(capacity: capacity)) }
  }

  /// Places for transfers, used and free: their numbers are below this.
  var capacity: Int { transfers.count }

  /// Announces a transfer from an instance, given with its pool; its latency begins.
  mutating func add(
    _ announced: Transfer,
    from sender: (index: Int, pool: Int),
    to receiver: Receiver,
    bytes: Int64
  ) -> Int {
    var transfer = announced
    transfer.egress = Int32(sender.index)
    transfer.work = Int128(bytes) * Int128(SimTime.nanosecondsPerSecond)
    if hasFabrics { transfer.egressFabric = capped(2 * instances + sender.pool) }
    switch receiver {
    case .instance(let index, let pool):
      transfer.ingress = Int32(instances + index)
      if hasFabrics { transfer.ingressFabric = capped(2 * instances + poolCount + pool) }
    case .store(let pool):
      transfer.ingress = Int32(2 * (instances + poolCount) + pool)
    }
    if free.count > 0 {
      let id = Int(free.removeLast())
      transfers[id] = transfer
      return id
    }
    transfers.append(transfer)
    return transfers.count - 1
  }

  /// A fabric's link; −1 where it is not capped.
  private func capped(_ link: Int) -> Int32 { links[link].capacity < .max ? Int32(link) : -1 }

  /// The latency of a transfer has passed: it occupies its links from now on, if it has something to
  /// send.
  mutating func join(_ id: Int, at now: SimTime) {
    transfers[id].hasJoined = true
    guard !transfers[id].isOnLinks, transfers[id].work > 0 || transfers[id].isWhole else { return }
    transfers[id].isOnLinks = true
    transfers[id].joined = now
    transfers[id].updated = now
    transfers[id].rate = 0
    insert(id, into: Int(transfers[id].egress))
    insert(id, into: Int(transfers[id].ingress))
    if transfers[id].egressFabric >= 0 { insert(id, into: Int(transfers[id].egressFabric)) }
    if transfers[id].ingressFabric >= 0 { insert(id, into: Int(transfers[id].ingressFabric)) }
  }

  /// Takes a transfer that has sent all it was given off its links.
  mutating func leave(_ id: Int) {
    transfers[id].isOnLinks = false
    transfers[id].work = 0
    remove(id, from: Int(transfers[id].egress))
    remove(id, from: Int(transfers[id].ingress))
    if transfers[id].egressFabric >= 0 { remove(id, from: Int(transfers[id].egressFabric)) }
    if transfers[id].ingressFabric >= 0 { remove(id, from: Int(transfers[id].ingressFabric)) }
  }

  /// Forgets a transfer that has ended and is off its links, and returns the request's slot.
  mutating func release(_ id: Int) -> Int32 {
    free.append(Int32(id))
    return transfers[id].slot
  }

  /// Gives a layer-wise transfer more bytes to send.
  ///
  /// - Returns: When it has sent them all, where that is to be scheduled before rates are shared anew.
  mutating func give(_ id: Int, bytes: Int64, at now: SimTime) -> SimTime? {
    let work = Int128(bytes) * Int128(SimTime.nanosecondsPerSecond)
    guard transfers[id].isOnLinks else {
      transfers[id].work += work
      guard transfers[id].hasJoined else { return nil }
      join(id, at: now)
      // With nothing left to send it waits for no rate.
      return transfers[id].isOnLinks && transfers[id].work == 0 ? now + 1 : nil
    }
    guard bytes > 0 else { return nil }
    settle(id, at: now)
    transfers[id].work = max(0, transfers[id].work) + work
    return transfers[id].rate > 0 ? end(of: id) : nil
  }

  private mutating func insert(_ id: Int, into link: Int) {
    var at = links[link].transfers.count
    while at > 0, precedes(id, Int(links[link].transfers[at - 1])) { at -= 1 }
    links[link].transfers.insert(Int32(id), at: at)
    markChanged(link)
  }

  private mutating func remove(_ id: Int, from link: Int) {
    _ = links[link].transfers.removeSlot(Int32(id))
    if !defect(.staleRate) || links[link].transfers.count < 2 { markChanged(link) }
  }

  private mutating func markChanged(_ link: Int) {
    guard !links[link].isChanged else { return }
    links[link].isChanged = true
    changed.append(Int32(link))
  }

  func precedes(_ a: Int, _ b: Int) -> Bool {
    transfers[a].joined != transfers[b].joined
      ? transfers[a].joined < transfers[b].joined : transfers[a].record < transfers[b].record
  }

  /// Books what a transfer has sent up to now.
  mutating func settle(_ id: Int, at now: SimTime) {
    let elapsed = now - transfers[id].updated
    transfers[id].work -= wideProduct(transfers[id].rate, elapsed)
    transfers[id].updated = now
  }

  /// When a transfer has sent all it was given, at the rate it has.
  func end(of id: Int) -> SimTime {
    let (work, rate) = (transfers[id].work, transfers[id].rate)
    return transfers[id].updated + Self.nanoseconds(for: work, at: rate)
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
