import Simulation
import Workload

/// All that is accumulated over the requests of one class, or over all of them.
public struct RequestMetrics: Sendable {
  public internal(set) var offered: Int64 = 0
  public internal(set) var completed: Int64 = 0
  public internal(set) var rejected: Int64 = 0
  public internal(set) var failed: Int64 = 0
  public internal(set) var cancelled: Int64 = 0
  public internal(set) var unfinished: Int64 = 0
  /// Tokens that came out, those of requests that did not complete included.
  public internal(set) var outputTokens: Int64 = 0
  public internal(set) var preemptions: Int64 = 0
  /// Preemptions that moved KV to host memory.
  public internal(set) var swaps: Int64 = 0
  /// Requests that the gateway held for some time.
  public internal(set) var held: Int64 = 0
  /// Requests whose KV was handed off layer by layer, and those that fell back to handing it off
  /// after their prompt was computed.
  public internal(set) var layerWiseHandOffs: Int64 = 0
  public internal(set) var fallenBackHandOffs: Int64 = 0
  /// Completed requests that met every SLO they have.
  public internal(set) var good: Int64 = 0
  public internal(set) var ttftAttainment = Attainment()
  public internal(set) var tpotAttainment = Attainment()
  /// Of requests that have both SLOs.
  public internal(set) var jointAttainment = Attainment()
  /// Arrival to first token, of every request that got one.
  public internal(set) var ttft = LatencyDistribution()
  /// (finish − first token) ÷ (output tokens − 1), rounded up, of completed requests with more than
  /// one output token.
  public internal(set) var tpot = LatencyDistribution()
  /// Between consecutive tokens of a request.
  public internal(set) var itl = LatencyDistribution()
  /// Arrival to finish, of completed requests.
  public internal(set) var e2e = LatencyDistribution()
  public internal(set) var stages = StageSums()
  public internal(set) var prefixHits = PrefixHits()

  public init() {}

  /// Counts one request.
  ///
  /// - Returns: How it did against its SLOs.
  @discardableResult
  mutating func add(
    _ record: borrowing RequestRecord,
    objective classObjective: ServiceObjective
  ) -> Judgement {
    count(record.outcome)
    outputTokens += Int64(record.emittedTokens)
    preemptions += Int64(record.preemptions)
    swaps += Int64(record.swaps)
    if record.stages.gateway > 0 { held += 1 }
    if record.handoff == .layerWise { layerWiseHandOffs += 1 }
    if record.handoff == .fellBack { fallenBackHandOffs += 1 }
    prefixHits.add(record)
    let ttft = record.firstToken - record.arrival
    if record.firstToken >= 0 { self.ttft.record(ttft) }
    var tpot: SimTime = 0
    if record.outcome == .completed {
      e2e.record(record.finish - record.arrival)
      stages.add(record.stages)
      if record.outputTokens > 1 {
        tpot = Self.timePerToken(record)
        self.tpot.record(tpot)
      }
    }
    let objective = classObjective.overridden(by: record)
    let judgement = Judgement(record, objective: objective, ttft: ttft, tpot: tpot)
    judge(judgement, objective)
    if record.outcome == .completed, judgement.metAll(objective) { good += 1 }
    return judgement
  }

  /// (finish − first token) ÷ (output tokens − 1), rounded up, so that the value is within a target
  /// exactly if the fraction is.
  static func timePerToken(_ record: borrowing RequestRecord) -> SimTime {
    let gaps = Int64(record.outputTokens) - 1
    return (record.finish - record.firstToken + gaps - 1) / gaps
  }

  private mutating func judge(_ judgement: Judgement, _ objective: ServiceObjective) {
    guard judgement.counts else { return }
    if objective.ttft > 0 {
      ttftAttainment.counted += 1
      if judgement.metTTFT { ttftAttainment.met += 1 }
    }
    if objective.tpot > 0 {
      tpotAttainment.counted += 1
      if judgement.metTPOT { tpotAttainment.met += 1 }
    }
    if objective.ttft > 0, objective.tpot > 0 {
      jointAttainment.counted += 1
      if judgement.metTTFT, judgement.metTPOT { jointAttainment.met += 1 }
    }
  }

  private mutating func count(_ outcome: Outcome) {
    offered += 1
    switch outcome {
    case .completed: completed += 1
    case .rejected: rejected += 1
    case .failed: failed += 1
    case .cancelled: cancelled += 1
    case .unfinished: unfinished += 1
    }
  }

  mutating func merge(_ other: RequestMetrics) {
    offered += other.offered
    completed += other.completed
    rejected += other.rejected
    failed += other.failed
    cancelled += other.cancelled
    unfinished += other.unfinished
    outputTokens += other.outputTokens
    preemptions += other.preemptions
    swaps += other.swaps
    held += other.held
    layerWiseHandOffs += other.layerWiseHandOffs
    fallenBackHandOffs += other.fallenBackHandOffs
    good += other.good
    ttftAttainment.merge(other.ttftAttainment)
    tpotAttainment.merge(other.tpotAttainment)
    jointAttainment.merge(other.jointAttainment)
    ttft.merge(other.ttft)
    tpot.merge(other.tpot)
    itl.merge(other.itl)
    e2e.merge(other.e2e)
    stages.merge(other.stages)
    prefixHits.merge(other.prefixHits)
  }

  /// Whether a request was counted, or a token of one that was not.
  var hasContent: Bool { offered > 0 || itl.count > 0 }

  func absorb(into hash: inout SummaryHash) {
    for counter in [
      offered, completed, rejected, failed, cancelled, unfinished, outputTokens, preemptions, good,
      ttftAttainment.met, ttftAttainment.counted, tpotAttainment.met, tpotAttainment.counted,
      jointAttainment.met, jointAttainment.counted,
    ] {
      hash.absorb(counter)
    }
    for stage in stages.named { hash.absorb(stage.sum) }
    for distribution in [ttft, tpot, itl, e2e] { distribution.absorb(into: &hash) }
    prefixHits.absorb(into: &hash)
    let counters = [swaps, held, layerWiseHandOffs, fallenBackHandOffs]
    // Runs that can have none of these keep the digest that they had before there were any.
    guard counters.contains(where: { $0 > 0 }) else { return }
    hash.absorb("hand-offs, swaps and held requests")
    for counter in counters { hash.absorb(counter) }
  }
}
