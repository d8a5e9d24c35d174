import Hardware
import Testing

@Suite struct SpeculativeCostsTests {
  private let plain = LinearCosts(
    decodeBase: 3_000,
    decodePerRequest: 1_000_000,
    prefillBase: 500,
    prefillPerToken: 2_000,
    attentionPerPair: 1_000,
    power: 5
  )

  @Test func `a decode step takes its share of a verified step`() {
    let costs = SpeculativeCosts(plain, acceptedTokensPerStep: 2.5)
    let step = costs.decodeStep(batch: 2, kvBytes: 0)
    #expect(step.time == FixedPoint.fine(nanoseconds: 2_000))
    #expect(step.energy == 5 * FixedPoint.fine(nanoseconds: 2_000))
    let short = SpeculativeCosts(LinearCosts(), acceptedTokensPerStep: 4)
    #expect(short.decodeStep(batch: 1, kvBytes: 0).time == FixedPoint.fine(nanoseconds: 1))
  }

  @Test func `prompts cost what they did`() {
    let costs = SpeculativeCosts(plain, acceptedTokensPerStep: 3)
    for batch in [0, 8] {
      let pass = costs.prefillPass(tokens: 100, decodeBatch: batch)
      #expect(pass == plain.prefillPass(tokens: 100, decodeBatch: batch))
    }
    let attention = costs.prefillAttention(newTokens: 7, pastTokens: 9)
    #expect(attention == plain.prefillAttention(newTokens: 7, pastTokens: 9))
  }

  @Test func `a verified step reads the weights once, and every token has its operations`() throws {
    let base = try instance(.b200, 1, .gptOSS120B).costs
    let costs = SpeculativeCosts(base, acceptedTokensPerStep: 2, draftedTokens: 3)
    // Four tokens of each request choose experts, and the step yields two.
    #expect(costs.weightBytes(batch: 4) == base.weightBytes(batch: 16) / 2)
    let operations = costs.floatingPointOperations(tokens: 3, attentionPairs: 5)
    #expect(operations == base.floatingPointOperations(tokens: 3, attentionPairs: 5))
  }

  @Test func `pools that decode speculate, and once`() throws {
    let fleet = try Fleets.named("b200-pd")
    let once = fleet.speculating(acceptedTokensPerStep: 2)
    let again = once.speculating(acceptedTokensPerStep: 3)
    let none = again.speculating(acceptedTokensPerStep: 1)
    #expect(again.acceptedTokensPerStep == 3 && none.acceptedTokensPerStep == 1)
    func step(_ fleet: Fleet) -> StepCost {
      fleet.pools[1].kind.costs.decodeStep(batch: 16, kvBytes: 1e9)
    }
    let verified = fleet.pools[1].kind.costs.verifying(tokensPerRequest: 2)
      .decodeStep(batch: 16, kvBytes: 1e9)
    #expect(verified.time > step(fleet).time)
    #expect(agree(step(once).seconds, verified.seconds / 2, within: 1e-12))
    #expect(step(again).time < step(once).time)
    #expect(step(none) == step(fleet))
    #expect(!(once.pools[0].kind.costs is SpeculativeCosts))
    #expect(once.pools[1].kind.costs is SpeculativeCosts)
    let mixed = try Fleets.named("b200-mixed").speculating(acceptedTokensPerStep: 2)
    #expect(mixed.pools[0].kind.costs is SpeculativeCosts)
  }
}
