public import Simulation

/// Holds requests at the gateway while every instance has more than `factor` × `batch-tokens`
/// prompt tokens left to compute, or while a share of the instances has.
///
/// Nothing is lost, and what waits at the gateway can still be ordered and routed by what is known
/// later. An arrival is held while others are held, so that it never overtakes them.
///
/// Source: the request queue of Dynamo's KV router, `router_queue_threshold` and
/// `busy_worker_ratio`; https://github.com/ai-dynamo/dynamo, `lib/kv-router`. Departures: Dynamo
/// reads the `max_num_batched_tokens` of each worker, here it is one parameter; and tokens are
/// counted without a prefix cache.
///
/// It reads what the instances published and what was sent to them since, so a decision changes
/// only when one of them publishes, and needs no review.
///
/// Parameters: `factor`, default 16, and `batch-tokens`, the token budget of a step, default 8,192;
/// their product is rounded down. `busy-ratio`, the share of busy instances at which requests are
/// held, default 1: all of them.
///
/// Example: `factor` = 2 and `batch-tokens` = 100, two instances with 201 and 200 tokens left: the
/// second is not busy, accepted. With 201 and 150, and 60 sent since it published, both are busy:
/// held. With `busy-ratio` = 0.5 one busy instance of two is enough.
public struct HoldAtRouter: Admit {
  public static let entry = PolicyEntry.admit(
    "hold-at-router",
    "Holds requests at the gateway while every instance has a backlog of prompt tokens.",
    parameters: [
      PolicyParameter(
        "factor",
        unit: "step budgets",
        default: 16,
        range: 0...1e6,
        isWhole: false,
        summary: "Backlog, in token budgets of a step, above which an instance is busy."
      ),
      PolicyParameter(
        "batch-tokens",
        unit: "tokens per step",
        default: 8_192,
        range: 1...1e9,
        summary: "Token budget of a step of the instances."
      ),
      PolicyParameter(
        "busy-ratio",
        unit: "share of instances",
        default: 1,
        range: 0.001...1,
        isWhole: false,
        summary: "Share of busy instances at which requests are held."
      ),
    ]
  ) {
    HoldAtRouter(
      busyAboveTokens: Int(($0["factor"] * $0["batch-tokens"]).rounded(.down)),
      busyRatio: $0["busy-ratio"]
    )
  }

  let busyAboveTokens: Int
  let busyRatio: Double

  /// - Parameters:
  ///   - busyAboveTokens: The backlog of prompt tokens above which an instance is busy.
  ///   - busyRatio: The share of busy instances at which requests are held, above 0, at most 1.
  public init(busyAboveTokens: Int, busyRatio: Double = 1) {
    self.busyAboveTokens = busyAboveTokens
    self.busyRatio = busyRatio
  }

  public func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision {
    if pool.heldAhead > 0 { return .hold(review: .never) }
    var busy = 0
    for position in 0..<pool.count
    where pool.queuedTokens[position] + pool.sentTokens[position] > busyAboveTokens {
      busy += 1
    }
    // A quotient of two counts is the double nearest to it, as is the ratio that was written down;
    // a product with the ratio could miss the count by a rounding.
    let isHeld = Double(busy) / Double(pool.count) >= busyRatio
    return isHeld ? .hold(review: .never) : .accept
  }
}
