import Policies
import Simulation
import Workload

/// Draws one policy of the registry for every hook, with parameters at the scale of the cases.
///
/// No policy of the registry asks for a review at a time while requests decode, and none of them
/// keeps a state between the batches of different instances, so some cases get policies that do.
enum CasePolicies {
  static func draw(using random: inout SplitMix64) -> PolicySet {
    var choice = PolicyChoice()
    for hook in PolicyHook.allCases {
      let entries = PolicyRegistry.standard.entries(for: hook)
      let entry = entries[Int.random(in: 0..<entries.count, using: &random)]
      let arguments = entry.parameters.map { parameter in
        "\(parameter.name)=\(value(of: parameter.name, using: &random))"
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
    if random.isOne(in: 5) {
      set.decodeAdmit = SamplePolicies.Delay(patience: SimTime(random.pick(20, 70, 250)))
    }
    return set
  }

  /// A value small enough that the parameter matters in a case of some dozens of requests.
  private static func value(of parameter: String, using random: inout SplitMix64) -> String {
    switch parameter {
    case "requests": "\(random.pick(1, 2, 3, 8))"
    case "tokens": "\(random.pick(1, 4, 16, 64, 200))"
    case "hold": random.pick("0", "0.00001", "0.0001", "0.000333")
    case "steps": "\(random.pick(1, 2, 5, 9))"
    case "assumed": "\(random.pick(1, 8, 40))"
    default: "\(random.pick(1, 2, 7))"
    }
  }
}
