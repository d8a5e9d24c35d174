import Hardware
import Testing

/// What holds for the costs of every built-in instance kind and of the linear double.
@Suite struct CostLawsTests {
  static let models: [(name: String, costs: any CostModel)] = {
    let kinds = Fleets.all.flatMap(\.pools).map { ("\($0.kind.name)", $0.kind.costs) }
    let linear = LinearCosts(
      decodeBase: 10,
      decodePerRequest: 7_500,
      decodePerByte: 3,
      prefillBase: 20,
      prefillPerToken: 1_001,
      attentionPerPair: 2
    )
    return kinds + [("linear", linear)]
  }()

  private let sizes = [1, 2, 3, 10, 64, 127, 128, 129, 1_000, 8_192, 100_000]

  private func expectGrowth(
    _ name: String,
    _ costs: [StepCost],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (smaller, larger) in zip(costs, costs.dropFirst()) {
      #expect(smaller.time <= larger.time, "\(name)", sourceLocation: sourceLocation)
      #expect(smaller.energy <= larger.energy, "\(name)", sourceLocation: sourceLocation)
    }
    for cost in costs {
      #expect(cost.time > 0 && cost.energy > 0, "\(name)", sourceLocation: sourceLocation)
    }
  }

  @Test func `a larger batch and more KV never make a decode step cheaper`() {
    for (name, costs) in Self.models {
      expectGrowth(name, sizes.map { costs.decodeStep(batch: $0, kvBytes: 1e9) })
      expectGrowth(name, sizes.map { costs.decodeStep(batch: 8, kvBytes: 1e6 * Double($0)) })
    }
  }

  @Test func `more tokens never make a prefill pass cheaper`() {
    for (name, costs) in Self.models {
      for beside in [0, 1, 8, 256] {
        expectGrowth(name, sizes.map { costs.prefillPass(tokens: $0, decodeBatch: beside) })
      }
    }
  }

  @Test func `more new or past tokens never make attention cheaper`() {
    for (name, costs) in Self.models {
      expectGrowth(name, sizes.map { costs.prefillAttention(newTokens: $0, pastTokens: 500) })
      expectGrowth(name, sizes.map { costs.prefillAttention(newTokens: 1, pastTokens: $0) })
      expectGrowth(name, sizes.map { costs.prefillAttention(newTokens: 256, pastTokens: $0) })
    }
  }

  @Test func `operations and weight reads grow with the work`() {
    for (name, costs) in Self.models {
      let one = costs.floatingPointOperations(tokens: 1, attentionPairs: 1)
      #expect(one > 0, "\(name)")
      #expect(costs.floatingPointOperations(tokens: 2, attentionPairs: 1) > one, "\(name)")
      #expect(costs.floatingPointOperations(tokens: 1, attentionPairs: 2) > one, "\(name)")
      #expect(costs.weightBytes(batch: 2) >= costs.weightBytes(batch: 1), "\(name)")
    }
  }

  @Test func `the linear double is its coefficients`() {
    let costs = LinearCosts(
      decodeBase: 5,
      decodePerRequest: 2_000,
      decodePerByte: 1_000,
      prefillBase: 7,
      prefillPerToken: 3_000,
      attentionPerPair: 1_000,
      power: 4
    )
    let step = costs.decodeStep(batch: 3, kvBytes: 10)
    #expect(step.time == FixedPoint.fine(nanoseconds: 5 + 6 + 10))
    #expect(step.energy == 4 * step.time)
    let alone = costs.prefillPass(tokens: 10, decodeBatch: 0)
    #expect(alone.time == FixedPoint.fine(nanoseconds: 37))
    let beside = costs.prefillPass(tokens: 10, decodeBatch: 4)
    #expect(beside.time == FixedPoint.fine(nanoseconds: 30))
    let attention = costs.prefillAttention(newTokens: 3, pastTokens: 5)
    #expect(attention.time == FixedPoint.fine(nanoseconds: 15 + 6))
  }

  @Test func `a whole step of the linear double lasts at least a nanosecond`() {
    let costs = LinearCosts()
    let least = FixedPoint.fine(nanoseconds: 1)
    #expect(costs.decodeStep(batch: 1, kvBytes: 0).time == least)
    #expect(costs.prefillPass(tokens: 1, decodeBatch: 0).time == least)
    #expect(costs.prefillPass(tokens: 1, decodeBatch: 4).time == 0)
  }
}
