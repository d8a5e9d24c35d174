public import Simulation

/// What decoding added is sent back to the instance that computed the prompt, if it finds memory there.
///
/// Source: Mooncake, Qin et al., FAST 2025, https://www.usenix.org/conference/fast25/presentation/qin,
/// whose decode nodes store new KV in the pool that prefill reads. Departure: here it goes to one
/// instance over the fabric, best effort; ``ToStore`` sends it to the pool.
///
/// Parameters: `tokens`, the shortest context that is written back, default 0.
///
/// Example: after 500 output tokens the next turn that is routed to the same instance computes only what is
/// new.
public struct ToPrefill: WriteBack {
  public static let entry = PolicyEntry.writeBack(
    "prefill",
    "What decoding added is sent back to where the prompt was computed.",
    parameters: [shortestContext]
  ) { ToPrefill(shortestContext: $0.integer("tokens")) }

  static let shortestContext = PolicyParameter(
    "tokens",
    unit: "tokens",
    default: 0,
    range: 0...1e9,
    summary: "The shortest context that is written back."
  )

  let shortestContext: Int

  public init(shortestContext: Int = 0) { self.shortestContext = shortestContext }

  public mutating func writeBack(_ turn: RetentionView) -> WriteBackDecision {
    turn.contextTokens >= shortestContext ? .prefill : .stays
  }
}
