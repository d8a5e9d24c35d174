/// Step costs of a pipeline of wafers that hold weights and KV in SRAM.
///
/// A sequence's next token passes all layers in turn, so that a step lasts L · τ(h) + W · hop, and
/// longer only when the operations of the batch fill the pipeline. SRAM bandwidth never binds: the
/// weights of an 8B model take 0.8 us of a step of 550 us.
public struct WaferCosts: ExplainedCosts {
  let work: ModelWork
  /// Time of one token through all layers and wafers, in seconds.
  let passSeconds: Double
  /// Operations per second of the full pipeline.
  let effectiveRate: Double
  /// Drawn at any load: systems of this kind idle close to their full power.
  let power: Double
  /// Tokens of each request that a step computes: more than 1 where it verifies drafts.
  var tokensPerRequest = 1

  init(
    chip: Chip,
    constants: WaferConstants,
    wafers: Int,
    model: Model,
    work: ModelWork,
    peak: Double
  ) {
    self.work = work
    let width = Powers.root(Double(model.hidden) / 4_096, exponent: constants.widthExponent.value)
    passSeconds =
      Double(model.layers) * constants.layerTime.value * width
      + Double(wafers) * constants.hopTime.value
    effectiveRate = constants.computeShare.value * Double(wafers) * peak
    power = Double(wafers) * chip.power.value
  }

  public func verifying(tokensPerRequest: Int) -> any CostModel {
    var costs = self
    costs.tokensPerRequest = tokensPerRequest
    return costs
  }

  private func computeSeconds(batch: Int, kvBytes: Double) -> Double {
    let operations = Double(batch) * work.tokenOperations + kvBytes * work.operationsPerKVByte
    return Double(tokensPerRequest) * operations / effectiveRate
  }

  public func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    cost(seconds: max(passSeconds, computeSeconds(batch: batch, kvBytes: kvBytes)))
  }

  /// The passage through all layers, or the operations of the batch where they take longer.
  public func decodeTerms(batch: Int, kvBytes: Double) -> StepBreakdown {
    let compute = computeSeconds(batch: batch, kvBytes: kvBytes)
    let binds = compute > passSeconds
    return StepBreakdown([
      StepTerm(
        "layers and hops",
        seconds: passSeconds,
        addedSeconds: binds ? 0 : passSeconds,
        rule: "layers × layer time at this width + hops between wafers"
      ),
      StepTerm(
        "pipeline",
        seconds: compute,
        addedSeconds: binds ? compute : 0,
        rule: "operations of the batch ÷ peak × share; overlaps with the passage"
      ),
    ])
  }

  public func prefillTerms(newTokens: Int, pastTokens: Int, decodeBatch: Int) -> StepBreakdown {
    let pass = StepTerm(
      "layers and hops",
      seconds: passSeconds,
      addedSeconds: decodeBatch > 0 ? 0 : passSeconds,
      rule: "layers × layer time at this width + hops between wafers"
    )
    return StepBreakdown([
      pass,
      StepTerm(
        "pipeline",
        seconds: Double(newTokens) * work.tokenOperations / effectiveRate,
        rule: "operations of the tokens ÷ peak × share"
      ),
      StepTerm(
        "attention",
        seconds: attentionSeconds(newTokens: newTokens, pastTokens: pastTokens),
        rule: "operations over pairs of query and key ÷ peak × share"
      ),
    ])
  }

  /// The passage of the first token and the operations of all. No measurement of prefill on wafers
  /// is public; this is an assumption.
  public func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    let compute = Double(tokens) * work.tokenOperations / effectiveRate
    return cost(seconds: decodeBatch > 0 ? compute : passSeconds + compute)
  }

  public func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    cost(seconds: attentionSeconds(newTokens: newTokens, pastTokens: pastTokens))
  }

  private func attentionSeconds(newTokens: Int, pastTokens: Int) -> Double {
    let full = ModelWork.fullPairs(newTokens: newTokens, pastTokens: pastTokens)
    let window = work.windowPairs(newTokens: newTokens, pastTokens: pastTokens)
    let operations = full * work.fullPairOperations + window * work.windowPairOperations
    return operations / effectiveRate
  }

  public func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    work.floatingPointOperations(tokens: tokens, attentionPairs: attentionPairs)
  }

  public func weightBytes(batch: Int) -> Double { work.weightBytes(tokens: batch) }

  private func cost(seconds: Double) -> StepCost {
    StepCost(
      time: FixedPoint.fineTime(seconds: seconds),
      energy: FixedPoint.fineEnergy(joules: power * seconds)
    )
  }
}
