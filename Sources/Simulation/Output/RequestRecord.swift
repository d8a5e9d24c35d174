public import Workload

/// What became of an offered request.
public enum Outcome: UInt8, Sendable, CaseIterable {
  case completed, rejected, failed, cancelled, unfinished
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
  public var prefillInstance: Int32 = -1
  public var decodeInstance: Int32 = -1
  public var arrival: SimTime = -1
  /// Start of the step with the first chunk.
  public var prefillStart: SimTime = -1
  /// End of the step with the last chunk.
  public var prefillEnd: SimTime = -1
  public var transferEnd: SimTime = -1
  /// Start of the first decode step.
  public var decodeStart: SimTime = -1
  public var firstToken: SimTime = -1
  /// Last token, rejection, failure, or the horizon.
  public var finish: SimTime = -1
  /// KV bytes handed off.
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
/// ⌈first + j × increment⌉ ns.
public struct TokenIntervals: Sendable, Equatable {
  /// In units of 2⁻³² ns.
  public var first: Int128
  public var increment: Int128
  public var steps: Int32
  public var requests: Int32
  public var requestClass: UInt16

  public init(first: Int128, increment: Int128, steps: Int32, requests: Int32, requestClass: UInt16)
  {
    self.first = first
    self.increment = increment
    self.steps = steps
    self.requests = requests
    self.requestClass = requestClass
  }
}

/// Takes what leaves the engine, in blocks, in the order of simulated time.
public protocol RecordSink {
  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>)
  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>)
}
