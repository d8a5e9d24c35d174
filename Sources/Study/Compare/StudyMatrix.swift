public import Hardware
public import Policies
public import Reporting
public import Simulation

/// Every trace on every fleet under every set of policies with every seed.
public struct StudyMatrix: Sendable {
  /// Each once, however often it was given.
  public let traces: [TraceSource]
  public let fleets: [FleetText]
  public let policies: [PolicyChoice]
  public let seeds: [UInt64]

  /// - Throws: `StudyError.sameName` where different traces or fleets have one name.
  public init(
    traces: [TraceSource],
    fleets: [FleetText],
    policies: [PolicyChoice],
    seeds: [UInt64]
  ) throws(StudyError) {
    self.traces = Self.distinct(traces) { $0 == $1 }
    self.fleets = Self.distinct(fleets) { $0.name == $1.name && $0.text == $1.text }
    self.policies = Self.distinct(policies, ==)
    self.seeds = Self.distinct(seeds, ==)
    try Self.checkNames("trace", self.traces.map { ($0.name, $0.path) })
    try Self.checkNames("fleet", self.fleets.map { ($0.name, $0.file) })
  }

  /// How many runs there are.
  public var count: Int { traces.count * fleets.count * policies.count * seeds.count }

  /// The runs, by trace, then fleet, then policies, then seed.
  ///
  /// - Parameters:
  ///   - objectives: The SLOs of requests that bring none of their own.
  ///   - options: What all runs have in common; the seed is replaced.
  ///   - load: The busiest pool's estimate to which the rate of every trace on every fleet is
  ///     scaled; nil leaves the rate scale as it is.
  ///   - findsLoop: Whether every trace's first rows say which loop it is replayed in, instead of
  ///     `options`.
  /// - Returns: One plan per run.
  /// - Throws: As `RunPlan.resolve`, and what a trace's reader throws.
  public func plans(
    objectives: ServiceObjectives,
    options: RunOptions,
    load: Double?,
    findsLoop: Bool = false
  ) throws -> [RunPlan] {
    var plans: [RunPlan] = []
    for trace in traces {
      var options = options
      if findsLoop { options.loop = try trace.recordedLoop() }
      for fleet in fleets {
        var plan = RunPlan(
          trace: trace,
          fleet: fleet,
          policy: .defaults,
          objectives: objectives,
          options: options
        )
        if let load { try plan.resolve(load: load) }
        for policy in policies {
          plan.policy = policy
          for seed in seeds {
            plan.options.seed = seed
            plans.append(plan)
          }
        }
      }
    }
    return plans
  }

  private static func distinct<Value>(
    _ values: [Value],
    _ areSame: (Value, Value) -> Bool
  ) -> [Value] {
    values.reduce(into: []) { kept, value in
      if !kept.contains(where: { areSame($0, value) }) { kept.append(value) }
    }
  }

  private static func checkNames(
    _ what: String,
    _ values: [(name: String, place: String)]
  ) throws(StudyError) {
    for (index, value) in values.enumerated() {
      guard let other = values[..<index].first(where: { $0.name == value.name }) else { continue }
      throw .sameName(what: what, name: value.name, first: other.place, second: value.place)
    }
  }
}
