import Hardware

/// The links that transfers share, and what each of a set of flows gets of them.
struct TwinLinks {
  struct Flow {
    var sender: Int
    var receiver: Int
    /// Whether it goes to the tier that the receiver's pool shares.
    var goesToStore = false
    /// What it can reach alone, in bytes per second.
    var cap = Int64.max
  }

  /// A flow's rate in bytes per second, and what bounds it.
  struct Share {
    enum Bound { case nic, fabric, cap }

    var rate: Int64
    var bound: Bound
  }

  /// Bytes per second of each instance's egress, and of its ingress.
  var nics: [Int64]
  /// The pool of each instance.
  var pools: [Int]
  /// Bytes per second of each pool's egress fabric, and of its ingress fabric; `Int64.max` for none.
  var fabrics: [Int64]
  /// Bytes per second that the shared tier of each pool takes.
  var stores: [Int64]

  /// The links of a flow. They are numbered: egress of the instances, ingress of the instances,
  /// egress fabric of the pools, ingress fabric of the pools, shared tiers of the pools.
  private func links(of flow: Flow) -> [Int] {
    nicLinks(of: flow) + fabricLinks(of: flow)
  }

  private func nicLinks(of flow: Flow) -> [Int] {
    let store = 2 * nics.count + 2 * fabrics.count + pools[flow.receiver]
    return [flow.sender, flow.goesToStore ? store : nics.count + flow.receiver]
  }

  private func fabricLinks(of flow: Flow) -> [Int] {
    let (from, to) = (pools[flow.sender], pools[flow.receiver])
    var links: [Int] = []
    if fabrics[from] < .max { links.append(2 * nics.count + from) }
    if fabrics[to] < .max, !flow.goesToStore { links.append(2 * nics.count + fabrics.count + to) }
    return links
  }

  private var capacities: [Int64] { nics + nics + fabrics + fabrics + stores }

  /// Shares if each NIC serves the flow that joined it first, provided that this one is also the
  /// first at its other end, with what the flows before it leave of its fabrics. Flows come in the
  /// order in which they joined.
  func firstComeFirstServed(_ flows: [Flow]) -> [Share] {
    var left = capacities
    return flows.indices.map { f in
      let flow = flows[f]
      let waits = flows[..<f].contains {
        !Set(nicLinks(of: $0)).isDisjoint(with: nicLinks(of: flow))
      }
      if waits { return Share(rate: 0, bound: .nic) }
      let nic = nicLinks(of: flow).map { capacities[$0] }.min() ?? .max
      let fabric = fabricLinks(of: flow).map { left[$0] }.min() ?? .max
      let rate = min(nic, flow.cap, fabric)
      for link in fabricLinks(of: flow) { left[link] -= rate }
      let bound: Share.Bound =
        fabric < min(nic, flow.cap) ? .fabric : flow.cap < nic ? .cap : .nic
      return Share(rate: rate, bound: bound)
    }
  }

  /// Shares by progressive filling. Flows come in the order in which they joined.
  func maxMinFair(_ flows: [Flow]) -> [Share] {
    var left = capacities
    var shares = [Share?](repeating: nil, count: flows.count)
    func fix(_ f: Int, at rate: Int64, _ bound: Share.Bound) {
      shares[f] = Share(rate: max(rate, 1), bound: bound)
      for link in links(of: flows[f]) { left[link] -= rate }
    }
    while true {
      let unfixed = flows.indices.filter { shares[$0] == nil }
      var tightest: (link: Int, share: Int64)?
      for link in left.indices {
        let count = unfixed.count { links(of: flows[$0]).contains(link) }
        guard count > 0 else { continue }
        let share = left[link] / Int64(count)
        if let best = tightest, best.share <= share { continue }
        tightest = (link, share)
      }
      guard let (link, share) = tightest else { break }
      let slowest = unfixed.min { flows[$0].cap < flows[$1].cap }
      if let slowest, flows[slowest].cap <= share {
        fix(slowest, at: flows[slowest].cap, .cap)
      } else {
        let bound: Share.Bound = link < 2 * nics.count ? .nic : .fabric
        for f in unfixed where links(of: flows[f]).contains(link) { fix(f, at: share, bound) }
      }
    }
    return shares.map { $0 ?? Share(rate: 1, bound: .nic) }
  }
}
