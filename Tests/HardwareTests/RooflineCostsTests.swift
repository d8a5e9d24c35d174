import Testing

@testable import Hardware

@Suite struct RooflineCostsTests {
  /// Time per output token as `concurrency` closed-loop clients see it on one replica: a decode
  /// step, and a share of the prefill that interrupts it.
  private func tokenMilliseconds(
    _ kind: InstanceKind,
    concurrency: Int,
    prompt: Int,
    output: Int
  ) -> Double {
    let step = kind.decode(batch: concurrency, context: prompt + output / 2).seconds
    let prefill =
      kind.costs.prefillPass(tokens: prompt, decodeBatch: concurrency).seconds
      + kind.costs.prefillAttention(newTokens: prompt, pastTokens: 0).seconds
    return 1e3 * (step + Double(concurrency) * prefill / Double(output))
  }

  /// Rows of InferenceX, TensorRT-LLM on B200; prompts have 0.9 × their nominal 1,024 tokens. With
  /// uncalibrated constants 90 % of all rows lie within 36 %.
  @Test(arguments: [
    (8, 4, 1_024, 5.4453), (8, 64, 1_024, 9.5983), (4, 64, 1_024, 9.7201),
    (1, 4, 8_192, 14.8726), (1, 64, 1_024, 21.3891), (2, 4, 8_192, 9.8438),
    (2, 64, 8_192, 15.0076),
  ])
  func `Llama 70B in FP8 on B200 is as fast as measured`(
    chips: Int,
    concurrency: Int,
    output: Int,
    milliseconds: Double
  ) throws {
    let kind = try instance(
      .b200,
      chips,
      .llama70B,
      precision: .fp8,
      weights: .fp8,
      kvElementBytes: 1
    )
    let predicted = tokenMilliseconds(kind, concurrency: concurrency, prompt: 922, output: output)
    #expect(agree(predicted, milliseconds, within: 0.36), "\(predicted) ms")
  }

  @Test(arguments: [(4, 3.7129), (64, 9.5489)])
  func `gpt-oss-120b on the fleet's B200 is as fast as measured`(
    concurrency: Int,
    milliseconds: Double
  ) throws {
    let kind = try #require(Fleets.named("b200-mixed").pools.first?.kind)
    let predicted = tokenMilliseconds(kind, concurrency: concurrency, prompt: 922, output: 1_024)
    #expect(agree(predicted, milliseconds, within: 0.36), "\(predicted) ms")
  }

  /// Neuron tutorial: Llama 3.3 70B on trn2.48xlarge, 64 ranks, 10,000 tokens in and 1,500 out, one
  /// request: 19.6 ms per token.
  @Test func `Llama 70B on 16 Trainium2 is as fast as measured`() throws {
    var chip = Chip.trainium3.tuned { $0.layerFloor.value = 150e-6 }
    chip.peak.bf16?.value = 667e12
    chip.memoryBytes.value = 96 * 0x1p30
    chip.memoryBandwidth.value = 2.9e12
    let step = try instance(chip, 16, .llama70B).decode(batch: 1, context: 10_750)
    #expect(agree(step.seconds * 1e3, 19.6, within: 0.1), "\(step.seconds * 1e3) ms")
  }

  /// Measured efficiencies of GEMM kernels over m tokens.
  @Test(arguments: [
    (0.80, 260.0, [0.32, 0.59, 0.73, 0.77, 0.80]), (0.50, 600.0, [0.12, 0.21, 0.31, 0.40, 0.49]),
  ])
  func `GEMM efficiency follows the measured kernels`(
    asymptote: Double,
    ramp: Double,
    measured: [Double]
  ) {
    for (tokens, efficiency) in zip([128.0, 256, 512, 1_024, 4_096], measured) {
      let fitted = asymptote * tokens / (tokens * tokens + ramp * ramp).squareRoot()
      #expect(agree(fitted, efficiency, within: 0.14), "\(tokens) tokens: \(fitted)")
    }
    let constants = asymptote == 0.80 ? RooflineConstants().gemmRampTokens.value : b200Ramp
    #expect(constants == ramp)
  }

  private var b200Ramp: Double {
    guard case .roofline(let constants) = Chip.b200.timing else { return 0 }
    return constants.gemmRampTokens.value
  }

  @Test func `a decode step is the sum of its parts, by hand`() throws {
    // Llama 8B at 16 bits on one B200, 10 requests that read 1 GB of KV.
    let weights = 2 * Double(Model.llama8B.parameters - 128_256 * 4_096) / (7.7e12 * 0.85)
    let operations = 10 * 2 * Double(Model.llama8B.activeParameters) / (2_250e12 * 0.66)
    let products =
      (weights * weights * weights * weights
      + operations * operations * operations * operations).squareRoot().squareRoot()
    let read = 1e9 / (7.7e12 * 0.85) + 1e9 * 4.0 / (2_250e12 * 1.2)
    let expected = products + read + 32 * 45e-6 + 0.3e-3 + 10 * 25e-6
    let step = try instance(.b200, 1, .llama8B).costs.decodeStep(batch: 10, kvBytes: 1e9)
    #expect(agree(step.seconds, expected, within: 1e-9))
  }

  @Test func `a prompt's attention is the published efficiency over its causal pairs, by hand`()
    throws
  {
    let tokens = 8_192.0
    let operations = 2 * 32 * 32 * 128 * tokens * tokens
    let efficiency = 0.55 * tokens / (tokens + 3_000)
    let attention = try instance(.b200, 1, .llama8B).costs
      .prefillAttention(newTokens: 8_192, pastTokens: 0)
    #expect(agree(attention.seconds, 1.2 * operations / (2_250e12 * efficiency), within: 1e-3))
  }

  @Test func `the chunks of a prompt add up to its attention`() throws {
    for model in Model.all {
      let costs = try instance(.b200, 16, model).costs
      let whole = costs.prefillAttention(newTokens: 3_000, pastTokens: 0).seconds
      let chunks = [(100, 0), (28, 100), (2_048, 128), (824, 2_176)]
      let sum = chunks.reduce(0) {
        $0 + costs.prefillAttention(newTokens: $1.0, pastTokens: $1.1).seconds
      }
      #expect(agree(sum, whole, within: 1e-9), "\(model.name)")
    }
  }

  @Test func `window layers attend to their window only`() throws {
    let work = ModelWork(model: .gptOSS120B, weights: .mxfp4, kvElementBytes: 2)
    #expect(work.windowPairs(newTokens: 128, pastTokens: 0) == 128 * 129 / 2)
    #expect(work.windowPairs(newTokens: 10, pastTokens: 128) == 10 * 128)
    #expect(work.windowPairs(newTokens: 4, pastTokens: 126) == 127 + 128 + 128 + 128)
    #expect(ModelWork.fullPairs(newTokens: 4, pastTokens: 126) == 127 + 128 + 129 + 130)
  }

  @Test func `a step of one token reads the active experts and a large one reads all`() {
    let work = ModelWork(model: .gptOSS120B, weights: .mxfp4, kvElementBytes: 2)
    let expert = 36.0 * 3 * 2_880 * 2_880 * 0.53125
    let step = work.weightBytes(tokens: 1)
    let always = work.attentionWeightBytes + work.sharedWeightBytes
    #expect(agree(step - always, 4 * expert, within: 1e-9))
    #expect(agree(work.weightBytes(tokens: 4_096) - always, 128 * expert, within: 1e-9))
    let copied = work.weightBytes(tokens: 1, copies: 4) - step
    #expect(agree(copied, 3 * work.attentionWeightBytes, within: 1e-9))
  }

  @Test func `ranks beyond the KV heads read copies`() throws {
    #expect(try instance(.trainium3, 8, .llama70B).kvReplication == 1)
    #expect(try instance(.trainium3, 16, .llama70B).kvReplication == 2)
    #expect(try instance(.trainium3, 20, .llama70B).kvReplication == 3)
  }

  @Test func `power stays between its share at rest and the design power`() throws {
    for chip in [Chip.b200, .trainium3] {
      for batch in [1, 16, 256] {
        let step = try instance(chip, 1, .llama8B).decode(batch: batch, context: 1_000)
        let watts = step.joules / step.seconds
        #expect(watts > 0.38 * chip.power.value && watts <= 1.000_001 * chip.power.value)
      }
    }
  }
}
