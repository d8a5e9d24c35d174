public import Workload

/// What became of an offered request.
public enum Outcome: UInt8, Sendable, CaseIterable {
  case completed, rejected, failed, cancelled, unfinished
}

/// How a request's KV came to its decode instance, the first time.
public enum HandOffKind: UInt8, Sendable, CaseIterable {
  /// It stayed where it was, or the request did not get that far.
  case none
  /// After its prompt was computed.
  case blocking
  /// Layer by layer, while its prompt was computed.
  case layerWise
  /// After its prompt was computed, because decode memory was not to be had when that began.
  case fellBack
}

/// All that happened to one request, as it leaves the engine. Times are visible nanoseconds; −1
/// where the request did not get that far.
public struct RequestRecord: Sendable, Equatable {
  public var record: Int64 = 0
  public var outcome: Outcome = .unfinished
  /// Index into `RunResult.reasons` of a rejection or failure; 0 is none.
  public var reason: UInt8 = 0
  public var requestClass: UInt16 = 0
  public var promptTokens: Int32 = 0
  /// Tokens the request asked for.
  public var outputTokens: Int32 = 0
  /// Tokens it got.
  public var emittedTokens: Int32 = 0
  public var preemptions: Int32 = 0
  /// How many of the preemptions moved its KV to host memory.
  public var swaps: Int32 = 0
  public var handoff = HandOffKind.none
  /// The session's number in the trace; −1 for a request that is in none.
  public var session: Int32 = -1
  /// Arrival of the session's first request; the request's own where it is in none.
  public var sessionStart: SimTime = -1
  /// Where its prompt was computed, the last time if it came back to the prefill pool.
  public var prefillInstance: Int32 = -1
  public var decodeInstance: Int32 = -1
  public var arrival: SimTime = -1
  /// Start of the step with the first chunk, or of the load before it.
  public var prefillStart: SimTime = -1
  /// End of the step with the last chunk.
  public var prefillEnd: SimTime = -1
  /// End of its first hand-off.
  public var transferEnd: SimTime = -1
  /// Start of the first decode step.
  public var decodeStart: SimTime = -1
  public var firstToken: SimTime = -1
  /// Last token, rejection, failure, or the horizon.
  public var finish: SimTime = -1
  /// KV bytes handed off, over all its hand-offs.
  public var transferBytes: Int64 = 0
  /// Tokens of its context that were cached when its first chunk started, and when its decode
  /// instance first reserved memory for it; −1 where it did not get that far.
  public var hitTokens: Int32 = -1
  public var decodeHitTokens: Int32 = -1
  /// Tokens that came from tiers below the memory of the instance that computed its prompt.
  public var loadedTokens: Int32 = 0
  public var ttftSLO: SimTime = 0
  public var tpotSLO: SimTime = 0
  public var stages = Stages()

  public init() {}
}

/// The stages that partition a request's time from arrival to finish, in nanoseconds.
public struct Stages: Sendable, Equatable {
  public var gateway: SimTime = 0
  public var prefillQueue: SimTime = 0
  public var prefill: SimTime = 0
  /// From the prompt's end to the landing of its KV, the wait for decode memory included.
  public var transfer: SimTime = 0
  public var decodeQueue: SimTime = 0
  public var decode: SimTime = 0
  /// From a preemption to the next emitted token.
  public var stall: SimTime = 0

  public init() {}

  public var total: SimTime {
    gateway + prefillQueue + prefill + transfer + decodeQueue + decode + stall
  }
}

/// Inter-token latencies in bulk: `requests` requests of a class whose step `j` of `steps` lasts
/// ⌈first + j × increment⌉ ns, the first of them from `start` on.
public struct TokenIntervals: Sendable, Equatable {
  /// Inner time at which step 0 starts, in units of 2⁻³² ns.
  public var start: Int128
  /// In units of 2⁻³² ns.
  public var first: Int128
  public var increment: Int128
  public var steps: Int32
  public var requests: Int32
  public var requestClass: UInt16

  public init(
    start: Int128,
    first: Int128,
    increment: Int128,
    steps: Int32,
    requests: Int32,
    requestClass: UInt16
  ) {
    self.start = start
    self.first = first
    self.increment = increment
    self.steps = steps
    self.requests = requests
    self.requestClass = requestClass
  }
}

/// What became of one session of a closed-loop run.
public struct SessionRecord: Sendable, Equatable {
  /// The session's number in the trace.
  public var session: Int32
  /// Arrival of its first request, and end of its last; of the run, where some were left.
  public var start: SimTime
  public var finish: SimTime
  /// Requests it has in the trace, how many of them were offered, and how many completed.
  public var requests: Int32
  public var offered: Int32
  public var completed: Int32
  /// `completed` if all its requests were; `unfinished` if the run ended before one of them did, or
  /// was due; otherwise `failed` if one of them failed, else `rejected`.
  public var outcome: Outcome
  /// What its time went into.
  public var path: SessionPath
  /// Tokens of the prompts of its requests that have left the engine, how many of them were cached,
  /// and what those requests emitted.
  public var promptTokens: Int64
  public var hitTokens: Int64
  public var outputTokens: Int64
  /// ∫ KV that retention policies held for it dt, in bytes × ns, shared blocks in full.
  public var retainedByteTime: Int128

  public init(
    session: Int32,
    start: SimTime,
    finish: SimTime,
    requests: Int32,
    offered: Int32,
    completed: Int32,
    outcome: Outcome,
    path: SessionPath = SessionPath(),
    promptTokens: Int64 = 0,
    hitTokens: Int64 = 0,
    outputTokens: Int64 = 0,
    retainedByteTime: Int128 = 0
  ) {
    self.session = session
    self.start = start
    self.finish = finish
    self.requests = requests
    self.offered = offered
    self.completed = completed
    self.outcome = outcome
    self.path = path
    self.promptTokens = promptTokens
    self.hitTokens = hitTokens
    self.outputTokens = outputTokens
    self.retainedByteTime = retainedByteTime
  }
}

/// What the time of a session went into, along its critical path, in nanoseconds: from its last end
/// back through the stages of that request, the gap before it, the request whose end or dispatch made
/// it due (of several, the last one's), and so on to the start. Of a session that is over they sum to
/// its finish − its start; of one that is unfinished, to the last end of a request, or of the run.
public struct SessionPath: Sendable, Equatable {
  /// Gateway, prefill queue and decode queue.
  public var queue: SimTime = 0
  public var prefill: SimTime = 0
  /// From a prompt's end to the landing of its KV.
  public var transfer: SimTime = 0
  public var decode: SimTime = 0
  /// From preemptions to the next tokens.
  public var stall: SimTime = 0
  /// Gaps in which a tool ran, or a human was thinking.
  public var tool: SimTime = 0
  public var human: SimTime = 0
  /// Gaps of which the trace does not say what they were, and recorded starts of requests that wait
  /// for nothing.
  public var otherGap: SimTime = 0

  public init() {}

  public var total: SimTime {
    queue + prefill + transfer + decode + stall + tool + human + otherGap
  }

  func adding(_ stages: Stages) -> SessionPath {
    var path = self
    path.queue += stages.gateway + stages.prefillQueue + stages.decodeQueue
    path.prefill += stages.prefill
    path.transfer += stages.transfer
    path.decode += stages.decode
    path.stall += stages.stall
    return path
  }

  func adding(_ delay: SimTime, gap: GapKind) -> SessionPath {
    var path = self
    switch gap {
    case .tool: path.tool += delay
    case .human: path.human += delay
    case .none: path.otherGap += delay
    }
    return path
  }
}

/// Takes what leaves the engine, in blocks, in the order of simulated time.
public protocol RecordSink {
  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>)
  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>)
  /// The sessions of a closed-loop run that have ended.
  mutating func receive(sessions: borrowing ContiguousArray<SessionRecord>)
  /// What the reasons of the requests that follow stand for: `RunResult.reasons` so far. Comes before
  /// the first block, and again before a block that uses new ones.
  mutating func receive(reasons: [String])
  /// What the pools did in the intervals that have ended: one sample per interval and pool, by time,
  /// then in the order of the fleet.
  mutating func receive(samples: borrowing ContiguousArray<PoolSample>)
}

extension RecordSink {
  public mutating func receive(samples: borrowing ContiguousArray<PoolSample>) {}
  public mutating func receive(reasons: [String]) {}
  public mutating func receive(sessions: borrowing ContiguousArray<SessionRecord>) {}
}
