public import Simulation
public import Workload

/// Serves the request with the highest response ratio next: (wait + service) ÷ service, where the
/// wait is the time since it entered the queue, and service is its tokens × `ns-per-token`.
///
/// Short requests go first, but a long one gains on them while it waits, so nothing starves.
///
/// Source: highest response ratio next, Brinch Hansen 1971; in serving, SGLang's aging scheduler,
/// https://github.com/sgl-project/sglang, `schedule_policy.py`. Departures: SGLang ages by tokens
/// computed since arrival and falls back to arrival order in long queues; here waiting is in
/// time, as in the original.
///
/// Its reviews are not exact: two keys can cross by the passing of time alone, between decision
/// points, so a queue that is asked more often may find another head.
///
/// Parameters: `ns-per-token`, nanoseconds of prefill per token, default 50,000: an assumed 20,000
/// tokens per second. It only sets how fast waiting counts.
///
/// Example: at 10 ns per token a request of 100 tokens that waited 500 ns has ratio 1.5, and one of
/// 1,000 tokens that waited 6,000 ns has 1.6 and goes first; 1,000 ns later they have 2.5 and 1.7.
public struct HighestResponseRatio: OrderQueue {
  public static let entry = PolicyEntry.order(
    "hrrn",
    "Serves the request with the highest (wait + service) / service: short ones first, with aging.",
    parameters: [
      PolicyParameter(
        "ns-per-token",
        unit: "ns",
        default: 50_000,
        range: 1...1e9,
        isWhole: false,
        summary: "Prefill time per token that waiting is measured against."
      )
    ]
  ) { HighestResponseRatio(nanosecondsPerToken: $0["ns-per-token"]) }

  let nanosecondsPerToken: Double

  public init(nanosecondsPerToken: Double) { self.nanosecondsPerToken = nanosecondsPerToken }

  public var dependsOnTime: Bool { true }
  public var reviewsAreExact: Bool { false }

  public func key(_ request: RequestView, now: SimTime) -> Double {
    let service = Double(max(1, request.contextTokens)) * nanosecondsPerToken
    return -(Double(now - request.queuedAt) + service) / service
  }
}
