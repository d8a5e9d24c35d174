/// The decisions that a policy can be chosen for, by the names that flags and policy files use.
///
/// They stand in the order in which a request meets them.
public enum PolicyHook: String, Sendable, CaseIterable {
  case admit
  case gatewayOrder = "gateway-order"
  case routePrefill = "route-prefill"
  case order
  case batch
  case routeDecode = "route-decode"
  case bridgeOrder = "bridge-order"
  case decodeAdmit = "decode-admit"
  case preempt
  case transfers
  case evict
  case retain
  case writeBack = "write-back"
  case tier

  /// What is decided, as a phrase.
  public var summary: String {
    switch self {
    case .admit: "whether, and when, a request is served"
    case .gatewayOrder: "which held request is asked about first"
    case .routePrefill: "which instance computes a prompt"
    case .order: "which waiting prompt is computed first"
    case .batch: "what the next step of an instance computes"
    case .routeDecode: "which instance decodes a request"
    case .bridgeOrder: "which computed prompt gets decode memory first"
    case .decodeAdmit: "whether a request that fits may reserve decode memory"
    case .preempt: "who gives up its memory when running requests outgrow it"
    case .transfers: "how hand-offs share the network"
    case .evict: "which cached blocks leave when memory is needed"
    case .retain: "what becomes of a session's KV while its next turn is awaited"
    case .tier: "what goes to the tiers below memory, and when it comes back"
    case .writeBack: "where decoded KV is sent for the next prompt to find"
    }
  }
}

extension PolicyHook: CustomStringConvertible {
  public var description: String { rawValue }
}
