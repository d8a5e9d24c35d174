public import Simulation

/// Sends a turn to the instance that computed its session's prompts last, unless that is overloaded.
///
/// It leaves that instance when it has more than `tokens` more to compute than the least loaded one, and
/// more than `ratio` times as much. Then, and for a session's first request, it picks the one with the fewest
/// tokens left to compute; of equals the first from a position on that the session's number chooses, so
/// that the sessions of an idle fleet do not pile up on its first instances.
///
/// Source: session-based routing of the vLLM production stack, https://github.com/vllm-project/production-stack,
/// with the imbalance rule of SGLang's router, `balance_abs_threshold` and `balance_rel_threshold`,
/// https://github.com/sgl-project/sglang. Departure: load is tokens, not requests.
///
/// Parameters: `tokens`, default 131,072, and `ratio`, default 1.5, both assumed.
///
/// Example: with 200,000 tokens at home and 10,000 elsewhere it goes elsewhere; with 120,000 and 10,000 it
/// goes home.
public struct SessionAffinity: RoutePrefill {
  public static let entry = PolicyEntry.routePrefill(
    "session-affinity",
    "Sends a turn where its session was computed last, unless that is overloaded.",
    parameters: [
      PolicyParameter(
        "tokens",
        unit: "tokens",
        default: 131_072,
        range: 0...1e12,
        summary: "How much more than the least loaded it takes to leave."
      ),
      .imbalance,
    ]
  ) { SessionAffinity(slackTokens: $0.integer("tokens"), ratio: $0["ratio"]) }

  let slackTokens: Int
  let ratio: Double

  /// - Parameters:
  ///   - slackTokens: How much more than the least loaded instance it takes to leave, at least 0.
  ///   - ratio: And how many times as much, at least 1.
  public init(slackTokens: Int = 131_072, ratio: Double = 1.5) {
    self.slackTokens = slackTokens
    self.ratio = ratio
  }

  public var signals: Signals { .sessions }

  public func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    let best = least(request, pool)
    guard request.home >= 0 else { return best }
    let (home, other) = (load(request.home, pool), load(best, pool))
    let isOverloaded = home - other > slackTokens && Double(home) > ratio * Double(other)
    return isOverloaded ? best : request.home
  }

  private func least(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
    let count = pool.count
    let first = request.session > 0 ? Int(request.session) % max(1, count) : 0
    guard pool.isLagged else { return leastQueued(from: first, pool) }
    var (best, bestTokens) = (first, Int.max)
    for step in 0..<count {
      let position = first + step < count ? first + step : first + step - count
      let tokens = load(position, pool)
      if tokens < bestTokens { (best, bestTokens) = (position, tokens) }
    }
    return best
  }

  /// The same where nothing was sent that is not published: the common case, and a look at every
  /// instance for every request.
  private func leastQueued(from first: Int, _ pool: borrowing PoolView) -> Int {
    guard pool.count > 0 else { return first }
    let best = pool.queuedTokens.firstMinimum(in: first..<pool.count)
    guard first > 0 else { return best }
    let before = pool.queuedTokens.firstMinimum(in: 0..<first)
    return pool.queuedTokens[before] < pool.queuedTokens[best] ? before : best
  }

  private func load(_ position: Int, _ pool: borrowing PoolView) -> Int {
    pool.queuedTokens[position] + (pool.isLagged ? pool.sentTokens[position] : 0)
  }
}

extension PolicyParameter {
  static let imbalance = PolicyParameter(
    "ratio",
    unit: "times",
    default: 1.5,
    range: 1...1e6,
    isWhole: false,
    summary: "And how many times as much."
  )
}
