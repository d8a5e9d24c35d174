import Testing

@testable import Hardware

/// A step that decodes and prefills at once is priced as a sum; here the sum is held against the
/// formula for the whole pass.
@Suite struct MixedStepTests {
  /// One pass over `tokens` prompt tokens and `batch` decoding requests, in seconds, less the
  /// attention of the prompt, which is the same in both.
  ///
  /// GEMMs overlap the operations of both kinds of tokens with the read of the weights. Attention
  /// kernels that read the KV follow them; collectives and experts get both kinds of tokens; layers and
  /// host take their time once.
  private func onePass(_ costs: RooflineCosts, tokens: Int, batch: Int, kvBytes: Double) -> Double {
    let (new, decoded) = (Double(tokens), Double(batch))
    func ramped(_ tokens: Double, _ ramp: Double) -> Double {
      (tokens * tokens + ramp * ramp).squareRoot()
    }
    let share = costs.work.activeExpertShare
    let prompt =
      costs.work.promptDenseOperations * ramped(new, costs.gemmRampTokens)
      + costs.work.promptExpertOperations * ramped(new * share, costs.expertRampTokens) / share
    let compute =
      prompt / costs.effectiveGEMM
      + decoded * costs.work.tokenOperations / costs.effectiveDecodeGEMM
    let weights = costs.work.weightBytes(tokens: tokens + batch) / costs.effectiveBandwidth
    let (a, b) = (compute * compute, weights * weights)
    return (a * a + b * b).squareRoot().squareRoot()
      + kvBytes * costs.kvReplication / costs.effectiveBandwidth
      + kvBytes * costs.work.operationsPerKVByte / costs.effectiveDecodeAttention
      + costs.collectives.transferSeconds(tokens: new + decoded) + costs.collectives.latency
      + costs.floor + costs.promptFloor + costs.hostTime + decoded * costs.requestTime
      + (new + decoded) * costs.expertTrafficTime
  }

  private func worstError(_ kind: InstanceKind, batches: [Int]) throws -> Double {
    let costs = try #require(kind.costs as? RooflineCosts)
    var worst = 0.0
    for batch in batches {
      for context in [500, 2_000, 8_000] {
        let kvBytes = Double(batch) * Double(kind.kv.bytes(tokens: context))
        for chunk in [256, 512, 1_024, 2_048, 4_096, 8_192] {
          let sum =
            costs.decodeStep(batch: batch, kvBytes: kvBytes).seconds
            + costs.prefillPass(tokens: chunk, decodeBatch: batch).seconds
          let whole = onePass(costs, tokens: chunk, batch: batch, kvBytes: kvBytes)
          worst = max(worst, abs(sum / whole - 1))
        }
      }
    }
    return worst
  }

  @Test(arguments: [("b200", 1), ("b200", 4), ("trainium3", 1), ("trainium3", 4)])
  func `a dense model's mixed step costs what one pass does`(name: String, chips: Int) throws {
    let chip = try Chip.named(name)
    let model = chips == 1 ? Model.llama8B : .llama70B
    let worst = try worstError(instance(chip, chips, model), batches: [1, 8, 32, 64, 128, 256])
    #expect(worst <= 0.10, "\(worst)")
  }

  /// A small decode step leaves experts unread that the chunk needs, and the pass pays for them.
  @Test(arguments: ["b200", "trainium3"])
  func `a mixture's mixed step costs what one pass does`(name: String) throws {
    let chip = try Chip.named(name)
    let worst = try worstError(instance(chip, 1, .gptOSS120B), batches: [1, 8, 32, 64, 128, 256])
    #expect(worst <= 0.10, "\(worst)")
  }

  @Test func `a pass beside a decode step is cheaper than a pass of its own`() throws {
    for chip in [Chip.b200, .trainium3] {
      let costs = try instance(chip, 4, .llama70B).costs
      for tokens in [1, 64, 512, 8_192] {
        let beside = costs.prefillPass(tokens: tokens, decodeBatch: 16)
        let alone = costs.prefillPass(tokens: tokens, decodeBatch: 0)
        #expect(beside.time > 0 && beside.time < alone.time)
        #expect(beside.energy > 0 && beside.energy < alone.energy)
      }
    }
  }
}
