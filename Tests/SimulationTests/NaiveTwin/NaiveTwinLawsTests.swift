import Hardware
import Simulation
import Testing
import Workload

/// What any run has to keep, whatever the policies decide.
@Suite struct `The naive twin over random cases` {
  private func run(_ sample: Case, consultsEveryBoundary: Bool = false) -> [RequestRecord] {
    var options = sample.options
    options.consultsEveryBoundary = consultsEveryBoundary
    return NaiveTwin.run(
      rows: sample.rows,
      fleet: sample.fleet,
      policies: sample.policies,
      options: options
    )
  }

  @Test func `keeps every law`() {
    var hard = HardCases()
    for seed in 0..<UInt64(1_000) {
      let sample = Case.make(seed: seed, policies: SamplePolicies.draw)
      let records = run(sample)
      let broken = records.compactMap { brokenLaw(of: $0, in: sample) }
      #expect(broken == [], "\(sample)")
      let isSorted = zip(records, records.dropFirst()).allSatisfy { $0.record < $1.record }
      #expect(isSorted, "\(sample)")
      #expect(records.count == offered(in: sample), "\(sample)")
      hard.count(records, in: sample)
    }
    #expect(hard.rare == [], "\(hard)")
  }

  @Test func `gives the same result when every hook is asked at every boundary`() {
    for seed in 1_000..<UInt64(1_300) {
      let sample = Case.make(seed: seed, policies: SamplePolicies.draw)
      guard sample.policies.reviewsAreExact else { continue }
      let (seldom, always) = (run(sample), run(sample, consultsEveryBoundary: true))
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
      #expect(run(first) == run(second))
    }
  }

  /// Requests within the limit and the horizon.
  private func offered(in sample: Case) -> Int {
    let (rows, options) = (sample.rows, sample.options)
    return rows.arrival.indices.filter { index in
      let arrival = SimTime(Double(rows.arrival[index]) / options.rateScale)
      let earlier = rows.session.isEmpty ? index : Set(rows.session[..<index]).count
      let isNew = rows.session.isEmpty || !rows.session[..<index].contains(rows.session[index])
      let isWithin: Bool
      if isNew {
        isWithin = earlier < options.limit
      } else {
        // Sessions are numbered by first appearance.
        isWithin = rows.session[index] < options.limit
      }
      return isWithin && arrival <= options.horizon
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
      if row.emittedTokens != 0 || row.finish != row.arrival || row.reason == 0 {
        return broken("rejected at once, for a reason")
      }
    case .failed:
      if row.reason != 2 { return broken("failed for a reason") }
    case .unfinished:
      if row.finish != sample.options.horizon { return broken("finite work ends") }
    case .cancelled:
      return broken("nothing cancels a request")
    }
    if (row.firstToken >= 0) != (row.emittedTokens > 0) { return broken("the first is emitted") }
    return nil
  }
}
