import Hardware
import Simulation
import Workload

/// The laws that every run keeps, each as a search for what breaks it.
enum EngineLaws {
  /// What the twin makes of a case.
  static func expectation(of test: Case) -> TwinResult {
    NaiveTwin.replay(
      rows: test.rows,
      blockTokens: test.blockTokens,
      fleet: test.fleet,
      policies: test.policies,
      options: test.options
    )
  }

  /// Law 3: fast-forward, stepping and the twin agree on everything that they report.
  static func disagreement(in test: Case, with twin: TwinResult) throws(TraceError) -> String? {
    let fast = try LawRun(test, mode: .fast)
    if let broken = imbalance(of: fast, in: test) { return broken }
    if let broken = SessionLaws.violation(in: fast, of: test) { return broken }
    let stepping = try LawRun(test, mode: .stepping)
    if let difference = difference(fast, stepping) { return "fast and stepping: \(difference)" }
    if let difference = difference(stepping, twin) {
      return "stepping and twin: \(difference)"
    }
    if fast.result.load != stepping.result.load { return "load series" }
    if fast.result.stepsAtBatch != stepping.result.stepsAtBatch { return "steps by batch" }
    let steps = stepping.result.instances.reduce(0) { $0 + $1.steps }
    let visited = stepping.result.instances.reduce(0) { $0 + $1.boundaries }
    return steps == visited ? nil : "stepping visited \(visited) of \(steps) boundaries"
  }

  /// The first difference between a run of the engine and the twin, or nil.
  private static func difference(_ run: LawRun, _ twin: TwinResult) -> String? {
    if let difference = difference(run.records, twin.records) { return difference }
    for (index, totals) in run.result.instances.enumerated() {
      let (engine, plain) = (TwinTotals(totals), twin.totals[index])
      if engine != plain { return "instance \(index): \(engine)\n\(plain)" }
    }
    if run.result.notDue != twin.notDue { return "\(run.result.notDue), \(twin.notDue) not due" }
    // A row of no session is one by itself; only those of the trace have a number to compare.
    let named = run.sessions.filter { $0.session >= 0 }
    return named == twin.sessions ? nil : "sessions: \(named)\n\(twin.sessions)"
  }

  /// The first difference between two runs of the engine, or nil.
  static func difference(_ a: LawRun, _ b: LawRun) -> String? {
    if let difference = difference(a.records, b.records) { return difference }
    for (index, (first, second)) in zip(a.result.instances, b.result.instances).enumerated() {
      var second = second
      second.boundaries = first.boundaries
      if first != second { return "instance \(index): \(first)\n\(second)" }
    }
    if a.result.resultDigest != b.result.resultDigest { return "digest" }
    if a.result.notDue != b.result.notDue { return "requests that were not due" }
    if a.sessions != b.sessions { return "sessions: \(a.sessions)\n\(b.sessions)" }
    return a.intervals == b.intervals ? nil : "inter-token latencies"
  }

  /// The first difference between two sets of records, or nil.
  static func difference(_ a: [RequestRecord], _ b: [RequestRecord]) -> String? {
    for (first, second) in zip(a, b) where first != second { return "\(first)\n\(second)" }
    return a.count == b.count ? nil : "\(a.count) and \(b.count) records"
  }
}
