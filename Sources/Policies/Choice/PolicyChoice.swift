import KVCache
public import Simulation

/// Which policy every hook is given: the composition that one run compares with another.
///
/// Hooks that are not named keep the defaults: turns go where their session was, others where the least
/// work is left; decode-first chunked batches; the least full decode instance; caches that evict what was
/// used least recently and retain nothing; first come first served elsewhere.
public struct PolicyChoice: Sendable, Equatable {
  /// Only what is not the default, so that equal choices compare as equal.
  private var departures: [PolicyHook: PolicySpec] = [:]

  public static let defaults = PolicyChoice()

  /// The defaults.
  public init() {}

  init(_ departures: [(PolicyHook, PolicySpec)]) {
    for (hook, spec) in departures { set(spec, for: hook) }
  }

  /// The spec of a hook's policy, for example `queue-cap:requests=64`.
  public subscript(hook: PolicyHook) -> String { spec(of: hook).description }

  /// Gives a hook another policy; whether there is one of this name shows when it is resolved.
  ///
  /// - Throws: `PolicyError` if the spec is malformed or names a parameter twice.
  public mutating func set(_ spec: String, for hook: PolicyHook) throws(PolicyError) {
    set(try PolicySpec(parsing: spec), for: hook)
  }

  /// Makes the policies.
  ///
  /// - Throws: `PolicyError` for a policy or parameter that the registry does not know, and for a
  ///   value that a parameter does not take.
  public func resolve(in registry: PolicyRegistry = .standard) throws(PolicyError) -> PolicySet {
    var set = Self.initialSet
    for hook in PolicyHook.allCases { try registry.install(spec(of: hook), for: hook, in: &set) }
    return set
  }

  /// The same policies in the one spelling that tables and folders go by: without parameters that
  /// are the defaults, and with one form for every number.
  ///
  /// - Throws: As `resolve`.
  public func normalized(in registry: PolicyRegistry) throws(PolicyError) -> PolicyChoice {
    var choice = PolicyChoice.defaults
    for hook in PolicyHook.allCases where departures[hook] != nil {
      choice.set(try registry.normalized(spec(of: hook), for: hook), for: hook)
    }
    return choice
  }

  /// Every hook is installed over this by `resolve`, so what stands here never shows.
  static let initialSet = PolicySet(
    admit: AcceptAll(),
    orderGateway: FirstComeFirstServed(),
    routePrefill: RoundRobin(),
    orderPrefill: FirstComeFirstServed(),
    formBatch: PrefillPriority(tokens: 1),
    routeDecode: RoundRobin(),
    orderBridge: FirstComeFirstServed(),
    decodeAdmit: Fits(),
    preempt: NewestFirst(),
    orderTransfers: InOrderTransfers(),
    evict: CacheEviction { _ in LRU() },
    retain: Release(),
    writeBack: StaysOnDecode(),
    tier: TierWriting(.back)
  )

  private mutating func set(_ spec: PolicySpec, for hook: PolicyHook) {
    departures[hook] = spec == Self.defaultSpec(of: hook) ? nil : spec
  }

  private func spec(of hook: PolicyHook) -> PolicySpec {
    departures[hook] ?? Self.defaultSpec(of: hook)
  }

  private static func defaultSpec(of hook: PolicyHook) -> PolicySpec {
    switch hook {
    case .admit: PolicySpec("accept-all")
    case .routePrefill: PolicySpec("session-affinity")
    case .gatewayOrder, .order, .bridgeOrder: PolicySpec("fcfs")
    case .batch: PolicySpec("chunked")
    case .routeDecode: PolicySpec("least-kv")
    case .decodeAdmit: PolicySpec("fits")
    case .preempt: PolicySpec("newest-first")
    case .transfers: PolicySpec("fair-share")
    case .evict: PolicySpec("lru")
    case .retain: PolicySpec("release")
    case .writeBack: PolicySpec("stays")
    case .tier: PolicySpec("write-back")
    }
  }
}

extension PolicyChoice: CustomStringConvertible {
  /// What departs from the defaults, as `parse` reads it: `route-prefill=round-robin order=sjf`;
  /// `default` if nothing does.
  public var description: String {
    let pairs = PolicyHook.allCases.compactMap { hook in
      departures[hook].map { "\(hook)=\($0)" }
    }
    return pairs.isEmpty ? "default" : pairs.joined(separator: " ")
  }
}
