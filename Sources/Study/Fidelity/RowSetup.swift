public import Hardware

/// Why a row cannot be predicted.
public enum UnpredictableRow: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownModel(String)
  case unknownChip(String)
  case unknownPrecision(String)
  case noConcurrency
  /// The hardware does not take the deployment.
  case fleet(FleetError)
  /// The replay left nothing to take a median of.
  case nothingCompleted

  public var description: String {
    switch self {
    case .unknownModel(let name): "unknown model \(name)"
    case .unknownChip(let name): "unknown chip \(name)"
    case .unknownPrecision(let name): "unknown precision \(name)"
    case .noConcurrency: "no concurrency, and no batch of decode workers"
    case .fleet(let error): error.description
    case .nothingCompleted: "no measured request completed"
    }
  }
}

/// What a row measured, in terms of the catalogue: all of a deployment but the fitted constants.
struct RowSetup: Sendable {
  /// The share of memory that engines are told to fill in benchmarks: that at which rows above
  /// capacity are those that queue.
  static let usableMemory = 0.92

  let row: MeasuredRow
  let stack: Stack
  let model: Model
  let chip: Chip
  let fabric: Fabric
  let formats: RowFormats
  /// Clients of the closed loop.
  let concurrency: Int

  init(_ row: MeasuredRow, in catalogue: RowCatalogue) throws(UnpredictableRow) {
    self.row = row
    guard let model = catalogue.model(row.model) else { throw .unknownModel(row.model) }
    guard let chip = catalogue.chip(row.chip) else { throw .unknownChip(row.chip) }
    guard let fabric = catalogue.fabric(between: chip) else { throw .unknownChip(row.chip) }
    guard let precision = RowCatalogue.precision(of: row) else {
      throw .unknownPrecision(row.precision)
    }
    guard let concurrency = row.concurrency ?? Self.decodeCapacity(row) else {
      throw .noConcurrency
    }
    self.model = model
    self.chip = chip
    self.fabric = fabric
    self.concurrency = concurrency
    formats = RowFormats(precision, model: model, chip: chip)
    stack = Stack(
      model: model.name,
      chip: chip.name,
      engine: row.engine,
      precision: precision.rawValue,
      isMixtureOfExperts: model.isMixtureOfExperts
    )
  }

  /// What the decode workers hold at once, where that is all that is known of the load.
  private static func decodeCapacity(_ row: MeasuredRow) -> Int? {
    row.decode.batch.map { $0 * (row.decode.workers ?? 1) }
  }

  /// Decode workers of a server's chips or less where a row does not count them: of the rows that do,
  /// most have one prefill worker and four of these.
  private static let usualDecodeWorkers = 4

  /// The pools of the row: their roles, replicas and counts. What is labelled as one replica of more chips than
  /// a server has was served in disaggregated mode.
  var pools: [(role: Role, layout: ReplicaLayout, count: Int)] {
    let replica = ReplicaLayout(row.replica)
    return switch row.mode {
    case .aggregated where replica.chips > ReplicaLayout.chipsPerServer:
      [(.prefill, replica, 1), (.decode, replica, 1)]
    case .aggregated: [(.mixed, replica, 1)]
    case .disaggregated:
      [
        (.prefill, ReplicaLayout(row.prefill.replica), row.prefill.workers ?? 1),
        (.decode, ReplicaLayout(row.decode.replica), decodeWorkers),
      ]
    }
  }

  private var decodeWorkers: Int {
    let isWide = ReplicaLayout(row.decode.replica).chips > ReplicaLayout.chipsPerServer
    return row.decode.workers ?? (isWide ? 1 : Self.usualDecodeWorkers)
  }

  /// Whether those that decode compute attention data parallel.
  var isAttentionParallel: Bool { (pools.last?.layout.attentionGroups ?? 1) > 1 }

  /// Whether the model can draft tokens by itself: benchmarks do not say whether it did.
  var canSpeculate: Bool { model.predictionHeads > 0 }

  /// What was served in one go; speculation is on or off for all of it.
  var run: MeasuredRun {
    let replica = row.mode == .aggregated ? row.replica : row.decode.replica
    return MeasuredRun(
      stack: stack,
      engineVersion: row.engineVersion,
      measuredOn: row.measuredOn,
      layout: ReplicaLayout(replica).text
    )
  }

  /// Speculation as measured runs use it: tokens that a step drafts per request, and tokens that it
  /// yields in the mean. Fit to rows of DeepSeek-R1, GLM-5 and Qwen3.5; TensorRT-LLM drafts less under
  /// attention data parallelism.
  var speculation: (drafted: Int, accepted: Double) {
    if row.engine == "trtllm", isAttentionParallel { return (1, 1.7) }
    return (3, row.outputTokens > 4_000 ? 2.5 : 2.2)
  }
}
