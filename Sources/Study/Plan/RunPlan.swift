public import Hardware
public import Policies
public import Reporting
public import Simulation
import Workload

/// All that fixes the result of a run, but for what is in the trace file, as values that can be
/// written down.
public struct RunPlan: Sendable {
  public var trace: TraceSource
  public var fleet: FleetText
  public var policy: PolicyChoice
  public var objectives: ServiceObjectives
  /// With the rate scale that a load has been resolved to.
  public var options: RunOptions
  /// The estimated busy share of every pool, where a load was asked for.
  public var estimatedUtilization: [Double]?
  /// Whether the trace's first rows set `options.loop`, to the loop that it was made for.
  public var findsLoop: Bool

  public init(
    trace: TraceSource,
    fleet: FleetText,
    policy: PolicyChoice,
    objectives: ServiceObjectives = ServiceObjectives(),
    options: RunOptions = RunOptions(),
    estimatedUtilization: [Double]? = nil,
    findsLoop: Bool = false
  ) {
    self.trace = trace
    self.fleet = fleet
    self.policy = policy
    self.objectives = objectives
    self.options = options
    self.estimatedUtilization = estimatedUtilization
    self.findsLoop = findsLoop
  }

  /// What tables call the policies.
  public var policyName: String { policy.description }

  /// Scales the rate to a load of the busiest pool's estimate; reads the trace once.
  ///
  /// Where the eviction policy keeps blocks, prompts are taken to find what they share with earlier
  /// ones cached.
  ///
  /// - Throws: `StudyError` for a trace without a rate; what its reader throws; `FleetError`;
  ///   `PolicyError` for an eviction policy that the registry does not have.
  public mutating func resolve(load: Double, in registry: PolicyRegistry = .standard) throws {
    let target = try TargetLoad(
      load: load,
      of: trace.trace,
      on: try fleet.plan.fleet(),
      limit: options.limit,
      cachesPrefixes: try keepsBlocks(registry)
    )
    options.rateScale = target.rateScale
    estimatedUtilization = target.utilization
  }

  /// Whether anything is cached; whatever the other hooks are given.
  private func keepsBlocks(_ registry: PolicyRegistry) throws(PolicyError) -> Bool {
    var policies = try PolicyChoice.defaults.resolve()
    try registry.install(policy[.evict], for: .evict, in: &policies)
    return policies.evict.keepsBlocks
  }

  /// The run that is planned.
  ///
  /// - Throws: `FleetError` for a fleet that cannot be built, `PolicyError` for a policy that the
  ///   registry does not have.
  public func run(in registry: PolicyRegistry) throws -> Run {
    try run(of: trace.trace, in: registry)
  }

  /// The same for another spelling of the trace.
  func run(of trace: any Trace, in registry: PolicyRegistry) throws -> Run {
    Run(
      trace: trace,
      fleet: try fleet.plan.fleet(),
      policies: try policy.resolve(in: registry),
      policyName: policyName,
      objectives: objectives,
      options: options,
      estimatedUtilization: estimatedUtilization,
      spreadTies: self.trace.spreadTies,
      findsLoop: findsLoop
    )
  }
}
