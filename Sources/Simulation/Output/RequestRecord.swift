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
  /// Start of the step with the first chunk.
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

  public init(
    session: Int32,
    start: SimTime,
    finish: SimTime,
    requests: Int32,
    offered: Int32,
    completed: Int32,
    outcome: Outcome
  ) {
    self.session = session
    self.start = start
    self.finish = finish
    self.requests = requests
    self.offered = offered
    self.completed = completed
    self.outcome = outcome
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
