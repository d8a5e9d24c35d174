import Simulation
import Testing
import Workload

/// Looking at a run changes nothing, and parts of what is seen make up the whole.
@Suite struct ObservationTests {
  /// Seeds apart from those that the other laws run over, so that more cases are seen.
  static let blocks = [5_000..<UInt64(5_150), 5_150..<UInt64(5_300)]

  @Test(arguments: blocks)
  func `a window changes no result, and two windows make up the run`(
    seeds: Range<UInt64>
  ) throws {
    var cut = 0
    for seed in seeds {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      let whole = try LawRun(test, mode: .fast)
      // Steps end at the last instant too.
      let end = whole.result.end + 1
      guard end > 1 else { continue }
      let middle = SimTime(SplitMix64.mix(seed) % UInt64(end - 1)) + 1
      let all = try run(test, measuring: MeasureWindow(start: 0, end: end))
      let first = try run(test, measuring: MeasureWindow(start: 0, end: middle))
      let second = try run(test, measuring: MeasureWindow(start: middle, end: end))
      for observed in [all, first, second] {
        let difference = EngineLaws.difference(whole, observed)
        try #require(difference == nil, "\(test)")
      }
      #expect(whole.result.windowInstances.isEmpty)
      for index in whole.result.instances.indices {
        let parts = (first.result.windowInstances[index], second.result.windowInstances[index])
        let total = whole.result.instances[index].additive
        try #require(all.result.windowInstances[index].additive == total, "\(test)")
        try #require(zip(parts.0.additive, parts.1.additive).map(+) == total, "\(test)")
        if parts.0.steps > 0, parts.1.steps > 0 { cut += 1 }
      }
      let steps = sum(first.result.windowStepsAtBatch, second.result.windowStepsAtBatch)
      try #require(steps == sum(whole.result.stepsAtBatch, []), "\(test)")
      try #require(sum(all.result.windowStepsAtBatch, []) == steps, "\(test)")
      #expect(first.result.windowLength == middle)
      #expect(first.result.windowLength + second.result.windowLength == whole.result.end)
    }
    #expect(cut > 100)
  }

  /// Counts by batch, added up, without the zeros that nobody has to write down.
  private func sum(_ a: [[Int64]], _ b: [[Int64]]) -> [[Int64]] {
    (0..<max(a.count, b.count)).map { pool in
      let (one, other) = (pool < a.count ? a[pool] : [], pool < b.count ? b[pool] : [])
      var sums = (0..<max(one.count, other.count)).map { batch in
        (batch < one.count ? one[batch] : 0) + (batch < other.count ? other[batch] : 0)
      }
      while sums.last == 0 { sums.removeLast() }
      return sums
    }
  }

  private func run(_ test: Case, measuring window: MeasureWindow) throws -> LawRun {
    var measured = test
    measured.options.window = window
    return try LawRun(measured, mode: .fast)
  }

  @Test func `a request that is looked at goes the same way, and its life tells it`() throws {
    var kinds: Set<LifeEvent.Kind> = []
    for seed in 5_300..<UInt64(5_800) {
      var test = Case.make(seed: seed, policies: CasePolicies.draw)
      let blind = try LawRun(test, mode: .fast)
      #expect(blind.result.life.isEmpty)
      guard let row = interesting(blind.records, seed: seed) else { continue }
      test.options.explainedRecord = row.record
      let fast = try LawRun(test, mode: .fast)
      let stepping = try LawRun(test, mode: .stepping)
      try #require(EngineLaws.difference(blind, fast) == nil, "\(test)")
      try #require(fast.result.life == stepping.result.life, "\(test)")
      let broken = LifeLaws.violation(in: fast.result.life, of: row)
      try #require(broken == nil, "\(test): \(row)")
      kinds.formUnion(fast.result.life.map(\.kind))
    }
    let missing = LifeEvent.Kind.allCases.filter { !kinds.contains($0) }
    #expect(missing == [], "no request met these")
  }

  /// One that was loaded; else by turns any request, one that was preempted most or swapped most, and
  /// one that did not complete.
  private func interesting(_ records: [RequestRecord], seed: UInt64) -> RequestRecord? {
    // Few cases have tiers, and in few of those anything is worth loading.
    if let loaded = records.first(where: { $0.loadedTokens > 0 }) { return loaded }
    switch seed % 4 {
    case 0: return records.max { $0.preemptions < $1.preemptions }
    case 1: return records.max { $0.swaps < $1.swaps }
    case 2:
      let broken = records.filter { $0.outcome != .completed }
      return broken.isEmpty ? records.first : broken[Int(seed / 4) % broken.count]
    default: return records.isEmpty ? nil : records[Int(seed / 4) % records.count]
    }
  }
}
