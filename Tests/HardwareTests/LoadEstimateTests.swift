import Hardware
import Testing

@Suite struct LoadEstimateTests {
  /// Times in whole milliseconds: a prompt token takes 1 ms, a step 10 ms + 1 ms per request.
  private func fleet(prefill: Int, decode: Int, firstToken: FirstToken = .decode) -> Fleet {
    Fleet(
      name: "test",
      summary: "",
      pools: [
        Pool(name: "prefill", role: .prefill, kind: kind, count: prefill),
        Pool(name: "decode", role: .decode, kind: kind, count: decode),
      ],
      firstToken: firstToken
    )
  }

  private var kind: InstanceKind {
    InstanceKind(
      name: "linear",
      chip: "none",
      model: "none",
      chips: 1,
      kv: KVShape(fullBytesPerToken: 1),
      kvCapacityUnits: 1_000,
      maxBatch: 8,
      nicBytesPerSecond: 1,
      handoffLatency: 0,
      kvReplication: 1,
      costs: LinearCosts(
        decodeBase: 10_000_000,
        decodePerRequest: 1_000_000_000,
        prefillPerToken: 1_000_000_000
      ),
      peakOperationsPerSecond: 1,
      memoryBytesPerSecond: 1
    )
  }

  @Test func `pools are as busy as their service times say`() {
    var estimate = LoadEstimate(fleet: fleet(prefill: 2, decode: 3))
    estimate.add(promptTokens: 100, outputTokens: 11)
    estimate.add(promptTokens: 20, outputTokens: 1)
    // Contexts of 100…110 and of 20 tokens, twelve steps in all.
    #expect(agree(estimate.meanContextTokens, (11 * 105 + 20) / 12, within: 1e-12))
    #expect(estimate.meanDecodeSteps == 6)
    let pools = estimate.pools
    // Prefill takes 60 ms on two instances; a batch of 8 takes 18 ms per 8 tokens.
    #expect(agree(pools[0].utilization, 0.060 / 2, within: 1e-9))
    #expect(pools[1].batch == 8)
    #expect(agree(pools[1].utilization, 6 * 0.018 / 8 / 3, within: 1e-9))
    #expect(agree(estimate.requestsPerSecond(load: 0.9) ?? 0, 0.9 / 0.030, within: 1e-9))
  }

  @Test func `what is cached of a prompt is not computed, and is read like the rest`() {
    var whole = LoadEstimate(fleet: fleet(prefill: 1, decode: 1))
    var cached = whole
    whole.add(promptTokens: 100, outputTokens: 11)
    cached.add(promptTokens: 100, cachedTokens: 75, outputTokens: 11)
    #expect(agree(cached.pools[0].utilization, whole.pools[0].utilization / 4, within: 1e-9))
    #expect(cached.pools[1] == whole.pools[1])
    #expect(cached.meanContextTokens == whole.meanContextTokens)
  }

  @Test func `cached tokens are attended to`() throws {
    let fleet = try Fleets.named("b200-pd")
    var alone = LoadEstimate(fleet: fleet)
    var behind = alone
    alone.add(promptTokens: 1_000, outputTokens: 1)
    behind.add(promptTokens: 101_000, cachedTokens: 100_000, outputTokens: 1)
    let costs = fleet.pools[0].kind.costs
    let attention =
      costs.prefillAttention(newTokens: 1_000, pastTokens: 100_000).time
      - costs.prefillAttention(newTokens: 1_000, pastTokens: 0).time
    let difference = behind.pools[0].utilization - alone.pools[0].utilization
    let expected = Double(attention) / 0x1p32 / 1e9 / Double(fleet.pools[0].count)
    #expect(attention > 0)
    #expect(agree(difference, expected, within: 1e-9))
  }

  @Test func `memory bounds the batch and a prefill-side token spares a step`() {
    var estimate = LoadEstimate(fleet: fleet(prefill: 1, decode: 1, firstToken: .prefill))
    estimate.add(promptTokens: 300, outputTokens: 2)
    #expect(estimate.meanDecodeSteps == 1)
    #expect(estimate.pools[1].batch == 3)
    #expect(agree(estimate.pools[1].utilization, 0.013 / 3, within: 1e-9))
  }

  @Test func `a mixed pool does both on the same instances`() {
    let mixed = Fleet(
      name: "test",
      summary: "",
      pools: [Pool(name: "mixed", role: .mixed, kind: kind, count: 4)],
      firstToken: .decode
    )
    var estimate = LoadEstimate(fleet: mixed)
    estimate.add(promptTokens: 50, outputTokens: 9)
    #expect(agree(estimate.pools[0].utilization, (0.050 + 8 * 0.018 / 8) / 4, within: 1e-9))
  }

  @Test func `an empty estimate has no rate`() {
    let estimate = LoadEstimate(fleet: fleet(prefill: 1, decode: 1))
    #expect(estimate.requestsPerSecond(load: 0.5) == nil)
    #expect(estimate.pools.map(\.utilization) == [0, 0])
  }

  @Test func `the order of requests does not matter`() throws {
    let rows = (1...200).map { (prompt: 37 * $0 % 1_999 + 1, output: 53 * $0 % 499 + 1) }
    var forward = LoadEstimate(fleet: try Fleets.named("trn3-cs3"))
    var backward = forward
    for row in rows { forward.add(promptTokens: row.prompt, outputTokens: row.output) }
    for row in rows.reversed() {
      backward.add(promptTokens: row.prompt, outputTokens: row.output)
    }
    #expect(forward.pools == backward.pools)
  }

  @Test func `the Azure chat hour keeps both pools of llama8b-32x16 about equally busy`() throws {
    guard let rows = SharedData.azureChatLengths() else { return }
    #expect(rows.count == 19_366)
    var estimate = LoadEstimate(fleet: try Fleets.named("llama8b-32x16"))
    for row in rows { estimate.add(promptTokens: row.prompt, outputTokens: row.output) }
    let loads = estimate.pools.map(\.utilization)
    #expect(agree(loads[0], loads[1], within: 0.2), "\(loads)")
  }

  @Test func `a chat load keeps both pools of the default fleet busy`() throws {
    var estimate = LoadEstimate(fleet: try Fleets.named("trn3-cs3"))
    estimate.add(promptTokens: 1_150, outputTokens: 1_000)
    let rate = try #require(estimate.requestsPerSecond(load: 0.8))
    let loads = estimate.pools.map { rate * $0.utilization }
    #expect(agree(loads.max() ?? 0, 0.8, within: 1e-12))
    #expect(loads.allSatisfy { $0 > 0.5 }, "\(loads)")
  }
}
