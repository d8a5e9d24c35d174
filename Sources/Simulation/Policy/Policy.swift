public import Workload

/// What a policy may know, from most to least deployable.
public enum Clairvoyance: String, Sendable {
  /// Only what a real router or engine could observe.
  case observable = "O"
  /// A prediction with an error model.
  case predicted = "H"
  /// True output lengths or future arrivals: a bound, not a contender.
  case oracle = "X"
}

/// Signals that cost something to keep, computed only when some policy declares them.
public struct Signals: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `PoolView.kvUnits`: grows with every step, so it is refreshed on the publication grid.
  public static let kv = Signals(rawValue: 1)
  /// `BatchView.oldestQueuedAt`.
  public static let oldestQueued = Signals(rawValue: 2)
  /// `MemoryView.residents`.
  public static let residents = Signals(rawValue: 4)
  /// `MemoryView.stepTimeIfAdmitted`.
  public static let stepTime = Signals(rawValue: 8)
  /// `Resident.recomputeTime` and `Resident.swapTime`.
  public static let restoreTimes = Signals(rawValue: 16)
  /// `RequestView.sessionService` and `RequestView.home`.
  public static let sessions = Signals(rawValue: 32)
  /// `PoolView.hitTokens` in `routePrefill`; exact, not published: it is looked up in every cache.
  public static let hits = Signals(rawValue: 64)
}

/// What all policies have in common.
///
/// A policy is a value: the engine copies it at the start of a run and owns the copy, so its state
/// never leaks from one run into another.
public protocol Policy: Sendable {
  var clairvoyance: Clairvoyance { get }
  /// The costly signals that the policy reads.
  var signals: Signals { get }
  /// Whether asking at boundaries where nothing changed gives the same result, because every
  /// decision that could change with time carries a review.
  var reviewsAreExact: Bool { get }
}

extension Policy {
  public var clairvoyance: Clairvoyance { .observable }
  public var signals: Signals { [] }
  public var reviewsAreExact: Bool { true }
}

/// When a decision wants to be looked at again although nothing changed.
///
/// It replaces the hook's earlier review on that instance, and any consultation cancels it. At the
/// gateway only a hold replaces it, and only an answer about the head of the queue cancels it.
public enum Review: Sendable, Equatable {
  case never
  /// At the first boundary at or after this instant, or at the instant itself on an instance that
  /// stands still. Must be later than the decision.
  case at(SimTime)
  /// At the boundary `steps` steps after the decision's, `steps` ≥ 1.
  case afterSteps(Int)
}

/// The hooks, as the key of a random draw and as the name of a queue.
public enum Hook: UInt8, Sendable {
  case admit, routePrefill, orderPrefill, orderBridge, formBatch, routeDecode, decodeAdmit, preempt
  case orderTransfers, orderGateway, evict, retain, writeBack, tier
}
