public import Hardware
public import Simulation

/// Whether queues kept growing, so that latencies say more about the trace's length than about the
/// policy.
public struct Stability: Sendable, Equatable {
  /// Mean queued prompt tokens of the fleet, as the second quarter of arrivals found them.
  public var secondQuarterTokens: Double
  /// The same for the last quarter.
  public var lastQuarterTokens: Double
  /// One step budget per instance that computes prompts, in tokens.
  public var toleratedTokens: Double

  /// Growth of the queue, from the second quarter to the last, above which a run is unstable.
  public static let toleratedGrowth = 1.8
  /// Prompt tokens of one full step of an instance: vLLM's default `max_num_batched_tokens`.
  public static let stepBudgetTokens = 8_192

  public init(load: LoadSeries, fleet: Fleet) {
    secondQuarterTokens = load.mean(from: 0.25, to: 0.5)
    lastQuarterTokens = load.mean(from: 0.75, to: 1)
    let computing = fleet.pools.filter { $0.role != .decode }.reduce(0) { $0 + $1.count }
    toleratedTokens = Double(computing * Self.stepBudgetTokens)
  }

  public var isStable: Bool {
    lastQuarterTokens <= Self.toleratedGrowth * secondQuarterTokens
      || lastQuarterTokens <= toleratedTokens
  }

  public var verdict: String { isStable ? "stable" : "unstable" }
}
