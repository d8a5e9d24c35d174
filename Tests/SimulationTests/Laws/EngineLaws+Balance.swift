import Hardware
import Simulation
import Workload

/// Laws 1, 2 and 5: requests, time and memory are conserved, and nothing precedes its cause.
extension EngineLaws {
  /// What a run has lost or made up, or nil.
  static func imbalance(of run: LawRun, in test: Case) -> String? {
    let result = run.result
    if result.offered != Int64(run.records.count) { return "offered is not the records" }
    if result.outcomes.reduce(0, +) != result.offered { return "offered is not the outcomes" }
    let kinds = test.fleet.pools.flatMap { Array(repeating: $0.kind, count: $0.count) }
    for (totals, kind) in zip(result.instances, kinds) {
      if totals.peakUnits > kind.kvCapacityUnits { return "more KV than there is: \(totals)" }
      if totals.bytesSwappedIn > totals.bytesSwappedOut {
        return "more KV back than out: \(totals)"
      }
    }
    for record in run.records {
      if let broken = wrongOutcome(record, in: test) ?? wrongOrder(record) {
        return "\(broken): \(record)"
      }
    }
    return wrongTotals(of: run, in: test.fleet)
  }

  /// What records and instances say of the same thing is the same.
  private static func wrongTotals(of run: LawRun, in fleet: Fleet) -> String? {
    let (records, instances) = (run.records, run.result.instances)
    let emitted = records.reduce(0) { $0 + Int64($1.emittedTokens) }
    if run.result.outputTokens != emitted { return "tokens of the run and of its requests" }
    let hits = records.reduce(0) { $0 + Int64(max(0, $1.hitTokens)) }
    if instances.reduce(0, { $0 + $1.hitTokens }) < hits { return "hits" }
    let preemptions = records.reduce(0) { $0 + Int64($1.preemptions) }
    if instances.reduce(0, { $0 + $1.preemptions }) != preemptions { return "preemptions" }
    if records.contains(where: { $0.swaps > $0.preemptions }) { return "swaps" }
    // What is on its way at the horizon is sent and not received.
    guard run.result.outcome(.unfinished) == 0 else { return nil }
    let bytes = records.reduce(0) { $0 + $1.transferBytes }
    if instances.reduce(0, { $0 + $1.bytesSent }) != bytes { return "bytes sent" }
    if instances.reduce(0, { $0 + $1.bytesReceived }) != bytes { return "bytes received" }
    let isRejectedSwap = records.contains { $0.outcome == .rejected && $0.swaps > 0 }
    let swapped = instances.allSatisfy { $0.bytesSwappedIn == $0.bytesSwappedOut }
    return swapped || isRejectedSwap ? nil : "KV is left on the host"
  }

  private static func wrongOutcome(_ record: RequestRecord, in test: Case) -> String? {
    if record.stages.total != record.finish - record.arrival { return "stages leave time over" }
    switch record.outcome {
    case .completed:
      return record.emittedTokens == record.outputTokens ? nil : "completed with tokens missing"
    case .rejected:
      let isRight = record.emittedTokens < record.outputTokens && record.reason > 0
      return isRight ? nil : "rejected without a reason"
    case .failed: return record.reason == 2 ? nil : "failed for no reason"
    case .cancelled:
      let isRight = test.options.loop == .closed && record.finish == record.arrival
      return isRight ? nil : "cancelled, by nobody"
    case .unfinished:
      return test.options.horizon != .never ? nil : "unfinished without a horizon"
    }
  }

  private static func wrongOrder(_ record: RequestRecord) -> String? {
    // The last token of a prompt is always computed.
    if record.hitTokens >= record.promptTokens { return "hits all of its prompt" }
    if record.decodeHitTokens > record.promptTokens { return "hits more than its prompt" }
    let times = [
      record.arrival, record.prefillStart, record.prefillEnd, record.transferEnd,
      record.decodeStart, record.finish,
    ]
    let passed = times.filter { $0 >= 0 }
    guard passed == passed.sorted() else { return "stages out of order" }
    if record.sessionStart > record.arrival { return "before its session" }
    guard record.firstToken >= 0 else { return nil }
    let isWithin = record.prefillEnd...record.finish ~= record.firstToken
    return isWithin ? nil : "first token out of order"
  }
}
