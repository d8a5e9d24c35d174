import Workload

/// The NICs of the fleet and the transfers that share them.
///
/// NIC `i` is the egress of instance `i`, NIC `n + i` its ingress.
struct Links: ~Copyable {
  let instances: Int
  let capacities: Slots<Int64>
  let discipline: LinkDiscipline
  /// Transfers of each NIC, as request slots, by (join time, record).
  var transfers: Slots<Slots<Int32>>
  /// NICs whose set of transfers changed at this instant.
  private(set) var changed = Slots<Int32>()
  private var isChanged: Slots<Bool>
  /// NICs whose transfers have been given their rates at this instant without their component.
  private(set) var isSettled: Slots<Bool>
  private var settled = Slots<Int32>()

  // Scratch of a max-min computation, kept between calls.
  var component = Slots<Int32>()
  var left: Slots<Int64>
  /// What each transfer not fixed yet would get of a NIC; `Int64.max` where all are fixed.
  var share: Slots<Int64>
  var unfixed: Slots<Int32>
  var isInComponent: Slots<Bool>

  init(capacities: [Int64], discipline: LinkDiscipline) {
    instances = capacities.count
    var nicCapacities = Slots<Int64>(minimumCapacity: 2 * capacities.count)
    for capacity in capacities + capacities { nicCapacities.append(capacity) }
    self.capacities = nicCapacities
    self.discipline = discipline
    let nics = 2 * capacities.count
    transfers = Slots(minimumCapacity: nics)
    for _ in 0..<nics { transfers.append(Slots<Int32>()) }
    isChanged = Slots(repeating: false, count: nics)
    isSettled = Slots(repeating: false, count: nics)
    left = Slots(repeating: 0, count: nics)
    share = Slots(repeating: 0, count: nics)
    unfixed = Slots(repeating: 0, count: nics)
    isInComponent = Slots(repeating: false, count: nics)
  }

  mutating func markChanged(_ nic: Int) {
    guard !isChanged[nic] else { return }
    isChanged[nic] = true
    changed.append(Int32(nic))
  }

  mutating func clearChanged() {
    for position in changed.indices { isChanged[Int(changed[position])] = false }
    changed.removeAll()
    for position in settled.indices { isSettled[Int(settled[position])] = false }
    settled.removeAll()
  }

  mutating func settle(_ nic: Int) {
    isSettled[nic] = true
    settled.append(Int32(nic))
  }

  /// Brings the share of a NIC up to date with what is left of it.
  mutating func updateShare(of nic: Int) {
    share[nic] = unfixed[nic] > 0 ? left[nic] / Int64(unfixed[nic]) : .max
  }
}
