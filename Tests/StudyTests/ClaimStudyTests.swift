import Foundation
import Hardware
import Testing

@testable import Study

@Suite("Public claims")
struct ClaimStudyTests {
  private static let study = Result { try ClaimStudy(threads: 2) }

  @Test
  func `Every claim has a verdict, and every simulable one a finite ratio and its conditions`()
    throws
  {
    let results = try Self.study.get().results
    #expect(results.map(\.number) == Array(ClaimStudy.numbers))
    for result in results {
      #expect(!result.verdictText.isEmpty && !result.tracedTo.isEmpty)
      guard result.verdict != .notSimulable else {
        #expect(result.number >= 14 && result.ratio == nil)
        continue
      }
      let ratio = try #require(result.ratio, "claim \(result.number)")
      let range = try #require(result.range)
      #expect(ratio.isFinite && ratio > 0 && range.contains(ratio))
      #expect(!result.conditions.isEmpty && !result.facts.isEmpty)
      #expect(result.sensitivities.count >= 2)
      #expect(result.sensitivities.contains { $0.ratio != nil && $0.ratio != ratio })
      #expect(result.claimed ?? 0 > 0)
    }
  }

  @Test
  func `Verdicts follow from the ratios`() throws {
    for result in try Self.study.get().results {
      guard let ratio = result.ratio, let claimed = result.claimed else { continue }
      switch result.verdict {
      case .holds: #expect(ratio >= claimed)
      case .holdsOnlyIf:
        #expect(ratio < claimed)
        #expect(result.sensitivities.contains { $0.ratio ?? 0 >= claimed })
      case .undecided: #expect(ratio < claimed && result.range?.contains(claimed) == true)
      case .doesNotHold:
        let ratios = [ratio] + result.sensitivities.compactMap(\.ratio)
        #expect(ratios.contains { $0 < claimed })
      case .notSimulable: Issue.record("claim \(result.number) has a ratio")
      }
    }
  }

  /// The ratio is the GPU's cost over the wafers'.
  @Test(arguments: [
    (ClaimPrices(gpu: 3.9), true), (ClaimPrices(gpu: 0.5), false),
    (ClaimPrices(wafer: 10), true), (ClaimPrices(wafer: 200), false),
    (ClaimPrices(trainium: 1), true), (ClaimPrices(trainium: 10), false),
  ])
  func `Costs respond to prices`(prices: ClaimPrices, isBetter: Bool) throws {
    let bench = try ClaimBench()
    var assumptions = ClaimAssumptions()
    let before = try #require(try ClaimScenarios.cost(assumptions, bench).ratio)
    assumptions.prices = prices
    let after = try #require(try ClaimScenarios.cost(assumptions, bench).ratio)
    #expect(isBetter ? after > before : after < before)
  }

  @Test
  func `A GPU's price scales the cost's ratio in proportion, speculation on wafers their speed`()
    throws
  {
    let bench = try ClaimBench()
    var assumptions = ClaimAssumptions()
    assumptions.prices.gpu = 2
    let cost = try #require(try ClaimScenarios.cost(assumptions, bench).ratio)
    assumptions.prices.gpu = 4
    let twice = try #require(try ClaimScenarios.cost(assumptions, bench).ratio)
    #expect(abs(twice / cost - 2) < 1e-9)
    // On fuller wafers the operations of drafts would bind.
    var fast = ClaimAssumptions()
    fast.fill = 0.1
    let speed = try #require(try ClaimScenarios.speed(fast, bench).ratio)
    fast.waferAcceptedTokens = 2
    let speculating = try #require(try ClaimScenarios.speed(fast, bench).ratio)
    #expect(speculating > 1.5 * speed && speculating < 2.5 * speed)
  }

  @Test
  func `A serving point is the closed loop's, by Little's law`() throws {
    let policies = try ClaimBench().policies
    let fleet = try Fleets.named("b200-mixed")
    let few = try #require(
      try ServingPoint(fleet, clients: 8, promptTokens: 512, outputTokens: 256, policies: policies)
    )
    let many = try #require(
      try ServingPoint(fleet, clients: 64, promptTokens: 512, outputTokens: 256, policies: policies)
    )
    #expect(many.rate > few.rate && many.userRate < few.userRate)
    #expect(many.joulesPerToken < few.joulesPerToken)
    // A user's rate counts from the first token on, so that all users together stay below.
    #expect(few.rate < 8 * few.userRate && few.rate > 4 * few.userRate)
  }

  @Test
  func `The best replica gives its users their rate`() throws {
    let bench = try ClaimBench()
    var assumptions = ClaimAssumptions()
    for rate in [30.0, 100] {
      assumptions.userRate = rate
      let best = try #require(try bench.best(assumptions))
      let point = try #require(try bench.serve(best.fleet, clients: best.clients, assumptions))
      #expect(point.userRate > 0.9 * rate)
    }
    assumptions.userRate = 1e6
    #expect(try bench.best(assumptions) == nil)
  }

  @Test
  func `One claim is the same alone and among all, on one thread and on two`() throws {
    let all = try Self.study.get().results
    for number in [2, 9, 12] {
      let alone = try ClaimStudy(number: number)
      #expect(alone.results.count == 1)
      #expect(alone.results[0].ratio == all[number - 1].ratio)
      #expect(alone.results[0].sensitivities == all[number - 1].sensitivities)
    }
  }
}
