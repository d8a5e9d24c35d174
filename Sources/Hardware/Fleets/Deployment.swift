/// A model on chips of the catalogue: what an instance kind is built from.
public struct Deployment: Sendable {
  /// What reports call the instance kind.
  public var name: String
  public var chip: Chip
  /// Chips of one instance: a tensor-parallel group, or a pipeline of wafers.
  public var chips: Int
  public var model: Model
  /// The precision that GEMMs compute in. Weights of fewer bits are widened on the way.
  public var precision: Precision
  public var weights: WeightFormat
  /// Bytes of one key or value element.
  public var kvElementBytes = 2
  /// What KV is handed off over.
  public var fabric: Fabric
  /// Whether hand-offs are copied through host memory.
  public var staged = false
  /// Largest number of requests that hold decode memory at once.
  public var maxBatch: Int

  /// A deployment with 16-bit KV that is not staged; weights keep the model's own format unless
  /// another is given.
  public init(
    name: String,
    chip: Chip,
    chips: Int,
    model: Model,
    precision: Precision = .bf16,
    weights: WeightFormat? = nil,
    fabric: Fabric,
    maxBatch: Int
  ) {
    precondition(chips >= 1 && maxBatch >= 1)
    self.name = name
    self.chip = chip
    self.chips = chips
    self.model = model
    self.precision = precision
    self.weights = weights ?? model.nativeWeights
    self.fabric = fabric
    self.maxBatch = maxBatch
  }

  /// Copies of each KV byte on the instance; the wafers of a pipeline hold different layers.
  public var kvReplication: Int64 {
    switch chip.timing {
    case .roofline: model.kvReplication(ranks: chips)
    case .wafer: 1
    }
  }

  /// Bytes for one copy of the KV, after the weights.
  ///
  /// - Throws: `FleetError.modelDoesNotFit` unless weights and one token fit.
  func kvCapacityBytes() throws(FleetError) -> Int64 {
    let usablePerChip = chip.memoryBytes.value * Chip.usableMemory.value
    let available = Int64((usablePerChip * Double(chips)).rounded(.down))
    let weightBytes = model.weightBytes(weights)
    let token = model.kvShape(elementBytes: kvElementBytes).bytes(tokens: 1)
    let needed = weightBytes + token * kvReplication
    guard available >= needed else {
      throw .modelDoesNotFit(
        model: model.name,
        chip: chip.name,
        chips: chips,
        neededBytes: needed,
        availableBytes: available,
        sufficientChips: Int((Double(needed) / usablePerChip).rounded(.up))
      )
    }
    return (available - weightBytes) / kvReplication
  }

  private func rate(_ rates: ByPrecision, _ precision: Precision) throws(FleetError) -> Double {
    guard let rate = rates[precision] else {
      throw .unsupportedPrecision(
        chip: chip.name,
        precision: precision,
        supported: Precision.allCases.filter { rates[$0] != nil }
      )
    }
    return rate.value
  }

  fileprivate func peak() throws(FleetError) -> Double { try rate(chip.peak, precision) }

  fileprivate func costs() throws(FleetError) -> any CostModel {
    let work = ModelWork(model: model, weights: weights, kvElementBytes: kvElementBytes)
    switch chip.timing {
    case .roofline(let constants):
      return RooflineCosts(
        chip: chip,
        constants: constants,
        chips: chips,
        model: model,
        work: work,
        peak: try peak(),
        gemmEfficiency: try rate(constants.gemmEfficiency, precision),
        attentionPeak: try rate(chip.peak, .bf16)
      )
    case .wafer(let constants):
      return WaferCosts(
        chip: chip,
        constants: constants,
        wafers: chips,
        model: model,
        work: work,
        peak: try peak()
      )
    }
  }
}

extension InstanceKind {
  /// The instance kind of a deployment.
  ///
  /// - Throws: `FleetError` if the model does not fit into the chips, or the chip does not compute
  ///   in the precision.
  public init(_ deployment: Deployment) throws(FleetError) {
    let (chip, chips) = (deployment.chip, deployment.chips)
    let shape = deployment.model.kvShape(elementBytes: deployment.kvElementBytes)
    self.init(
      name: deployment.name,
      chip: chip.name,
      model: deployment.model.name,
      chips: chips,
      kv: shape,
      kvCapacityUnits: try deployment.kvCapacityBytes() / shape.unitBytes,
      maxBatch: deployment.maxBatch,
      nicBytesPerSecond: deployment.fabric.bytesPerSecond(
        chip: chip,
        chips: chips,
        staged: deployment.staged
      ),
      handoffLatency: deployment.fabric.latencyNanoseconds,
      kvReplication: deployment.kvReplication,
      costs: try deployment.costs(),
      peakOperationsPerSecond: Double(chips) * (try deployment.peak()),
      memoryBytesPerSecond: Double(chips) * chip.memoryBandwidth.value
    )
  }
}
