import Workload

/// The NICs of the fleet and the transfers that share them.
///
/// NIC `i` is the egress of instance `i`, NIC `n + i` its ingress.
struct Links {
  let instances: Int
  let capacities: ContiguousArray<Int64>
  let discipline: LinkDiscipline
  /// Transfers of each NIC, as request slots, by (join time, record).
  var transfers: ContiguousArray<ContiguousArray<Int32>>
  /// NICs whose set of transfers changed at this instant.
  private(set) var changed: ContiguousArray<Int32> = []
  private var isChanged: ContiguousArray<Bool>

  // Scratch of a max-min computation, kept between calls.
  var component: ContiguousArray<Int32> = []
  var left: ContiguousArray<Int64>
  var unfixed: ContiguousArray<Int32>
  var isInComponent: ContiguousArray<Bool>

  init(capacities: [Int64], discipline: LinkDiscipline) {
    instances = capacities.count
    self.capacities = ContiguousArray(capacities + capacities)
    self.discipline = discipline
    let nics = 2 * capacities.count
    transfers = ContiguousArray(repeating: [], count: nics)
    isChanged = ContiguousArray(repeating: false, count: nics)
    left = ContiguousArray(repeating: 0, count: nics)
    unfixed = ContiguousArray(repeating: 0, count: nics)
    isInComponent = ContiguousArray(repeating: false, count: nics)
  }

  mutating func markChanged(_ nic: Int) {
    guard !isChanged[nic] else { return }
    isChanged[nic] = true
    changed.append(Int32(nic))
  }

  mutating func clearChanged() {
    for nic in changed { isChanged[Int(nic)] = false }
    changed.removeAll(keepingCapacity: true)
  }
}
