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
  /// How the row was served, of the ways that are possible; nil where none is known.
  private(set) var recipe: Recipe?

  init(
    _ row: MeasuredRow,
    in catalogue: RowCatalogue,
    recipe: Recipe? = nil
  ) throws(UnpredictableRow) {
    self.row = row
    self.recipe = recipe
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

  /// The ways in which the row can have been served, the likeliest first; one without a recipe where
  /// none is known. Never empty.
  static func candidates(
    _ row: MeasuredRow,
    in catalogue: RowCatalogue
  ) throws(UnpredictableRow) -> [RowSetup] {
    let setup = try RowSetup(row, in: catalogue)
    let recipes = catalogue.recipes.recipes(
      for: row,
      model: setup.stack.model,
      chip: setup.stack.chip,
      precision: setup.stack.precision
    )
    return recipes.isEmpty ? [setup] : recipes.map(setup.served)
  }

  private func served(by recipe: Recipe) -> RowSetup {
    var setup = self
    setup.recipe = recipe
    return setup
  }

  /// What the decode workers hold at once, where that is all that is known of the load.
  private static func decodeCapacity(_ row: MeasuredRow) -> Int? {
    row.decode.batch.map { $0 * (row.decode.workers ?? 1) }
  }

  /// Decode workers of a server's chips or less where a row does not count them: of the rows that do,
  /// most have one prefill worker and four of these.
  private static let usualDecodeWorkers = 4

  /// The pools of the row: their roles, replicas and counts; those of its recipe where it has one.
  /// What is labelled as one replica of more chips than a server has was served in disaggregated mode.
  var pools: [(role: Role, layout: ReplicaLayout, count: Int)] {
    if case .disaggregated(let prefill, let decode) = recipe?.deployment {
      return [
        (.prefill, prefill.layout, prefill.workers), (.decode, decode.layout, decode.workers),
      ]
    }
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

  /// The largest decode batch of a replica; nil where the recipe does not bound it.
  func maxBatch(of layout: ReplicaLayout) -> Int? {
    recipe?.maxBatch.map { $0 * layout.attentionGroups }
  }

  /// What an engine computes in a step where nobody says otherwise: the default of vLLM on these chips
  /// and of TensorRT-LLM; of SGLang, between the sizes that scripts choose.
  static let usualStepTokens = 8_192
  static let usualPromptTokens = 16_384

  /// Tokens that a step of a replica that computes prompts computes at most. With data-parallel attention
  /// vLLM and TensorRT-LLM have a budget per group of chips, SGLang one for all.
  var stepTokens: Int {
    let isShared = row.engine == "sglang"
    let groups = isShared ? 1 : pools.first?.layout.attentionGroups ?? 1
    return switch recipe?.stepTokens {
    case .tokens(let tokens): tokens * groups
    case .prompts(let prompts): prompts * row.promptTokens * groups + concurrency
    case nil: isShared ? Self.usualPromptTokens : Self.usualStepTokens * groups
    }
  }

  /// Whether prompts are cut where the budget of a step ends.
  var cutsPrompts: Bool { row.engine != "trtllm" }

  /// What passes until a client sees the first token.
  var frontEnd: FrontEnd {
    FrontEnd(recipe?.intervals, isAttentionParallel: isAttentionParallel)
  }

  /// Tokens that a step drafts per request, and tokens that it yields in the mean, by the recipe; nil
  /// for none.
  var speculation: (drafted: Int, accepted: Double)? {
    recipe?.speculation(outputTokens: row.outputTokens)
  }
}
