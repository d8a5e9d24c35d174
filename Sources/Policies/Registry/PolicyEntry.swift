public import Simulation

/// A policy as the registry knows it: its name, what it takes, and how to make one.
///
/// A policy file declares its own: `static let entry = PolicyEntry.routePrefill("my-router", …)`.
public struct PolicyEntry: Sendable {
  /// Makes a policy from the values of its parameters.
  public typealias Make<P> = @Sendable (PolicyParameters) throws(PolicyError) -> P

  /// The hooks that it can be chosen for: one, or all queues.
  public let hooks: [PolicyHook]
  /// In kebab case.
  public let name: String
  /// One sentence.
  public let summary: String
  public let clairvoyance: Clairvoyance
  public let parameters: [PolicyParameter]
  /// Makes the policy and puts it where the hook has its place.
  let install: @Sendable (PolicyParameters, PolicyHook, inout PolicySet) throws(PolicyError) -> Void

  public static func admit(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any Admit>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.admit],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.admit = try make(values) }
  }

  public static func routePrefill(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any RoutePrefill>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.routePrefill],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.routePrefill = try make(values) }
  }

  /// An order can be chosen for the gateway queue, the prefill queues and the bridge queues.
  public static func order(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any OrderQueue>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.gatewayOrder, .order, .bridgeOrder],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, hook, set) throws(PolicyError) in
      let policy = try make(values)
      switch hook {
      case .gatewayOrder: set.orderGateway = policy
      case .bridgeOrder: set.orderBridge = policy
      default: set.orderPrefill = policy
      }
    }
  }

  public static func batch(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any FormBatch>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.batch],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.formBatch = try make(values) }
  }

  public static func routeDecode(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any RouteDecode>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.routeDecode],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.routeDecode = try make(values) }
  }

  public static func decodeAdmit(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any DecodeAdmit>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.decodeAdmit],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.decodeAdmit = try make(values) }
  }

  public static func preempt(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any Preempt>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.preempt],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.preempt = try make(values) }
  }

  public static func transfers(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any OrderTransfers>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.transfers],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.orderTransfers = try make(values) }
  }

  public static func evict(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any Evict>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.evict],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.evict = try make(values) }
  }

  public static func retain(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any Retain>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.retain],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.retain = try make(values) }
  }

  public static func tier(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any TierBlocks>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.tier],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.tier = try make(values) }
  }

  public static func writeBack(
    _ name: String,
    _ summary: String,
    clairvoyance: Clairvoyance = .observable,
    parameters: [PolicyParameter] = [],
    make: @escaping Make<any WriteBack>
  ) -> PolicyEntry {
    PolicyEntry(
      hooks: [.writeBack],
      name: name,
      summary: summary,
      clairvoyance: clairvoyance,
      parameters: parameters
    ) { (values, _, set) throws(PolicyError) in set.writeBack = try make(values) }
  }
}
