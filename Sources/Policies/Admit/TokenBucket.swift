public import Simulation
import Workload

/// Serves prompt tokens at a contracted rate: a bucket of at most `capacity` tokens is refilled
/// with `rate` tokens per second, and a request takes its prompt tokens out of it, or has to go or
/// wait.
///
/// The bucket is full at the start. A prompt above its capacity is rejected, because the bucket
/// would never hold enough. Where requests are held, an arrival is held while others are, so that
/// it never overtakes them; a hold carries as its review the first nanosecond at which the bucket
/// holds enough. The level is an integer, in 10⁻⁹ tokens, so it does not depend on how often it is
/// looked at.
///
/// Source: BLIS's token bucket, https://github.com/inference-sim/inference-sim; per tenant, the
/// tokens-per-minute limits of AIBrix, https://github.com/vllm-project/aibrix. Departures: holding,
/// and integers.
///
/// Parameters: `capacity`, prompt tokens, default 10,000; `rate`, prompt tokens per second, default
/// 1,000; `otherwise`, what becomes of a request that finds too few tokens: `reject` (the default)
/// or `hold`; `per`, who has a bucket: the whole `gateway` (the default) or each `tenant`. Tenants
/// share one gateway queue, so with `hold` the first one that waits holds the others up.
///
/// Example: `capacity` = 100, `rate` = 1,000. At 0 s a prompt of 80 tokens leaves 20 in the bucket.
/// A prompt of 50 at 0.01 s finds 30: it is rejected, or held until 0.03 s.
public struct TokenBucket: Admit {
  /// What becomes of a request that finds too few tokens.
  public enum Shortage: String, Sendable, CaseIterable { case reject, hold }

  /// Who has a bucket.
  public enum Owner: String, Sendable, CaseIterable { case gateway, tenant }

  public static let entry = PolicyEntry.admit(
    "token-bucket",
    "Serves prompt tokens at a contracted rate, with bursts up to the size of a bucket.",
    parameters: [
      PolicyParameter(
        "capacity",
        unit: "prompt tokens",
        default: 10_000,
        range: 1...1e12,
        summary: "What the bucket holds at most."
      ),
      PolicyParameter(
        "rate",
        unit: "prompt tokens per second",
        default: 1_000,
        range: 1...1e12,
        summary: "What flows into the bucket."
      ),
      PolicyParameter(
        "otherwise",
        default: Shortage.reject,
        summary: "What becomes of a request that finds too few tokens."
      ),
      PolicyParameter("per", default: Owner.gateway, summary: "Who has a bucket."),
    ]
  ) {
    TokenBucket(
      capacityTokens: $0.integer("capacity"),
      tokensPerSecond: $0.integer("rate"),
      otherwise: $0.choice("otherwise"),
      per: $0.choice("per")
    )
  }

  private static let unitsPerToken: Int128 = 1_000_000_000

  /// What was in a bucket when it was last looked at, in 10⁻⁹ tokens.
  private struct Level {
    var units: Int128
    var time: SimTime
  }

  private let capacityUnits: Int128
  /// 10⁻⁹ tokens per nanosecond, which is tokens per second.
  private let rate: Int128
  private let otherwise: Shortage
  private let owner: Owner
  /// By tenant, up to the last one seen; one bucket for the whole gateway.
  private var levels: ContiguousArray<Level> = []

  public init(
    capacityTokens: Int,
    tokensPerSecond: Int,
    otherwise: Shortage = .reject,
    per owner: Owner = .gateway
  ) {
    capacityUnits = Int128(capacityTokens) * Self.unitsPerToken
    rate = Int128(tokensPerSecond)
    self.otherwise = otherwise
    self.owner = owner
  }

  public mutating func admit(
    _ request: RequestView,
    _ pool: borrowing PoolView
  ) -> AdmitDecision {
    let cost = Int128(request.promptTokens) * Self.unitsPerToken
    if cost > capacityUnits { return .reject(reason: "prompt exceeds the token bucket") }
    if otherwise == .hold && pool.heldAhead > 0 { return .hold(review: .never) }
    let index = owner == .tenant ? Int(request.tenant) : 0
    refill(index, at: pool.now)
    let shortage = cost - levels[index].units
    if shortage <= 0 {
      levels[index].units -= cost
      return .accept
    }
    if otherwise == .reject { return .reject(reason: "the token bucket is empty") }
    let wait = (shortage + rate - 1) / rate
    return .hold(review: .at(SimTime(clamping: Int128(pool.now) + wait)))
  }

  private mutating func refill(_ index: Int, at now: SimTime) {
    while levels.count <= index { levels.append(Level(units: capacityUnits, time: now)) }
    let inflow = rate * Int128(now - levels[index].time)
    levels[index].units = min(capacityUnits, levels[index].units + inflow)
    levels[index].time = now
  }
}
