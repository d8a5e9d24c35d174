import Foundation
import Policies
import Simulation
import Testing
import Workload

/// The laws of the engine over small random fleets, traces and policies full of ties.
///
/// Blocks of seeds run in parallel; a failure names its seed, and
/// `LAW_SEEDS=17..18 swift test --filter EngineLawsTests` runs it alone.
@Suite struct EngineLawsTests {
  @Test func `fast-forward, stepping and the naive twin agree, also in hard cases`() async throws {
    let hard = try await withThrowingTaskGroup(of: HardCases.self) { group in
      for seeds in LawSeeds.blocks {
        group.addTask { try checkAgreement(over: seeds) }
      }
      return try await group.reduce(into: HardCases()) { $0.merge($1) }
    }
    print("hard cases: \(hard)")
    if LawSeeds.areComplete { #expect(hard.rare == [], "\(hard)") }
  }

  private func checkAgreement(over seeds: Range<UInt64>) throws -> HardCases {
    var hard = HardCases()
    for seed in seeds {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      let twin = EngineLaws.expectation(of: test)
      let broken = try EngineLaws.disagreement(in: test, with: twin)
      try #require(broken == nil, "\(test): \(broken ?? "")")
      hard.count(twin.records, in: test)
      hard.count(twin.census)
    }
    return hard
  }

  @Test(arguments: LawSeeds.blocks)
  func `asking every hook at every boundary changes nothing`(seeds: Range<UInt64>) throws {
    for seed in seeds {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      guard test.policies.reviewsAreExact else { continue }
      let fast = try LawRun(test, mode: .fast)
      let every = try LawRun(test, mode: .stepping, consultsEveryBoundary: true)
      try #require(EngineLaws.difference(fast, every) == nil, "\(test)")
    }
  }

  @Test func `a trace that streams by gives what it gives in memory`() throws {
    for seed in 6_000..<UInt64(6_200) {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      guard !test.needsMemory else { continue }
      let streamed = try LawRun(test, mode: .fast)
      let kept = try LawRun(test, mode: .fast, isInMemory: true)
      try #require(EngineLaws.difference(streamed, kept) == nil, "\(test)")
    }
  }
}

/// The seeds that the law tests run over, in blocks that run in parallel.
enum LawSeeds {
  /// Whether these are all the seeds that the suite is meant to run over.
  static let areComplete = ProcessInfo.processInfo.environment["LAW_SEEDS"] == nil

  static let blocks: [Range<UInt64>] = {
    let all = range
    return stride(from: all.lowerBound, to: all.upperBound, by: 100).map {
      $0..<min($0 + 100, all.upperBound)
    }
  }()

  private static var range: Range<UInt64> {
    let wanted = ProcessInfo.processInfo.environment["LAW_SEEDS"] ?? "0..3000"
    let bounds = wanted.split(separator: ".").compactMap { UInt64($0) }
    return bounds.count == 2 ? bounds[0]..<max(bounds[0], bounds[1]) : 0..<3000
  }
}
