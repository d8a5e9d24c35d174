public import Hardware
public import Simulation
import Workload

/// All that happened to one request, for a reader who looks at it closely.
public struct RequestLife: Sendable {
  public let record: RequestRecord
  public let events: [LifeEvent]
  /// Empty where the trace names no class.
  public let className: String
  /// Why it was rejected or failed; empty otherwise.
  public let reason: String
  /// Its own targets, or those of its class.
  public let objective: ServiceObjective
  /// What tables call the instances, by number.
  let instanceNames: [String]

  /// - Parameters:
  ///   - record: The request as it left the engine.
  ///   - className: The name of its class, or empty.
  ///   - result: The run, with the request's life in it.
  ///   - objectives: The SLOs that hold where the request brings none.
  ///   - fleet: The hardware, for the names of instances.
  public init(
    record: RequestRecord,
    className: String,
    result: RunResult,
    objectives: ServiceObjectives,
    fleet: Fleet
  ) {
    self.record = record
    self.className = className
    events = result.life
    reason = Int(record.reason) < result.reasons.count ? result.reasons[Int(record.reason)] : ""
    objective = objectives.objective(forClass: className).overridden(by: record)
    instanceNames = fleet.pools.flatMap { pool in
      (0..<pool.count).map { "\(pool.name) \($0)" }
    }
  }

  /// One of the request's latencies, with how it did against its target.
  struct Latency {
    /// In nanoseconds; nil where the request did not get that far.
    var value: SimTime?
    /// In nanoseconds; 0 where there is none.
    var target: SimTime
    var verdict: Verdict
  }

  enum Verdict: String {
    case met, missed
    /// Unfinished, and the target could still be met.
    case open
    case none
  }

  var ttft: Latency {
    latency(
      record.firstToken >= 0 ? record.firstToken - record.arrival : nil,
      target: objective.ttft
    ) { $0.metTTFT }
  }

  /// Nil for a one-token output, which meets any target.
  var tpot: Latency {
    let isKnown = record.outcome == .completed && record.outputTokens > 1
    return latency(
      isKnown ? RequestMetrics.timePerToken(record) : nil,
      target: objective.tpot
    ) { $0.metTPOT }
  }

  /// Arrival to finish, in nanoseconds; nil unless it completed.
  var e2e: SimTime? { record.outcome == .completed ? record.finish - record.arrival : nil }

  private func latency(
    _ value: SimTime?,
    target: SimTime,
    isMet: (Judgement) -> Bool
  ) -> Latency {
    let judgement = Judgement(
      record,
      objective: objective,
      ttft: record.firstToken - record.arrival,
      tpot: record.outputTokens > 1 ? RequestMetrics.timePerToken(record) : 0
    )
    let verdict: Verdict =
      target == 0 ? .none : !judgement.counts ? .open : isMet(judgement) ? .met : .missed
    return Latency(value: value, target: target, verdict: verdict)
  }

  /// The stages that sum to the time from arrival to finish.
  var stages: [(name: String, sum: Int128)] {
    var sums = StageSums()
    sums.add(record.stages)
    return sums.named
  }

  func instanceName(_ index: Int32) -> String? {
    instanceNames.indices.contains(Int(index)) ? instanceNames[Int(index)] : nil
  }
}

extension LifeEvent {
  /// What happened, as a phrase whose subject is the request.
  var phrase: String {
    switch kind {
    case .arrived: "arrives"
    case .held: "is held at the gateway"
    case .admitted: "is admitted"
    case .routedToPrefill: "is sent to compute its prompt"
    case .routedToDecode: "is given a decode instance"
    case .chunkStarted: "starts to compute a chunk"
    case .chunkEnded: "has computed a chunk"
    case .loadStarted: "starts to load blocks from a tier"
    case .loadEnded: "has loaded them"
    case .firstToken: "emits its first token"
    case .reserved: "has decode memory reserved"
    case .waits: "waits for decode memory"
    case .fellBackToBlocking: "falls back to a blocking hand-off"
    case .transferStarted: "starts to send its KV"
    case .transferEnded: "has sent its KV"
    case .joinedBatch: "joins the decode batch"
    case .preempted: "is preempted"
    case .swappedOut: "has its KV moved to host memory"
    case .swapInStarted: "starts to get its KV back"
    case .swapInEnded: "has its KV back"
    case .completed: "is complete"
    case .rejected: "is rejected"
    case .failed: "fails"
    case .cancelled: "is cancelled"
    case .unfinished: "is not finished at the end of the run"
    }
  }

  /// What `amount` counts; nil where it says nothing.
  var unit: String? {
    switch kind {
    case .chunkStarted, .chunkEnded, .loadStarted, .loadEnded, .preempted: "tokens"
    case .transferStarted, .transferEnded, .swappedOut, .swapInStarted, .swapInEnded: "bytes"
    default: nil
    }
  }
}
