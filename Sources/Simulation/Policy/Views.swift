public import Hardware
public import Workload

/// What a policy may know about a request: everything but its future.
public struct RequestView: Sendable {
  /// Row number in the source.
  public var record: Int64
  public var arrival: SimTime
  /// When it entered the queue that is being ordered.
  public var queuedAt: SimTime
  public var promptTokens: Int
  /// Tokens whose KV has to be computed before it can decode: the prompt, or the whole context of
  /// a preempted request.
  public var contextTokens: Int
  /// Output tokens emitted so far.
  public var emittedTokens: Int
  /// The client's limit on output tokens; 0 where unknown.
  public var maxOutputTokens: Int
  public var requestClass: UInt16
  public var tenant: UInt16
  public var priority: Int32
  /// Its own SLOs, in nanoseconds; 0 where it brings none.
  public var ttftSLO: SimTime
  public var tpotSLO: SimTime
  /// Its session; −1 where it is in none.
  public var session: Int32 = -1
  /// When the first request of its session arrived; its own arrival where it is in none.
  public var sessionStart: SimTime = 0
  /// How long requests of its session that have left were computed and decoded, in nanoseconds.
  /// Needs `Signals.sessions`.
  public var sessionService: SimTime = 0
  /// In a route: the position of the instance that the session's latest routed request was sent to;
  /// −1 where there is none, or it is not among the candidates. Needs `Signals.sessions`.
  public var home = -1
  /// The run's seed.
  public var seed: UInt64

  public init(
    record: Int64,
    arrival: SimTime,
    queuedAt: SimTime,
    promptTokens: Int,
    contextTokens: Int,
    emittedTokens: Int,
    maxOutputTokens: Int,
    requestClass: UInt16,
    tenant: UInt16,
    priority: Int32,
    ttftSLO: SimTime = 0,
    tpotSLO: SimTime = 0,
    seed: UInt64
  ) {
    self.record = record
    self.arrival = arrival
    self.queuedAt = queuedAt
    self.promptTokens = promptTokens
    self.contextTokens = contextTokens
    self.emittedTokens = emittedTokens
    self.maxOutputTokens = maxOutputTokens
    self.requestClass = requestClass
    self.tenant = tenant
    self.priority = priority
    self.ttftSLO = ttftSLO
    self.tpotSLO = tpotSLO
    self.seed = seed
  }

  /// A random number that depends only on the seed, the hook, the request and `draw`, never on
  /// how often or in which order policies are asked.
  public func random(_ hook: Hook, draw: UInt64 = 0) -> UInt64 {
    var x = seed &+ 0x9E37_79B9_7F4A_7C15
    for word in [UInt64(hook.rawValue), UInt64(bitPattern: record), draw] {
      x = SplitMix64.mix(x ^ SplitMix64.mix(word &+ 0x9E37_79B9_7F4A_7C15))
    }
    return x
  }
}

/// The published gauges of the instances a request may be routed to, one column per gauge.
///
/// Positions run from 0 to `count − 1`; a route returns one of them.
public struct PoolView: ~Copyable {
  public var now: SimTime = 0
  public var count: Int = 0
  /// Requests that the gateway holds ahead of the one asked about: all held ones at an arrival, none
  /// when the head of the gateway queue is asked about again.
  public var heldAhead: Int = 0
  /// Whether the run has a view lag, without which the `sent` columns are 0.
  public var isLagged = false
  /// Requests in the instance's queue whose first chunk has not started.
  public var queuedRequests = Column<Int>()
  /// Prompt tokens not yet computed: of queued requests, and what is left of started prompts.
  public var queuedTokens = Column<Int>()
  /// Requests that are decoding, or partly prefilled.
  public var runningRequests = Column<Int>()
  /// Requests that a decode instance was chosen for and that are not in its batch yet: before or in
  /// prefill, waiting for its memory, in transfer, or landed.
  public var inboundRequests = Column<Int>()
  /// KV that those without memory there will need, in units of the instance's `KVShape`.
  public var inboundUnits = Column<Int64>()
  /// KV held or reserved, in units. Needs `Signals.kv`.
  public var kvUnits = Column<Int64>()
  /// KV capacity, in units.
  public var kvCapacityUnits = Column<Int64>()
  /// Whether all capacities are known to be equal, so that shares compare as what is held does.
  public internal(set) var isOfOneCapacity = false
  /// What the router itself has sent to the instance since it last published, and which the other
  /// columns therefore lack: requests, their context tokens, and the KV of those in units. Always
  /// fresh; 0 in a run without a view lag, where an instance publishes what it receives at once.
  public var sentRequests = Column<Int>()
  public var sentTokens = Column<Int>()
  public var sentUnits = Column<Int64>()
  /// Tokens of the request's context that the instance has cached now. Needs `Signals.hits`, in
  /// `routePrefill`.
  public var hitTokens = Column<Int>()

  public init() {}
}

/// An instance as its own scheduler sees it when it forms a batch; exact, not published.
public struct BatchView: Sendable {
  public var now: SimTime
  public var role: Role
  /// Requests that wait for their first chunk, those to be recomputed included.
  public var queuedRequests: Int
  /// Tokens those have to compute.
  public var queuedTokens: Int
  /// When the longest-waiting of them entered the queue; `now` if there is none. Needs
  /// `Signals.oldestQueued`.
  public var oldestQueuedAt: SimTime
  /// Prompts that are partly computed.
  public var partialRequests: Int
  /// Requests that are decoding.
  public var runningRequests: Int
  /// Steps finished since the last one that computed prompt tokens; since the start if none did.
  public var stepsSincePrefill: Int

  public init(
    now: SimTime,
    role: Role,
    queuedRequests: Int,
    queuedTokens: Int,
    oldestQueuedAt: SimTime,
    partialRequests: Int,
    runningRequests: Int,
    stepsSincePrefill: Int
  ) {
    self.now = now
    self.role = role
    self.queuedRequests = queuedRequests
    self.queuedTokens = queuedTokens
    self.oldestQueuedAt = oldestQueuedAt
    self.partialRequests = partialRequests
    self.runningRequests = runningRequests
    self.stepsSincePrefill = stepsSincePrefill
  }
}

/// A request that holds memory on an instance.
public struct Resident: Sendable, Equatable {
  public var record: Int64
  /// When its memory was reserved.
  public var admittedAt: SimTime
  /// Tokens it holds KV for (a partly prefilled request holds its whole context).
  public var contextTokens: Int
  public var emittedTokens: Int
  public var maxOutputTokens: Int
  public var priority: Int32
  /// Whether it emits a token at each boundary, rather than being in transfer or partly prefilled.
  public var isDecoding: Bool
  /// How long computing its context again would occupy an idle instance, in nanoseconds: this one,
  /// or one of the first prefill pool where the fleet recomputes there. Needs `Signals.restoreTimes`.
  public var recomputeTime: SimTime
  /// How long moving its KV to the host and back would occupy an idle host link, in nanoseconds;
  /// `SimTime.never` where it cannot be swapped. Needs `Signals.restoreTimes`.
  public var swapTime: SimTime

  public init(
    record: Int64,
    admittedAt: SimTime,
    contextTokens: Int,
    emittedTokens: Int,
    maxOutputTokens: Int,
    priority: Int32,
    isDecoding: Bool,
    recomputeTime: SimTime = 0,
    swapTime: SimTime = .never
  ) {
    self.record = record
    self.admittedAt = admittedAt
    self.contextTokens = contextTokens
    self.emittedTokens = emittedTokens
    self.maxOutputTokens = maxOutputTokens
    self.priority = priority
    self.isDecoding = isDecoding
    self.recomputeTime = recomputeTime
    self.swapTime = swapTime
  }
}

/// An instance's memory as its own scheduler sees it; exact, as of its last boundary.
public struct MemoryView: Sendable {
  public var now: SimTime
  public var kv: KVShape
  public var capacityUnits: Int64
  /// Held or reserved.
  public var usedUnits: Int64
  /// Requests that hold or have reserved memory.
  public var residentCount: Int
  /// How long a decode step of all of them and the request asked about would take, in nanoseconds.
  /// Needs `Signals.stepTime`, in `decodeAdmit`.
  public var stepTimeIfAdmitted: SimTime
  /// They, sorted by (`admittedAt`, `record`). Needs `Signals.residents` in `decodeAdmit`; `preempt`
  /// always gets the possible victims here.
  public var residents: ContiguousArray<Resident>

  public init(
    now: SimTime,
    kv: KVShape,
    capacityUnits: Int64,
    usedUnits: Int64,
    residentCount: Int,
    stepTimeIfAdmitted: SimTime = 0,
    residents: ContiguousArray<Resident>
  ) {
    self.now = now
    self.kv = kv
    self.capacityUnits = capacityUnits
    self.usedUnits = usedUnits
    self.residentCount = residentCount
    self.stepTimeIfAdmitted = stepTimeIfAdmitted
    self.residents = residents
  }
}

/// A request that has completed while others wait for it, as the policies see it that decide what
/// becomes of its KV.
public struct RetentionView: Sendable {
  public var now: SimTime
  public var record: Int64
  public var session: Int32
  public var requestClass: UInt16
  /// Index of the tool that the first of those that wait answers to, as the trace names it; −1 for
  /// none, −2 where a human is waited for.
  public var tool: Int32
  /// Tokens of prompt and output.
  public var contextTokens: Int
  /// Tokens of it that are cached where its prompt was computed.
  public var cachedTokens: Int
  /// How long computing them again would occupy that instance, idle, in nanoseconds.
  public var recomputeTime: SimTime
  /// Units that holding them takes there, the instance's capacity, and what is used of it.
  public var heldUnits: Int64
  public var capacityUnits: Int64
  public var usedUnits: Int64

  public init(
    now: SimTime,
    record: Int64,
    session: Int32,
    requestClass: UInt16,
    tool: Int32,
    contextTokens: Int,
    cachedTokens: Int,
    recomputeTime: SimTime,
    heldUnits: Int64,
    capacityUnits: Int64,
    usedUnits: Int64
  ) {
    self.now = now
    self.record = record
    self.session = session
    self.requestClass = requestClass
    self.tool = tool
    self.contextTokens = contextTokens
    self.cachedTokens = cachedTokens
    self.recomputeTime = recomputeTime
    self.heldUnits = heldUnits
    self.capacityUnits = capacityUnits
    self.usedUnits = usedUnits
  }
}
