public import Simulation

/// The policies that can be chosen by name.
///
/// A value, so that a program can offer its own beside the built-in ones:
/// `.standard + [MyRouter.entry]`.
public struct PolicyRegistry: Sendable {
  /// In the order in which they are listed.
  public let entries: [PolicyEntry]

  public init(_ entries: [PolicyEntry]) { self.entries = entries }

  /// Every policy of this package, one line each.
  public static let standard = PolicyRegistry(
    requests + CacheEviction.entries + sessions + TierWriting.entries
  )

  private static let requests = [
    AcceptAll.entry,
    QueueCap.entry,
    HoldAtRouter.entry,
    TokenBucket.entry,
    RoundRobin.prefillEntry,
    LeastPrefillRequests.entry,
    LeastTokens.entry,
    PowerOfTwo.entry,
    SessionAffinity.entry,
    CacheAware.entry,
    FirstComeFirstServed.entry,
    ShortestJobFirst.entry,
    HighestResponseRatio.entry,
    HighestPriorityFirst.entry,
    ProgramFirstComeFirstServed.entry,
    LeastAttainedService.entry,
    Chunked.entry,
    PrefillPriority.entry,
    WholePrompts.entry,
    Staggered.entry,
    RoundRobin.decodeEntry,
    LeastDecodeRequests.entry,
    LeastKV.entry,
    DecodeAffinity.entry,
    Fits.entry,
    Watermark.entry,
    PeakFutureTokens.entry,
    SLOBatchCap.entry,
    NewestFirst.entry,
    LowestPriorityFirst.entry,
    CheapestFirst.entry,
    InOrderTransfers.entry,
    FairShareTransfers.entry,
  ]

  private static let sessions = [
    Release.entry,
    Discard.entry,
    Preserve.entry,
    Swap.entry,
    FixedTTL.entry,
    AdaptiveTTL.entry,
    StaysOnDecode.entry,
    ToPrefill.entry,
    ToStore.entry,
  ]

  public static func + (registry: PolicyRegistry, added: [PolicyEntry]) -> PolicyRegistry {
    PolicyRegistry(registry.entries + added)
  }

  /// The policies that a hook can be given, in listed order.
  public func entries(for hook: PolicyHook) -> [PolicyEntry] {
    entries.filter { $0.hooks.contains(hook) }
  }

  /// Puts the policy that a spec names in the place that the hook has in a set.
  ///
  /// - Throws: `PolicyError` for a malformed spec, an unknown or ambiguous policy, an unknown or
  ///   repeated parameter, or a value that the parameter does not take.
  public func install(
    _ spec: String,
    for hook: PolicyHook,
    in set: inout PolicySet
  ) throws(PolicyError) {
    try install(PolicySpec(parsing: spec), for: hook, in: &set)
  }

  func install(
    _ spec: PolicySpec,
    for hook: PolicyHook,
    in set: inout PolicySet
  ) throws(PolicyError) {
    let entry = try entry(for: spec, of: hook)
    let values = try PolicyParameters(spec, declared: entry.parameters)
    try entry.install(values, hook, &set)
  }

  /// The spec without parameters that are the defaults, and with one spelling for every value.
  func normalized(
    _ spec: PolicySpec,
    for hook: PolicyHook
  ) throws(PolicyError) -> PolicySpec {
    let entry = try entry(for: spec, of: hook)
    return try PolicyParameters(spec, declared: entry.parameters).spec(named: spec.name)
  }

  /// The only policy of the spec's name.
  private func entry(
    for spec: PolicySpec,
    of hook: PolicyHook
  ) throws(PolicyError) -> PolicyEntry {
    let offered = entries(for: hook)
    let named = offered.filter { $0.name == spec.name }
    guard let entry = named.first else {
      throw .unknownPolicy(spec.name, hook: hook, known: offered.map(\.name))
    }
    if named.count > 1 { throw .repeatedPolicy(spec.name, hook: hook) }
    return entry
  }
}
