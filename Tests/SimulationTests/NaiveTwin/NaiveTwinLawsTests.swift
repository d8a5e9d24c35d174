import Hardware
import Simulation
import Testing
import Workload

/// What any run has to keep, whatever the policies decide.
@Suite struct `The naive twin over random cases` {
  private func run(_ sample: Case, consultsEveryBoundary: Bool = false) -> TwinResult {
    var options = sample.options
    options.consultsEveryBoundary = consultsEveryBoundary
    return NaiveTwin.replay(
      rows: sample.rows,
      blockTokens: sample.blockTokens,
      fleet: sample.fleet,
      policies: sample.policies,
      options: options
    )
  }

  @Test func `keeps every law`() {
    var hard = HardCases()
    for seed in 0..<UInt64(1_300) {
      let sample = Case.make(seed: seed, policies: SamplePolicies.draw)
      let result = run(sample)
      let records = result.records
      let broken = records.compactMap { brokenLaw(of: $0, in: sample) }
      #expect(broken == [], "\(sample)")
      let isSorted = zip(records, records.dropFirst()).allSatisfy { $0.record < $1.record }
      #expect(isSorted, "\(sample)")
      #expect(records.count + Int(result.notDue) == started(by: records, in: sample), "\(sample)")
      hard.count(records, in: sample)
    }
    #expect(hard.rare == [], "\(hard)")
  }

  @Test func `gives the same result when every hook is asked at every boundary`() {
    for seed in 1_300..<UInt64(1_600) {
      let sample = Case.make(seed: seed, policies: SamplePolicies.draw)
      guard sample.policies.reviewsAreExact else { continue }
      let seldom = run(sample).records
      let always = run(sample, consultsEveryBoundary: true).records
      let differing = zip(seldom, always).filter { $0 != $1 }.map { "\($0) and \($1)" }
      #expect(differing == [], "\(sample)")
    }
  }

  @Test func `gives the same result for the same seed`() {
    for seed in 0..<UInt64(20) {
      let (first, second) = (
        Case.make(seed: seed, policies: SamplePolicies.draw),
        Case.make(seed: seed, policies: SamplePolicies.draw)
      )
      #expect(first.rows.arrival == second.rows.arrival)
      #expect(run(first).records == run(second).records)
    }
  }

  /// Requests within the limit that arrive within the horizon, or in a closed loop, where they may
  /// wait for others, belong to a session that has begun.
  private func started(by records: [RequestRecord], in sample: Case) -> Int {
    let (rows, options) = (sample.rows, sample.options)
    func scaled(_ time: SimTime) -> SimTime { SimTime(Double(time) / options.rateScale) }
    let begun = Set(records.map(\.session))
    var limit = SessionLimit(options.limit)
    return rows.arrival.indices.filter { index in
      guard limit.admits(row: index, of: rows) else { return false }
      let session = rows.session.isEmpty ? -1 : rows.session[index]
      guard session >= 0, let first = rows.session.firstIndex(of: session) else {
        return scaled(rows.arrival[index]) <= options.horizon
      }
      if options.loop == .closed { return begun.contains(session) }
      let start = rows.arrival[first]
      return scaled(start) + rows.arrival[index] - start <= options.horizon
    }.count
  }

  /// The first law that a record breaks, in words.
  private func brokenLaw(of row: RequestRecord, in sample: Case) -> String? {
    func broken(_ law: String) -> String { "request \(row.record): \(law): \(row)" }

    if row.stages.total != row.finish - row.arrival { return broken("stages partition its time") }
    let reached = [
      row.arrival, row.prefillStart, row.prefillEnd, row.transferEnd, row.decodeStart,
    ].filter { $0 >= 0 }
    if zip(reached, reached.dropFirst()).contains(where: { $0 > $1 }) {
      return broken("no stage before its time")
    }
    if let last = reached.last, last > row.finish { return broken("nothing after the finish") }
    switch row.outcome {
    case .completed:
      if row.emittedTokens != row.outputTokens { return broken("all tokens emitted") }
    case .rejected:
      if row.emittedTokens >= row.outputTokens || row.reason == 0 {
        return broken("rejected for a reason")
      }
    case .failed:
      if row.reason != 2 { return broken("failed for a reason") }
    case .unfinished:
      if row.finish != sample.options.horizon { return broken("finite work ends") }
    case .cancelled:
      if sample.options.loop == .open || row.finish != row.arrival {
        return broken("cancelled at once, in a closed loop")
      }
    }
    if (row.firstToken >= 0) != (row.emittedTokens > 0) { return broken("the first is emitted") }
    if row.swaps > row.preemptions { return broken("a swap is a preemption") }
    return nil
  }
}
