public import Hardware
import Policies
import Simulation

/// What a log was served on: a model on chips, under the engine's settings.
public struct LogDeployment: Sendable {
  public var model: Model
  public var chip: Chip
  /// Chips of the replica, a tensor-parallel group.
  public var chips: Int
  /// What matrices are computed in, and weights and KV are held in.
  public var format: Format
  public var maxSequences: Int
  public var maxBatchedTokens: Int
  public var schedulesAhead: Bool
  /// Tokens that the KV memory holds for an average request; nil for what the chips' memory leaves.
  public var kvTokens: Int?

  public enum Format: String, Sendable, CaseIterable {
    case bf16, fp8, fp4

    var weights: WeightFormat {
      switch self {
      case .bf16: .bf16
      case .fp8: .fp8
      case .fp4: .nvfp4
      }
    }

    var precision: Precision {
      switch self {
      case .bf16: .bf16
      case .fp8: .fp8
      case .fp4: .fp4
      }
    }
  }

  /// What vLLM takes where nothing is set, on GPUs of less than 70 GiB.
  public static let defaultSequences = 256
  public static let defaultBatchedTokens = 2_048

  /// KV goes nowhere from a single instance, over whichever fabric.
  private let fabric: Fabric

  /// The deployment of a log.
  ///
  /// - Parameters:
  ///   - log: The log, with the settings that are known.
  ///   - model: What was served, by a name or alias of the catalogue; what the settings say where nil.
  ///   - chip: What it ran on, by a name of the catalogue.
  ///   - chips: Chips of the replica, at least 1; those of the settings where nil, else one.
  ///   - format: The format of weights and KV; 16 bits where nil.
  /// - Throws: `LogStudyError` for names that the catalogue does not have, or without a model.
  public init(
    of log: RequestLog,
    model: String? = nil,
    chip: String,
    chips: Int? = nil,
    format: Format? = nil
  ) throws(LogStudyError) {
    let settings = log.settings
    guard let name = model ?? settings.model else { throw .noModel(log: log.file) }
    do throws(CatalogueError) {
      self.model = try Model.named(name)
      self.chip = try Chip.named(chip)
      fabric = try Fabric.named("infiniband-ndr")
    } catch {
      throw .catalogue(error)
    }
    self.chips = max(1, chips ?? settings.chips ?? 1)
    self.format = format ?? .bf16
    maxSequences = settings.maxSequences ?? Self.defaultSequences
    maxBatchedTokens = settings.maxBatchedTokens ?? Self.defaultBatchedTokens
    schedulesAhead = settings.schedulesAhead ?? true
    kvTokens = Self.kvTokens(of: log, maxSequences: maxSequences)
  }

  /// Tokens that the blocks of a log's engine hold.
  ///
  /// One block is never given out, and the last block of a request is half full on average, which
  /// the engine's count in tokens leaves out.
  private static func kvTokens(of log: RequestLog, maxSequences: Int) -> Int? {
    guard let blocks = log.settings.kvBlocks, let block = log.settings.blockTokens else {
      return nil
    }
    let tokens = Double((blocks - 1) * block)
    let residents = min(tokens / log.meanContextTokens, Double(maxSequences))
    return max(1, Int((tokens - residents * Double(block - 1) / 2).rounded(.down)))
  }

  /// What a profile goes by.
  public var stack: Stack {
    Stack(
      model: model.name,
      chip: chip.name,
      engine: Self.engine,
      precision: format.rawValue,
      isMixtureOfExperts: model.isMixtureOfExperts
    )
  }

  /// The engine whose rules are replayed.
  static let engine = "vllm"

  /// One mixed instance.
  ///
  /// - Throws: `FleetError` where the model does not fit the chips.
  public func fleet(
    _ constants: FittedConstants,
    source: String = "fit"
  ) throws(FleetError) -> Fleet {
    var deployment = Deployment(
      name: "\(chip.name)-\(model.name)",
      chip: constants.tuned(chip, source: source),
      chips: chips,
      model: model,
      precision: format.precision,
      weights: model.nativeWeights == .mxfp4 ? .mxfp4 : format.weights,
      fabric: fabric,
      maxBatch: maxSequences
    )
    deployment.kvElementBytes = format == .bf16 ? 2 : 1
    var kind = try InstanceKind(deployment)
    if let kvTokens { kind.kvCapacityUnits = kind.kv.units(tokens: kvTokens) }
    return Fleet(
      name: deployment.name,
      summary: "",
      pools: [Pool(name: "replica", role: .mixed, kind: kind, count: 1)],
      firstToken: .prefill
    )
  }

  /// The rules of vLLM's scheduler: first come first served, decodes before prompts, prompts cut to
  /// the token budget, the newest preempted and computed again.
  func policies() throws(PolicyError) -> PolicySet {
    var choice = PolicyChoice.defaults
    try choice.set("fcfs", for: .order)
    try choice.set("chunked:tokens=\(maxBatchedTokens)", for: .batch)
    try choice.set("fits", for: .decodeAdmit)
    try choice.set("newest-first", for: .preempt)
    try choice.set("none", for: .evict)
    var policies = try choice.resolve()
    if schedulesAhead { policies.formBatch = ScheduledAhead(tokens: maxBatchedTokens) }
    return policies
  }
}
