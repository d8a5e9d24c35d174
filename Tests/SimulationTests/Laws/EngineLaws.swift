import Hardware
import Simulation
import Workload

/// The laws that every run keeps, each as a search for what breaks it.
enum EngineLaws {
  /// What the twin makes of a case.
  struct Expectation: Sendable {
    let records: [RequestRecord]
    let census: TwinCensus

    init(_ test: Case) {
      (records, census) = NaiveTwin.runCounting(
        rows: test.rows,
        fleet: test.fleet,
        policies: test.policies,
        options: test.options
      )
    }
  }

  /// Law 3: fast-forward, stepping and the twin agree on everything that they report.
  static func disagreement(
    in test: Case,
    with twin: Expectation
  ) throws(TraceError) -> String? {
    let fast = try LawRun(test, mode: .fast)
    if let broken = imbalance(of: fast, in: test) { return broken }
    let stepping = try LawRun(test, mode: .stepping)
    if let difference = difference(fast, stepping) { return "fast and stepping: \(difference)" }
    if let difference = difference(stepping.records, twin.records) {
      return "stepping and twin: \(difference)"
    }
    if fast.result.load != stepping.result.load { return "load series" }
    if fast.result.stepsAtBatch != stepping.result.stepsAtBatch { return "steps by batch" }
    let steps = stepping.result.instances.reduce(0) { $0 + $1.steps }
    let visited = stepping.result.instances.reduce(0) { $0 + $1.boundaries }
    return steps == visited ? nil : "stepping visited \(visited) of \(steps) boundaries"
  }

  /// The first difference between two runs of the engine, or nil.
  static func difference(_ a: LawRun, _ b: LawRun) -> String? {
    if let difference = difference(a.records, b.records) { return difference }
    if a.result.resultDigest != b.result.resultDigest { return "digest" }
    return a.intervals == b.intervals ? nil : "inter-token latencies"
  }

  /// The first difference between two sets of records, or nil.
  static func difference(_ a: [RequestRecord], _ b: [RequestRecord]) -> String? {
    guard a.count == b.count else { return "\(a.count) and \(b.count) records" }
    for (first, second) in zip(a, b) where first != second { return "\(first)\n\(second)" }
    return nil
  }

  /// Laws 1, 2 and 5: requests, time and memory are conserved, and nothing precedes its cause.
  static func imbalance(of run: LawRun, in test: Case) -> String? {
    let result = run.result
    if result.offered != Int64(run.records.count) { return "offered is not the records" }
    if result.outcomes.reduce(0, +) != result.offered { return "offered is not the outcomes" }
    let kinds = test.fleet.pools.flatMap { Array(repeating: $0.kind, count: $0.count) }
    for (totals, kind) in zip(result.instances, kinds) {
      if totals.peakUnits > kind.kvCapacityUnits { return "more KV than there is: \(totals)" }
    }
    for record in run.records {
      if let broken = wrongOutcome(record, in: test) ?? wrongOrder(record) {
        return "\(broken): \(record)"
      }
    }
    return nil
  }

  private static func wrongOutcome(_ record: RequestRecord, in test: Case) -> String? {
    if record.stages.total != record.finish - record.arrival { return "stages leave time over" }
    switch record.outcome {
    case .completed:
      return record.emittedTokens == record.outputTokens ? nil : "completed with tokens missing"
    case .rejected:
      let isRight = record.emittedTokens == 0 && record.reason > 0
      return isRight ? nil : "rejected without a reason"
    case .failed: return record.reason == 2 ? nil : "failed for no reason"
    case .cancelled: return "cancelled, by nobody"
    case .unfinished:
      return test.options.horizon != .never ? nil : "unfinished without a horizon"
    }
  }

  private static func wrongOrder(_ record: RequestRecord) -> String? {
    let times = [
      record.arrival, record.prefillStart, record.prefillEnd, record.transferEnd,
      record.decodeStart, record.finish,
    ]
    let passed = times.filter { $0 >= 0 }
    guard passed == passed.sorted() else { return "stages out of order" }
    guard record.firstToken >= 0 else { return nil }
    let isWithin = record.prefillEnd...record.finish ~= record.firstToken
    return isWithin ? nil : "first token out of order"
  }
}
