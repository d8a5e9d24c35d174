/// Step costs of GPUs, TPUs and Trainium: a roofline with the constants that a chip and engine need.
///
/// A pass over the tokens of a batch takes, one after the other: time on the host; the matrix
/// products, where reading weights and computing overlap; reading KV; a time per layer that no work
/// hides; and what chips exchange. The formulas, and how well they do on measured rows, are
/// described with ``RooflineConstants``. Only + − × ÷ √ occur, so that every machine computes the
/// same bits.
public struct RooflineCosts: ExplainedCosts {
  let work: ModelWork
  let parallelism: Parallelism
  // Rates are those of the whole instance; "effective" ones count efficiency and slow-down.
  let effectiveGEMM: Double
  let effectiveDecodeGEMM: Double
  let effectiveAttention: Double
  let effectiveDecodeAttention: Double
  let effectiveBandwidth: Double
  let peak: Double
  let attentionPeak: Double
  let bandwidth: Double
  let gemmRampTokens: Double
  let expertRampTokens: Double
  let attentionRampTokens: Double
  /// Time that no work hides, over all layers, in seconds.
  let floor: Double
  /// What a pass with prompt tokens takes beyond it, over all layers, in seconds.
  let promptFloor: Double
  let hostTime: Double
  let requestTime: Double
  let kvReplication: Double
  /// Moving one token row to its experts and back, over all layers, in seconds.
  let expertTrafficTime: Double
  /// State of linear attention that a request keeps, in bytes.
  let stateBytes: Double
  let collectives: Collectives
  let power: Double
  let powerCurve: PowerCurve
  /// Tokens of each request that a decode step computes: more than 1 where it verifies drafts.
  var tokensPerRequest = 1

  /// Peaks are dense and of one chip, in op/s: `peak` in the precision that GEMMs compute in, of
  /// which large ones reach `gemmEfficiency`, and `attentionPeak` at 16 bits.
  init(
    chip: Chip,
    constants: RooflineConstants,
    parallelism: Parallelism,
    model: Model,
    work: ModelWork,
    peak: Double,
    gemmEfficiency: Double,
    attentionPeak: Double
  ) {
    self.work = work
    self.parallelism = parallelism
    let count = Double(parallelism.chips)
    let slowdown = constants.slowdown.value
    self.peak = count * peak
    self.attentionPeak = count * attentionPeak
    bandwidth = count * chip.memoryBandwidth.value
    effectiveGEMM = self.peak * gemmEfficiency / slowdown
    effectiveDecodeGEMM = self.peak * gemmEfficiency / constants.decodeSlowdown.value
    effectiveAttention = self.attentionPeak * constants.attentionEfficiency.value / slowdown
    effectiveDecodeAttention =
      self.attentionPeak * constants.decodeAttentionEfficiency.value
      / constants.decodeSlowdown.value
    effectiveBandwidth = bandwidth * constants.bandwidthEfficiency.value
    gemmRampTokens = constants.gemmRampTokens.value
    expertRampTokens = constants.gemmRampTokens.value * constants.expertRampShare.value
    attentionRampTokens = constants.attentionRampTokens.value
    floor =
      Double(model.layers) * constants.layerFloor.value
      + Double(model.expertLayers) * constants.expertLayerFloor.value
    promptFloor =
      Double(model.layers) * constants.promptLayerFloor.value
      + Double(model.expertLayers) * constants.promptExpertLayerFloor.value
    hostTime = constants.hostTime.value
    requestTime = constants.requestTime.value
    kvReplication = Double(model.kvReplication(ranks: parallelism.tensorRanks))
    // Every chip that has a part of each expert moves all tokens; one with whole experts, its share.
    let sharing = parallelism.isExpertParallel || parallelism.attentionRanks > 1 ? count : 1
    expertTrafficTime =
      Double(model.expertLayers * model.activeExperts * model.hidden)
      * constants.expertTrafficBytes.value / (sharing * chip.memoryBandwidth.value)
    stateBytes = Double(model.stateBytes)
    collectives = Collectives(
      chip: chip,
      constants: constants,
      parallelism: parallelism,
      model: model
    )
    power = count * chip.power.value
    powerCurve = chip.powerCurve
  }

  public func verifying(tokensPerRequest: Int) -> any CostModel {
    var costs = self
    costs.tokensPerRequest = tokensPerRequest
    return costs
  }

  public func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    work.floatingPointOperations(tokens: tokens, attentionPairs: attentionPairs)
  }

  public func weightBytes(batch: Int) -> Double {
    work.weightBytes(tokens: batch * tokensPerRequest, copies: parallelism.attentionRanks)
  }

  /// √√(x⁴ + y⁴): nearly the larger of two times that overlap, and a fifth above it where they are
  /// equal, as kernels that alternate between both limits are.
  static func overlapped(_ first: Double, _ second: Double) -> Double {
    let (a, b) = (first * first, second * second)
    return (a * a + b * b).squareRoot().squareRoot()
  }

  /// A cost with the energy of its time: power is a share of the design power that grows with the
  /// use of memory and of the matrix units.
  ///
  /// - Parameters:
  ///   - seconds: The duration.
  ///   - idealMemorySeconds: What the reads take at peak bandwidth.
  ///   - idealComputeSeconds: What the operations take at peak rate.
  /// - Returns: The cost, rounded up.
  func cost(
    seconds: Double,
    idealMemorySeconds: Double,
    idealComputeSeconds: Double
  ) -> StepCost {
    let active =
      powerCurve.active.value * seconds + powerCurve.memory.value * idealMemorySeconds
      + powerCurve.compute.value * idealComputeSeconds
    return StepCost(
      time: FixedPoint.fineTime(seconds: seconds),
      energy: FixedPoint.fineEnergy(joules: power * min(seconds, active))
    )
  }
}

extension Model {
  /// Copies of each KV byte among `ranks` tensor-parallel ranks: ranks beyond the KV heads repeat
  /// them.
  func kvReplication(ranks: Int) -> Int64 { Int64(max(1, (ranks + kvHeads - 1) / kvHeads)) }
}
