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

  // Scratch of a max-min computation, kept between calls.
  var component = Slots<Int32>()
  var left: Slots<Int64>
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
    left = Slots(repeating: 0, count: nics)
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
  }
}
