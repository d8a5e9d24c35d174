import Policies
import Simulation
import Workload

/// Draws one policy of the registry for every hook, with parameters at the scale of the cases.
///
/// No policy of the registry asks for a review at a time while requests decode, keeps a state between
/// the batches of different instances, or reads every gauge, so some cases get policies that do.
enum CasePolicies {
  static func draw(using random: inout SplitMix64) -> PolicySet {
    var choice = PolicyChoice()
    for hook in PolicyHook.allCases {
      let entries = PolicyRegistry.standard.entries(for: hook)
      let entry = entries[Int.random(in: 0..<entries.count, using: &random)]
      let arguments = entry.parameters.map { parameter in
        "\(parameter.name)=\(value(of: parameter, using: &random))"
      }
      let spec =
        arguments.isEmpty
        ? entry.name : "\(entry.name):\(arguments.joined(separator: ","))"
      do {
        try choice.set(spec, for: hook)
      } catch {
        preconditionFailure("\(spec): \(error)")
      }
    }
    do {
      return withTestPolicies(try choice.resolve(), using: &random)
    } catch {
      preconditionFailure("\(choice): \(error)")
    }
  }

  private static func withTestPolicies(
    _ set: PolicySet,
    using random: inout SplitMix64
  ) -> PolicySet {
    var set = set
    if random.isOne(in: 5) {
      let (requests, patience) = (random.pick(2, 4), SimTime(random.pick(15, 100, 333)))
      set.formBatch = SamplePolicies.Gathering(requests: requests, patience: patience)
    }
    if random.isOne(in: 8) {
      set.formBatch = SamplePolicies.Rationed(tokens: random.pick(4, 16, 64))
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: set.decodeAdmit = SamplePolicies.Delay(patience: SimTime(random.pick(20, 70, 250)))
    case 1, 2:
      set.decodeAdmit = TestPolicies.Deadline(
        patience: SimTime(random.pick(60, 250, 700, 1_500, 3_000)),
        percent: random.pick(40, 70, 100, 100)
      )
    default: break
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: set.admit = TestPolicies.QueueGate(limit: random.pick(1, 2, 4))
    case 1:
      let (patience, limit) = (SimTime(random.pick(10, 45, 200)), random.pick(1, 3, 1_000))
      set.admit = TestPolicies.Patience(patience: patience, limit: limit)
    // Most policies of the registry turn work away, and hard cases need a load.
    case 2, 3: set.admit = AcceptAll()
    default: break
    }
    if random.isOne(in: 2) {
      set.preempt = TestPolicies.Victim(
        takesNewest: random.pick(true, false),
        restoring: random.pick(.swap, .inTurns, .cheaper)
      )
    }
    if random.isOne(in: 8) { set.routePrefill = TestPolicies.Weigher() }
    if random.isOne(in: 8) { set.routeDecode = TestPolicies.Weigher() }
    return set
  }

  /// A value small enough that the parameter matters in a case of some dozens of requests.
  private static func value(
    of parameter: PolicyParameter,
    using random: inout SplitMix64
  ) -> String {
    if case .choice(let names) = parameter.kind {
      return names[Int.random(in: 0..<names.count, using: &random)]
    }
    return switch parameter.name {
    case "requests": "\(random.pick(1, 2, 3, 8))"
    case "tokens": "\(random.pick(1, 4, 16, 64, 200))"
    case "hold": random.pick("0", "0.00001", "0.0001", "0.000333")
    case "steps": "\(random.pick(1, 2, 5, 9))"
    case "assumed": "\(random.pick(1, 8, 40))"
    case "factor": random.pick("0", "0.5", "1", "2")
    case "batch-tokens": "\(random.pick(10, 40))"
    case "busy-ratio": random.pick("0.3", "0.5", "1")
    case "capacity": "\(random.pick(35, 100, 400))"
    case "rate": "\(random.pick(30_000_000, 300_000_007, 2_000_000_000))"
    case "free": random.pick("0", "0.01", "0.2", "0.5")
    case "tpot-ms": "0.001"
    default: "\(random.pick(1, 2, 7))"
    }
  }
}
