import Simulation
import Workload

/// A hand-off from its reservation to its landing.
struct TwinTransfer {
  let request: Int
  let record: Int64
  let sender: Int
  let receiver: Int
  /// When its latency has passed and it joins its NICs.
  let joinsAt: SimTime
  /// Bytes left × 10⁹, as of `settledAt`: links work at visible times, so that whole nanoseconds
  /// at whole bytes per second leave no fraction.
  var left: Int128
  var hasJoined = false
  var settledAt: SimTime = 0
  var bytesPerSecond: Int64 = 0

  /// When it joins, or would end at the present rate.
  var nextInstant: SimTime {
    guard hasJoined else { return joinsAt }
    guard bytesPerSecond > 0 else { return .never }
    let rate = Int128(bytesPerSecond)
    return settledAt + SimTime((left + rate - 1) / rate)
  }

  mutating func join(at now: SimTime) {
    hasJoined = true
    settledAt = now
  }

  mutating func settle(at now: SimTime) {
    left -= Int128(bytesPerSecond) * Int128(now - settledAt)
    settledAt = now
  }
}

/// What each of a set of flows gets of the NICs that it uses.
enum TwinLinks {
  struct Flow {
    var sender: Int
    var receiver: Int
  }

  /// Rates in bytes per second if each NIC serves the flow that joined it first, provided that this
  /// one is also the first at its other end. Flows come in the order in which they joined.
  static func firstComeFirstServed(_ flows: [Flow], nics: [Int64]) -> [Int64] {
    flows.indices.map { f in
      let earlier = flows[..<f]
      let isFirst = !earlier.contains {
        $0.sender == flows[f].sender || $0.receiver == flows[f].receiver
      }
      return isFirst ? min(nics[flows[f].sender], nics[flows[f].receiver]) : 0
    }
  }

  /// Rates in bytes per second by progressive filling. Each instance has an egress and an ingress of
  /// the capacity in `nics`.
  static func maxMinFair(_ flows: [Flow], nics: [Int64]) -> [Int64] {
    let ends = flows.map { [$0.sender, nics.count + $0.receiver] }
    var left = nics + nics
    var rates = [Int64?](repeating: nil, count: flows.count)
    while rates.contains(nil) {
      var tightest: (nic: Int, share: Int64)?
      for nic in left.indices {
        let unfixed = flows.indices.filter { rates[$0] == nil && ends[$0].contains(nic) }
        guard !unfixed.isEmpty else { continue }
        let share = left[nic] / Int64(unfixed.count)
        if let best = tightest, best.share <= share { continue }
        tightest = (nic, share)
      }
      guard let (nic, share) = tightest else { break }
      for f in flows.indices where rates[f] == nil && ends[f].contains(nic) {
        rates[f] = share
        for end in ends[f] { left[end] -= share }
      }
    }
    return rates.map { max($0 ?? 0, 1) }
  }
}
