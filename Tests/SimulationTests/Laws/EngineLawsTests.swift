import Foundation
import Policies
import Simulation
import Testing
import Workload

/// The laws of the engine over small random fleets, traces and policies full of ties.
///
/// Each test runs a range of seeds; a failure names its seed, and
/// `LAW_SEEDS=17..18 swift test --filter EngineLawsTests` runs it alone.
@Suite struct EngineLawsTests {
  @Test(arguments: LawSeeds.blocks)
  func `fast-forward, stepping and the naive twin agree`(seeds: Range<UInt64>) throws {
    for seed in seeds {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      let fast = try LawRun(test, mode: .fast)
      let stepping = try LawRun(test, mode: .stepping)
      let twin = NaiveTwin.run(
        rows: test.rows,
        fleet: test.fleet,
        policies: test.policies,
        options: test.options
      )
      try #require(difference(fast.records, stepping.records) == nil, "\(test)")
      try #require(difference(stepping.records, twin) == nil, "twin, \(test)")
      try #require(fast.result.resultDigest == stepping.result.resultDigest, "\(test)")
      try #require(fast.intervals == stepping.intervals, "\(test)")
      try #require(fast.result.load == stepping.result.load, "\(test)")
      try #require(fast.result.stepsAtBatch == stepping.result.stepsAtBatch, "\(test)")
      let steps = stepping.result.instances.reduce(0) { $0 + $1.steps }
      let visited = stepping.result.instances.reduce(0) { $0 + $1.boundaries }
      #expect(steps == visited, "\(test)")
    }
  }

  @Test(arguments: LawSeeds.blocks)
  func `asking every hook at every boundary changes nothing`(seeds: Range<UInt64>) throws {
    for seed in seeds {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      guard test.policies.reviewsAreExact else { continue }
      let fast = try LawRun(test, mode: .fast)
      let every = try LawRun(test, mode: .stepping, consultsEveryBoundary: true)
      try #require(difference(fast.records, every.records) == nil, "\(test)")
      try #require(fast.result.resultDigest == every.result.resultDigest, "\(test)")
      try #require(fast.intervals == every.intervals, "\(test)")
    }
  }

  @Test(arguments: LawSeeds.blocks)
  func `requests, time and memory are conserved`(seeds: Range<UInt64>) throws {
    for seed in seeds {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      let run = try LawRun(test, mode: .fast)
      #expect(run.result.offered == Int64(run.records.count), "\(test)")
      #expect(run.result.outcomes.reduce(0, +) == run.result.offered, "\(test)")
      for record in run.records {
        checkConservation(record, in: test)
        checkCausality(record, in: test)
      }
      let members = run.result.instances.reduce(0) { $0 + $1.peakUnits }
      #expect(members > 0 || run.records.allSatisfy { $0.outcome != .completed }, "\(test)")
    }
  }

  private func checkConservation(_ record: RequestRecord, in test: Case) {
    #expect(record.stages.total == record.finish - record.arrival, "\(test), \(record)")
    switch record.outcome {
    case .completed: #expect(record.emittedTokens == record.outputTokens, "\(test), \(record)")
    case .rejected: #expect(record.emittedTokens == 0 && record.reason > 0, "\(test), \(record)")
    case .failed: #expect(record.reason == 2, "\(test), \(record)")
    case .cancelled: Issue.record("nothing cancels here: \(test), \(record)")
    case .unfinished: #expect(test.options.horizon != .never, "\(test), \(record)")
    }
  }

  private func checkCausality(_ record: RequestRecord, in test: Case) {
    let times = [
      record.arrival, record.prefillStart, record.prefillEnd, record.transferEnd,
      record.decodeStart, record.finish,
    ]
    let passed = times.filter { $0 >= 0 }
    #expect(passed == passed.sorted(), "\(test), \(record)")
    if record.firstToken >= 0 {
      #expect(record.firstToken >= record.prefillEnd, "\(test), \(record)")
      #expect(record.firstToken <= record.finish, "\(test), \(record)")
    }
  }

  /// The first difference between two runs, or nil.
  private func difference(_ a: [RequestRecord], _ b: [RequestRecord]) -> String? {
    guard a.count == b.count else { return "\(a.count) and \(b.count) records" }
    for (first, second) in zip(a, b) where first != second { return "\(first)\n\(second)" }
    return nil
  }
}

/// The seeds that the law tests run over, in blocks that run in parallel.
enum LawSeeds {
  static let blocks: [Range<UInt64>] = {
    let all = range
    return stride(from: all.lowerBound, to: all.upperBound, by: 100).map {
      $0..<min($0 + 100, all.upperBound)
    }
  }()

  private static var range: Range<UInt64> {
    let wanted = ProcessInfo.processInfo.environment["LAW_SEEDS"] ?? "0..2000"
    let bounds = wanted.split(separator: ".").compactMap { UInt64($0) }
    return bounds.count == 2 ? bounds[0]..<max(bounds[0], bounds[1]) : 0..<2000
  }
}
