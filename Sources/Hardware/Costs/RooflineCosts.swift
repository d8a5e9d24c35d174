/// Step costs of GPUs and Trainium: a roofline with the constants that a chip and engine need.
///
/// `n` chips work as one tensor-parallel group. Terms that overlap are joined as √(x² + y²), a
/// smooth maximum; terms that do not are added. The formulas, and how well they do on measured
/// rows, are described with ``RooflineConstants``. Only + − × ÷ √ occur, so that every machine
/// computes the same bits.
public struct RooflineCosts: CostModel {
  let work: ModelWork
  // Rates are those of the whole instance; "effective" ones count efficiency and slow-down.
  let effectiveGEMM: Double
  let effectiveAttention: Double
  let effectiveDecodeAttention: Double
  let effectiveBandwidth: Double
  let peak: Double
  let attentionPeak: Double
  let bandwidth: Double
  let gemmRampTokens: Double
  let attentionRampTokens: Double
  /// Time that no work hides, over all layers, in seconds.
  let floor: Double
  let hostTime: Double
  let kvReplication: Double
  let allReduce: AllReduce
  /// Activation bytes per token in each all-reduce.
  let activationBytes: Double
  let power: Double

  /// Peaks are dense and of one chip, in op/s: `peak` in the precision that GEMMs compute in, of
  /// which large ones reach `gemmEfficiency`, and `attentionPeak` at 16 bits.
  init(
    chip: Chip,
    constants: RooflineConstants,
    chips: Int,
    model: Model,
    work: ModelWork,
    peak: Double,
    gemmEfficiency: Double,
    attentionPeak: Double
  ) {
    self.work = work
    let count = Double(chips)
    let slowdown = constants.slowdown.value
    self.peak = count * peak
    self.attentionPeak = count * attentionPeak
    bandwidth = count * chip.memoryBandwidth.value
    effectiveGEMM = self.peak * gemmEfficiency / slowdown
    effectiveAttention = self.attentionPeak * constants.attentionEfficiency.value / slowdown
    effectiveDecodeAttention =
      self.attentionPeak * constants.decodeAttentionEfficiency.value / slowdown
    effectiveBandwidth = bandwidth * constants.bandwidthEfficiency.value
    gemmRampTokens = constants.gemmRampTokens.value
    attentionRampTokens = constants.attentionRampTokens.value
    let layers = Double(model.layers)
    let expertLayers = model.isMixtureOfExperts ? layers : 0
    floor = layers * constants.layerFloor.value + expertLayers * constants.expertLayerFloor.value
    hostTime = constants.hostTime.value
    kvReplication = Double(model.kvReplication(ranks: chips))
    allReduce = AllReduce(chip: chip, constants: constants, chips: chips, model: model)
    activationBytes = 2 * Double(model.hidden)
    power = count * chip.power.value
  }

  public func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    work.floatingPointOperations(tokens: tokens, attentionPairs: attentionPairs)
  }

  public func weightBytes(batch: Int) -> Double { work.weightBytes(tokens: batch) }

  /// A cost with the energy of its time: power is a share of the design power that grows with the
  /// use of memory and of the matrix units (fit to 18 chip power readings of ML.ENERGY, 12 % in
  /// the median).
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
    let active = 0.38 * seconds + 0.5 * idealMemorySeconds + 1.3 * idealComputeSeconds
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
