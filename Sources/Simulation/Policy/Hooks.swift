public import KVCache
public import Workload

/// Decides at the gateway whether, and when, a request is served.
public protocol Admit: Policy {
  /// Decides about a request at its arrival, and about the head of the gateway queue whenever an
  /// instance that computes prompts has published a change, an arrival was held, or a review is due;
  /// with a view lag, after every grid point instead of every change. The growth that `kvUnits` shows
  /// at grid points alone asks nobody: it only makes instances fuller.
  mutating func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision

  /// Whether the answer is `accept` throughout. Read once, before the run: where true, `admit` is never
  /// called, so a policy with state of its own leaves the default, false.
  var acceptsAll: Bool { get }
}

extension Admit {
  public var acceptsAll: Bool { false }
}

public enum AdmitDecision: Sendable, Equatable {
  case accept
  /// Keep it in the gateway queue. Of reviews the gateway knows `.never` and `.at`.
  case hold(review: Review)
  /// Answer with an error at once; the reason stands in the results.
  case reject(reason: String)
}

/// Picks the instance that computes a request's prompt, at its arrival.
public protocol RoutePrefill: Policy {
  /// - Returns: A position in `pool`.
  mutating func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int
}

/// Picks the instance that decodes a request, at the moment that the fleet's `HandOff.decodeAt`
/// names.
public protocol RouteDecode: Policy {
  /// - Returns: A position in `pool`.
  mutating func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int
}

/// Orders the requests that wait in a queue.
public protocol OrderQueue: Policy {
  /// Whether a key depends on `now`; if not, it is computed once, on entry. If it does, every look at
  /// a queue computes the keys of all that wait in it.
  var dependsOnTime: Bool { get }

  /// The request with the smallest key goes first; ties go to the earlier `queuedAt`, then to the
  /// smaller record. Must not be NaN.
  func key(_ request: RequestView, now: SimTime) -> Double
}

extension OrderQueue {
  public var dependsOnTime: Bool { false }
}

/// Decides what the next step of an instance computes.
public protocol FormBatch: Policy {
  mutating func form(_ instance: BatchView) -> BatchDecision
}

/// What a step may contain; the engine fills it from the queue, in the queue's order.
public struct BatchDecision: Sendable, Equatable {
  /// Prompt tokens that the step may compute, over all chunks.
  public var promptTokens: Int
  /// Whether a prompt may be cut where the budget ends. If not, only whole prompts enter; the first of a
  /// step does so whenever the budget is above 0, however long it is.
  public var splitsPrompts: Bool
  /// Whether running requests decode in a step that also computes prompt tokens. A step without
  /// prompt tokens always decodes.
  public var decodesBesidePrompts: Bool
  public var review: Review

  public init(
    promptTokens: Int,
    splitsPrompts: Bool,
    decodesBesidePrompts: Bool,
    review: Review = .never
  ) {
    self.promptTokens = promptTokens
    self.splitsPrompts = splitsPrompts
    self.decodesBesidePrompts = decodesBesidePrompts
    self.review = review
  }
}

/// Decides whether a request may reserve decode memory; asked only when it fits.
public protocol DecodeAdmit: Policy {
  /// Not asked for an instance whose memory is empty: there a request that fits is admitted.
  mutating func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision

  /// Whether the answer is `admit` throughout. Read once, before the run: where true, `admit` is never
  /// called, so a policy with state of its own leaves the default, false.
  var admitsAll: Bool { get }
}

extension DecodeAdmit {
  public var admitsAll: Bool { false }
}

public enum DecodeAdmitDecision: Sendable, Equatable {
  case admit
  case wait(review: Review)
  /// Give the request up, late; the reason stands in the results.
  case reject(reason: String)
}

/// Picks whom to preempt when running requests no longer fit.
public protocol Preempt: Policy {
  /// - Parameter instance: Its `residents` are the possible victims, at least one: the requests
  ///   that are decoding or partly prefilled.
  /// - Returns: Whom to preempt, and how it is to get its KV back.
  mutating func preempt(_ instance: MemoryView) -> PreemptDecision
}

public struct PreemptDecision: Sendable, Equatable {
  /// A position in the `residents` of the view.
  public var victim: Int
  public var restore: Restore

  /// How a preempted request gets its KV back.
  public enum Restore: Sendable, Equatable {
    /// It is computed again.
    case recompute
    /// It is moved to host memory and back. Recomputed instead where the instance has no host link,
    /// its host memory is full, or the victim is partly prefilled.
    case swap
  }

  public init(victim: Int, restore: Restore = .recompute) {
    self.victim = victim
    self.restore = restore
  }
}

/// Shares the network between hand-offs.
public protocol OrderTransfers: Policy {
  var discipline: LinkDiscipline { get }
}

public enum LinkDiscipline: Sendable, Equatable {
  /// A NIC serves one transfer at a time, in the order in which they joined.
  case firstComeFirstServed
  /// All transfers of a NIC share it; rates are max-min fair.
  case maxMinFair
}

/// Ranks the idle blocks of prefix caches for eviction.
public protocol Evict: Policy {
  /// The eviction of one instance's cache.
  ///
  /// - Parameter context: What the rule may need to know about that instance.
  /// - Returns: Its own copy.
  func makeEviction(_ context: EvictionContext) -> any Eviction

  /// Whether anything is cached at all.
  var keepsBlocks: Bool { get }

  /// Whether blocks that nobody uses take no memory: a bound.
  var isUnbounded: Bool { get }

  /// Whether the order of eviction changes with time alone. Then the engine visits every boundary at
  /// which growth evicts something.
  var dependsOnTime: Bool { get }
}

extension Evict {
  public var keepsBlocks: Bool { true }
  public var isUnbounded: Bool { false }
  public var dependsOnTime: Bool { false }
}

/// Decides what becomes of a session's KV while its next turn is awaited: the tool is running, or a
/// human is thinking.
///
/// Asked when a request completes that others wait for, about the instance that computed its prompt.
public protocol Retain: Policy {
  mutating func retain(_ turn: RetentionView) -> Retention

  /// Whether the answer always is `release`, so that nobody has to ask.
  var keepsNothing: Bool { get }

  /// A turn arrived so long after the last of those it waited for had completed, in nanoseconds.
  ///
  /// - Parameters:
  ///   - gap: In nanoseconds, at least 0.
  ///   - tool: What `RetentionView.tool` said of the gap.
  mutating func observe(gap: SimTime, tool: Int32)

  /// A request started its first chunk after so long a wait since its arrival, in nanoseconds.
  mutating func observe(wait: SimTime)
}

extension Retain {
  public var keepsNothing: Bool { false }
  public mutating func observe(gap: SimTime, tool: Int32) {}
  public mutating func observe(wait: SimTime) {}
}

public enum Retention: Sendable, Equatable {
  /// What only this session used is moved to the tiers below the instance's memory at once; where
  /// there are none it is evicted.
  case swap
  /// The blocks stay as long as nobody needs their memory.
  case release
  /// What only this session used is evicted at once.
  case discard
  /// They are pinned until the turns that wait have started, at most for so many nanoseconds after
  /// the completion; `SimTime.never` is without a limit.
  case hold(SimTime)
}

/// Decides what goes to the tiers below an instance's memory, and when it comes back.
public protocol TierBlocks: Policy {
  /// When blocks are written to the tiers.
  var write: TierWrite { get }

  /// Whether a prompt begins to load as soon as it is routed, if it finds memory.
  var prefetches: Bool { get }
}

/// Decides whether the KV that decoding added is sent to where the next prompt can find it.
///
/// Asked in a fleet that hands off, when a request completes that others wait for and that lacks
/// blocks where its prompt was computed.
public protocol WriteBack: Policy {
  mutating func writeBack(_ turn: RetentionView) -> WriteBackDecision

  /// Whether the answer always is `stays`, so that nobody has to ask.
  var keepsNothing: Bool { get }

  /// Whether the answer may be `store`, which a fleet without a shared tier can only drop.
  var usesStore: Bool { get }
}

extension WriteBack {
  public var keepsNothing: Bool { false }
  public var usesStore: Bool { false }
}

public enum WriteBackDecision: Sendable, Equatable {
  /// It stays where it was decoded.
  case stays
  /// It goes to the instance that computed the prompt, if that has memory for it.
  case prefill
  /// It goes to the fastest tier that the instances of that one's pool share, if there is one.
  case store
}
