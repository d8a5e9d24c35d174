import ArgumentParser
import Policies

/// One policy per hook, over what `--policy` chooses.
struct HookOptions: ParsableArguments {
  @Option(help: .init("Decides whether, and when, a request is served.", valueName: "spec"))
  var admit: String?

  @Option(help: .init("Orders the requests that the gateway holds.", valueName: "spec"))
  var gatewayOrder: String?

  @Option(help: .init("Picks the instance that computes a prompt.", valueName: "spec"))
  var routePrefill: String?

  @Option(help: .init("Orders the prompts that wait at an instance.", valueName: "spec"))
  var order: String?

  @Option(help: .init("Decides what the next step of an instance computes.", valueName: "spec"))
  var batch: String?

  @Option(help: .init("Picks the instance that decodes a request.", valueName: "spec"))
  var routeDecode: String?

  @Option(help: .init("Orders the requests that wait for decode memory.", valueName: "spec"))
  var bridgeOrder: String?

  @Option(
    help: .init("Decides whether a request that fits may reserve decode memory.", valueName: "spec")
  )
  var decodeAdmit: String?

  @Option(
    help: .init("Picks who gives up memory when running requests outgrow it.", valueName: "spec")
  )
  var preempt: String?

  @Option(help: .init("Decides how hand-offs share the network.", valueName: "spec"))
  var transfers: String?

  @Option(help: .init("Picks the cached blocks that leave.", valueName: "spec"))
  var evict: String?

  @Option(
    help: .init("Decides what becomes of a session's KV between its turns.", valueName: "spec")
  )
  var retain: String?

  @Option(
    help: .init("Decides where decoded KV is sent for the next prompt.", valueName: "spec")
  )
  var writeBack: String?

  @Option(help: .init("Decides what goes to the tiers below memory.", valueName: "spec"))
  var tier: String?

  func apply(to choice: inout PolicyChoice) throws(PolicyError) {
    for hook in PolicyHook.allCases {
      if let spec = spec(of: hook) { try choice.set(spec, for: hook) }
    }
  }

  private func spec(of hook: PolicyHook) -> String? {
    switch hook {
    case .admit: admit
    case .gatewayOrder: gatewayOrder
    case .routePrefill: routePrefill
    case .order: order
    case .batch: batch
    case .routeDecode: routeDecode
    case .bridgeOrder: bridgeOrder
    case .decodeAdmit: decodeAdmit
    case .preempt: preempt
    case .transfers: transfers
    case .evict: evict
    case .retain: retain
    case .writeBack: writeBack
    case .tier: tier
    }
  }
}

extension PolicyChoice {
  /// Reads what `--policy` and the flags of single hooks choose.
  ///
  /// - Parameters:
  ///   - text: A preset, `hook=spec` pairs, both, or the path of a policy file, which has a slash
  ///     in it or ends in `.policy`; nil for the defaults.
  ///   - overrides: The flags of single hooks.
  ///   - registry: The policies that can be named.
  /// - Throws: `PolicyError` for what cannot be read or is not known.
  init(
    option text: String?,
    _ overrides: HookOptions,
    in registry: PolicyRegistry
  ) throws(PolicyError) {
    self = .defaults
    if let text {
      let isPath = !text.contains("=") && (text.contains("/") || text.hasSuffix(".policy"))
      self = isPath ? try .load(file: text, in: registry) : try .parse(text)
    }
    try overrides.apply(to: &self)
    self = try normalized(in: registry)
  }
}
