import Hardware
import Testing

@Suite struct WaferCostsTests {
  private func wafers(_ count: Int, _ model: Model) throws -> InstanceKind {
    try instance(.wse3, count, model)
  }

  /// Cerebras, August 2024, at 16 bits and without speculation.
  @Test func `launch rates follow from the latency law`() throws {
    let small = try wafers(1, .llama8B).decode(batch: 1, context: 1_000)
    #expect(agree(1 / small.seconds, 1_800, within: 0.03), "\(1 / small.seconds) tokens/s")
    let large = try wafers(4, .llama70B).decode(batch: 1, context: 1_000)
    #expect(agree(1 / large.seconds, 450, within: 0.05), "\(1 / large.seconds) tokens/s")
  }

  /// Artificial Analysis measured 1,706 to 2,059 tokens/s in 2026.
  @Test func `gpt-oss-120b runs at its measured rate`() throws {
    let rate = 1 / (try wafers(3, .gptOSS120B).decode(batch: 1, context: 1_000).seconds)
    #expect(rate > 1_706 && rate < 2_059, "\(rate) tokens/s")
  }

  @Test func `a step takes its latency until the operations fill the pipeline`() throws {
    let kind = try wafers(3, .gptOSS120B)
    let alone = kind.costs.decodeStep(batch: 1, kvBytes: 0)
    #expect(kind.costs.decodeStep(batch: 600, kvBytes: 0) == alone)
    let full = kind.costs.decodeStep(batch: 2_000, kvBytes: 0).seconds
    let operations = 2_000 * 2 * Double(Model.gptOSS120B.activeParameters)
    #expect(agree(full, operations / (0.3 * 3 * 15.6e15), within: 1e-9))
  }

  @Test func `prefill is the latency and its operations`() throws {
    let kind = try wafers(1, .llama8B)
    let latency = kind.costs.decodeStep(batch: 1, kvBytes: 0).seconds
    let operations = 1_000 * 2 * Double(Model.llama8B.activeParameters)
    let alone = kind.costs.prefillPass(tokens: 1_000, decodeBatch: 0).seconds
    #expect(agree(alone, latency + operations / (0.3 * 15.6e15), within: 1e-9))
    let beside = kind.costs.prefillPass(tokens: 1_000, decodeBatch: 4).seconds
    #expect(agree(alone - beside, latency, within: 1e-9))
  }

  @Test func `wafers draw their full power at any load`() throws {
    for batch in [1, 500] {
      let step = try wafers(3, .gptOSS120B).decode(batch: batch, context: 1_000)
      #expect(agree(step.joules / step.seconds, 3 * 23_000, within: 1e-9))
    }
  }
}
