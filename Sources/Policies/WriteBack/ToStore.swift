public import Simulation

/// What decoding added is sent to the tier that the pool of the prompt's instance shares, with what that
/// tier lacks before it.
///
/// Every instance of the pool finds it there, as it does what was evicted to there: a prompt loads it
/// where that is faster than computing it.
///
/// Source: Mooncake, Qin et al., FAST 2025, https://www.usenix.org/conference/fast25/presentation/qin,
/// whose decode nodes store new KV in a pool of KV that all prefill nodes read; LMCache and NIXL do so
/// too. Departure: it is sent once, when the request completes, best effort.
///
/// Parameters: `tokens`, the shortest context that is written back, default 0.
///
/// Example: after 500 output tokens the next turn loads its context from the store, on whichever
/// instance it is routed to, and computes only what is new.
public struct ToStore: WriteBack {
  public static let entry = PolicyEntry.writeBack(
    "store",
    "What decoding added is sent to the tier that the prompt's pool shares.",
    parameters: [ToPrefill.shortestContext]
  ) { ToStore(shortestContext: $0.integer("tokens")) }

  let shortestContext: Int

  public init(shortestContext: Int = 0) { self.shortestContext = shortestContext }

  public var usesStore: Bool { true }

  public mutating func writeBack(_ turn: RetentionView) -> WriteBackDecision {
    turn.contextTokens >= shortestContext ? .store : .stays
  }
}
