import Foundation
import Hardware
import Testing

@testable import Study

@Suite("What steps are made of")
struct StepExplanationTests {
  private static func parts(
    of work: StepExplanation.Work,
    on fleet: Fleet
  ) throws -> [StepExplanation] {
    try fleet.pools.map { try #require(StepExplanation(work, on: $0)) }
  }

  /// Terms and model differ by rounding only; fine time counts quarters of a billionth of a
  /// nanosecond.
  private static func expectEqual(_ sum: Double, _ step: Double) {
    #expect(abs(sum - step) <= 1e-12 * step + 1e-15)
  }

  @Test(arguments: Fleets.names)
  func `What terms add makes up the step that the model takes`(name: String) throws {
    let fleet = try Fleets.named(name)
    for (batch, context) in [(1, 1), (3, 100), (64, 300_000), (256, 500_000), (1_000, 9_000)] {
      let work = StepExplanation.Work.decode(batch: batch, contextTokens: max(batch, context))
      for part in try Self.parts(of: work, on: fleet) {
        Self.expectEqual(part.breakdown.seconds / part.acceptedTokens, part.seconds)
        #expect(part.breakdown.binding != nil)
        for term in part.breakdown.terms { #expect(term.addedSeconds <= term.seconds * 1.2) }
      }
    }
    for (tokens, past, batch) in [(1, 0, 0), (512, 0, 0), (8_192, 4_096, 0), (2_048, 100, 64)] {
      let work = StepExplanation.Work.prefill(tokens: tokens, past: past, decodeBatch: batch)
      for part in try Self.parts(of: work, on: fleet) {
        Self.expectEqual(part.breakdown.seconds, part.seconds)
      }
    }
  }

  @Test(arguments: ["b200-mixed", "trn3-cs3", "gb200-pd"])
  func `Under speculation the terms are those of the verified step`(name: String) throws {
    let plain = try Fleets.named(name)
    let fleet = plain.speculating(acceptedTokensPerStep: 2.4, draftedTokens: 3)
    let work = StepExplanation.Work.decode(batch: 16, contextTokens: 40_000)
    for (before, after) in zip(
      try Self.parts(of: work, on: plain),
      try Self.parts(of: work, on: fleet)
    )
    where after.pool.role != .prefill {
      #expect(after.acceptedTokens == 2.4 && after.draftedTokens == 3)
      Self.expectEqual(after.breakdown.seconds / 2.4, after.seconds)
      #expect(after.breakdown.seconds >= before.breakdown.seconds)
      #expect(after.text.contains("per token"))
    }
  }

  @Test
  func `Contexts that memory does not hold are noted`() throws {
    let pool = try #require(try Fleets.named("b200-mixed").pools.first)
    let large = StepExplanation.Work.decode(batch: 2, contextTokens: 90_000_000)
    #expect(try #require(StepExplanation(large, on: pool)).notes.count == 1)
    let small = StepExplanation.Work.decode(batch: 2, contextTokens: 2_000)
    #expect(try #require(StepExplanation(small, on: pool)).notes.isEmpty)
  }

  @Test
  func `Costs without terms are not explained`() throws {
    var pool = try #require(try Fleets.named("b200-mixed").pools.first)
    pool.kind.costs = LinearCosts(decodeBase: 1_000)
    #expect(StepExplanation(.decode(batch: 1, contextTokens: 1), on: pool) == nil)
  }

  @Test
  func `KV of a batch is that of its requests`() throws {
    let shape = try Model.named("gpt-oss-120b").kvShape()
    let single = shape.bytes(requests: 1, contextTokens: 1_000)
    #expect(single == shape.bytes(tokens: 1_000))
    let three = shape.bytes(requests: 3, contextTokens: 10)
    #expect(three == 2 * shape.bytes(tokens: 3) + shape.bytes(tokens: 4))
  }
}
