/// The link between an instance and the memory of its host.
public struct HostLink: Sendable, Equatable {
  /// Bytes per second in each direction, over all chips of the instance.
  public var bytesPerSecond: Int64
  /// Host memory that swapped KV may fill, in bytes.
  public var capacityBytes: Int64

  public init(bytesPerSecond: Int64, capacityBytes: Int64) {
    self.bytesPerSecond = bytesPerSecond
    self.capacityBytes = capacityBytes
  }
}

/// A model on chips of the catalogue: what an instance kind is built from.
public struct Deployment: Sendable {
  /// What reports call the instance kind.
  public var name: String
  public var chip: Chip
  /// Chips of one instance: a tensor-parallel group, or a pipeline of wafers.
  public var chips: Int
  /// Groups of chips that each serve their own requests' attention; 1 for none. Divides `chips`.
  public var attentionRanks = 1
  /// Whether chips hold whole experts.
  public var isExpertParallel = false
  /// Share of memory that weights and KV may fill.
  public var usableMemory = Chip.usableMemory.value
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
  /// What moves hand-offs.
  public var transport = Fabric.Transport.rdma
  /// Largest number of requests that hold decode memory at once.
  public var maxBatch: Int
  /// What preempted KV is swapped over and into; nil where there is no such link.
  public var host: HostLink?
  /// Measured times that steps take in place of the chip's formulas; nil for the formulas.
  public var table: StepTable?
  /// How far step times can be expected to be from measured ones; nil where nothing is known.
  public var expectedError: ExpectedError?

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
    case .roofline: model.kvReplication(ranks: parallelism.tensorRanks)
    case .wafer: 1
    }
  }

  /// How the chips share the work.
  public var parallelism: Parallelism {
    Parallelism(chips: chips, attentionRanks: attentionRanks, isExpertParallel: isExpertParallel)
  }

  private var usableBytesPerChip: Double { chip.memoryBytes.value * usableMemory }

  /// Bytes of the instance's memory that weights and KV may fill.
  public var usableBytes: Int64 { Int64((usableBytesPerChip * Double(chips)).rounded(.down)) }

  /// Bytes of the weights in memory.
  public var weightBytes: Int64 {
    model.weightBytes(weights, attentionCopies: attentionRanks)
  }

  /// The weights, and every copy of one token's KV.
  private var leastBytes: Int64 {
    weightBytes + model.kvShape(elementBytes: kvElementBytes).bytes(tokens: 1) * kvReplication
  }

  /// The fewest chips that hold the weights and one token, with as many copies of it as now.
  public var sufficientChips: Int {
    Int((Double(leastBytes) / usableBytesPerChip).rounded(.up))
  }

  /// Bytes for one copy of the KV, after the weights.
  ///
  /// - Throws: `FleetError.modelDoesNotFit` unless weights and one token fit.
  func kvCapacityBytes() throws(FleetError) -> Int64 {
    guard usableBytes >= leastBytes else {
      throw .modelDoesNotFit(
        model: model.name,
        chip: chip.name,
        chips: chips,
        neededBytes: leastBytes,
        availableBytes: usableBytes,
        sufficientChips: sufficientChips
      )
    }
    return (usableBytes - weightBytes) / kvReplication
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
    if let table {
      return TableCosts(
        table,
        chip: chip,
        chips: chips,
        work: work,
        kvBytesPerToken: model.kvShape(elementBytes: kvElementBytes).bytes(tokens: 1),
        peak: try peak()
      )
    }
    switch chip.timing {
    case .roofline(let constants):
      return RooflineCosts(
        chip: chip,
        constants: constants,
        parallelism: parallelism,
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
        staged: deployment.staged,
        transport: deployment.transport
      ),
      handoffLatency: deployment.fabric.latencyNanoseconds,
      kvReplication: deployment.kvReplication,
      costs: try deployment.costs(),
      peakOperationsPerSecond: Double(chips) * (try deployment.peak()),
      memoryBytesPerSecond: Double(chips) * chip.memoryBandwidth.value
    )
    layers = deployment.model.layers
    dollarsPerHour = chip.prices.perHour.map { $0.value * Double(chips) }
    expectedError = deployment.expectedError
    idleWatts = Double(chips) * chip.power.value * chip.powerCurve.idle.value
    if let host = deployment.host {
      hostBytesPerSecond = host.bytesPerSecond
      // Every copy of the KV is swapped.
      hostKVCapacityUnits = host.capacityBytes / deployment.kvReplication / shape.unitBytes
    }
  }
}
