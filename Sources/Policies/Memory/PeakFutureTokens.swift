import Hardware
public import Simulation

/// Admits a request only if the memory would hold everybody until they finish.
///
/// Every resident and the newcomer are taken to emit a token per step until their limit on output
/// tokens. Memory then peaks where one of them finishes; the request is admitted iff at all of those
/// points the KV of those still there is within the capacity. Then nothing is ever preempted, as
/// long as nobody emits more than was taken.
///
/// Source: the router of LightLLM, https://github.com/ModelTC/lightllm, and VTC, Sheng et al., OSDI
/// 2024, https://arxiv.org/abs/2401.00588. Departures: it counts KV units, so sliding windows
/// count as they are held; a sum that equals the capacity is admitted; requests in transfer or
/// partly prefilled are taken to decode already.
///
/// A wait carries a review: the first number of steps after which the rule would admit if the
/// decoding residents went on by as many and nothing else happened, looking at most 64 steps ahead.
/// Anything else that happens makes the engine ask anyway.
///
/// Parameters: `assumed`, output tokens of a request whose limit is unknown, default 1,024.
///
/// Example: capacity 40 units of one token. Residents hold 10 and 6 tokens with 4 and 8 to go. A
/// newcomer of 8 tokens with 5 to go would make 14 + 10 + 12 = 36 when the first finishes, 11 + 13 =
/// 24 when it does itself, and 14 at the last: admitted. One of 15 tokens would make 14 + 10 + 19 =
/// 43 and waits for 3 steps, after which it makes 14 + 10 + 16 = 40.
public struct PeakFutureTokens: DecodeAdmit {
  public static let entry = PolicyEntry.decodeAdmit(
    "peak-future-tokens",
    "Admits only if the peak of future KV, with everybody at their output limit, stays in capacity.",
    parameters: [
      PolicyParameter(
        "assumed",
        unit: "output tokens",
        default: 1_024,
        range: 1...1e7,
        summary: "Output tokens of a request whose limit is unknown."
      )
    ]
  ) { PeakFutureTokens(assumedOutputTokens: $0.integer("assumed")) }

  /// How far ahead a wait looks; a search to the end would cost more than asking again.
  static let longestReviewSteps = 64

  /// What one request holds now, and how many tokens it has to go.
  private struct Member {
    var tokens: Int
    var remaining: Int
  }

  let assumedOutputTokens: Int
  // Scratch of one decision, kept for its storage; both are sorted by falling `remaining`.
  private var moving: ContiguousArray<Member> = []
  private var still: ContiguousArray<Member> = []

  public init(assumedOutputTokens: Int) { self.assumedOutputTokens = assumedOutputTokens }

  public var signals: Signals { .residents }

  public mutating func admit(
    _ request: RequestView,
    _ instance: MemoryView
  ) -> DecodeAdmitDecision {
    gather(request, instance)
    if holdsAll(in: instance, after: 0) { return .admit }
    if moving.isEmpty { return .wait(review: .never) }
    let ahead = 1...Self.longestReviewSteps
    let steps = ahead.first { holdsAll(in: instance, after: $0) }
    return .wait(review: .afterSteps(steps ?? Self.longestReviewSteps))
  }

  private mutating func gather(_ request: RequestView, _ instance: MemoryView) {
    moving.removeAll(keepingCapacity: true)
    still.removeAll(keepingCapacity: true)
    for resident in instance.residents {
      let member = member(
        tokens: resident.contextTokens,
        limit: resident.maxOutputTokens,
        emitted: resident.emittedTokens
      )
      if resident.isDecoding { moving.append(member) } else { still.append(member) }
    }
    still.append(
      member(
        tokens: request.contextTokens,
        limit: request.maxOutputTokens,
        emitted: request.emittedTokens
      )
    )
    moving.sort { $0.remaining > $1.remaining }
    still.sort { $0.remaining > $1.remaining }
  }

  private func member(tokens: Int, limit: Int, emitted: Int) -> Member {
    Member(tokens: tokens, remaining: (limit > 0 ? limit : assumedOutputTokens) - emitted)
  }

  /// Whether the peak is within capacity once the moving members have gone on by `steps`.
  ///
  /// The members are merged by falling remaining tokens, so those met so far are those that are
  /// still there when the one just met finishes. A remaining below 1 counts as 1: a request that
  /// outlived what was taken is about to finish.
  private func holdsAll(in instance: MemoryView, after steps: Int) -> Bool {
    let kv = instance.kv
    var (nextMoving, nextStill, tokens, members) = (0, 0, 0, 0)
    while nextMoving < moving.count || nextStill < still.count {
      let ofMoving = nextMoving < moving.count ? max(1, moving[nextMoving].remaining - steps) : 0
      let ofStill = nextStill < still.count ? max(1, still[nextStill].remaining) : 0
      if ofMoving >= ofStill {
        tokens += moving[nextMoving].tokens + steps
        nextMoving += 1
      } else {
        tokens += still[nextStill].tokens
        nextStill += 1
      }
      members += 1
      let remaining = max(ofMoving, ofStill)
      let grown = tokens + members * remaining
      let full = kv.fullUnitsPerToken * Int64(grown)
      // Windows are summed one by one only where their upper bound does not settle it.
      let windowAtMost = kv.windowUnitsPerToken * Int64(min(grown, members * kv.windowTokens))
      if full + windowAtMost <= instance.capacityUnits { continue }
      let inWindow =
        moving[..<nextMoving].reduce(0) { $0 + min($1.tokens + steps + remaining, kv.windowTokens) }
        + still[..<nextStill].reduce(0) { $0 + min($1.tokens + remaining, kv.windowTokens) }
      if full + kv.windowUnitsPerToken * Int64(inWindow) > instance.capacityUnits { return false }
    }
    return true
  }
}
