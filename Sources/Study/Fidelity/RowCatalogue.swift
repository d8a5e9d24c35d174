import Hardware

/// What the names of rows stand for, looked up once per name.
public struct RowCatalogue: Sendable {
  private var models: [String: Model] = [:]
  private var chips: [String: Chip] = [:]
  /// Between servers, and within a rack.
  private let network: Fabric?
  private let rack: Fabric?
  /// How rows were served, as far as it is known.
  let recipes: RecipeBook

  /// Looks up the names of some rows; those that the catalogue does not have stay unknown.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - recipes: How they were served, as far as it is known.
  public init(naming rows: [MeasuredRow], recipes: RecipeBook = .inferencex) {
    self.recipes = recipes
    network = try? Fabric.named("infiniband-ndr")
    rack = try? Fabric.named("nvlink-5")
    for name in Set(rows.map(\.model)) { models[name] = try? Model.named(name) }
    for name in Set(rows.map(\.chip)) { chips[name] = try? Chip.named(Self.plain(name)) }
  }

  /// Benchmarks name the form of a GPU, of which the catalogue has one each.
  private static func plain(_ chip: String) -> String {
    let name = chip.lowercased()
    return name.hasSuffix("_sxm") ? String(name.dropLast(4)) : name
  }

  func model(_ name: String) -> Model? { models[name] }

  func chip(_ name: String) -> Chip? { chips[name] }

  /// What KV is handed off over between replicas on a chip: the scale-up links where these join more
  /// chips than one server has.
  func fabric(between chip: Chip) -> Fabric? {
    chip.linkDomain > ReplicaLayout.chipsPerServer ? rack : network
  }

  /// The row's precision; without one, what the model's name says, else the 16 bits that engines
  /// take unless told otherwise.
  static func precision(of row: MeasuredRow) -> RowFormats.Label? {
    if !row.precision.isEmpty { return RowFormats.Label(rawValue: row.precision) }
    let name = row.model.lowercased()
    if name.hasSuffix("fp8") { return .fp8 }
    if name.hasSuffix("fp4") { return .fp4 }
    return .bf16
  }
}

/// The formats that a precision of the rows stands for.
struct RowFormats: Sendable, Equatable {
  /// The names that rows use.
  enum Label: String, CaseIterable {
    case bf16, fp8, fp4, int4
  }

  let weights: WeightFormat
  /// What matrices are computed in.
  let compute: Precision
  let kvElementBytes: Int

  init(_ label: Label, model: Model, chip: Chip) {
    // gpt-oss was released in MXFP4 and is served so whatever the row says.
    if model.nativeWeights == .mxfp4 {
      weights = .mxfp4
    } else {
      weights =
        switch label {
        case .bf16: .bf16
        case .fp8: .fp8
        case .fp4: .nvfp4
        case .int4: .int4
        }
    }
    // Weights of four bits are widened where the chip does not multiply them.
    compute =
      switch label {
      case .bf16, .int4: .bf16
      case .fp8: chip.peak.fp8 == nil ? .bf16 : .fp8
      case .fp4: chip.peak.fp4 == nil ? .bf16 : .fp4
      }
    kvElementBytes = label == .bf16 || label == .int4 ? 2 : 1
  }

  /// What one replica is.
  func deployment(
    of setup: RowSetup,
    on layout: ReplicaLayout,
    as role: Role,
    chip: Chip
  ) -> Deployment {
    var deployment = Deployment(
      name: "\(setup.stack.chip)-\(role.rawValue)",
      chip: chip,
      chips: layout.chips,
      model: setup.model,
      precision: compute,
      weights: weights,
      fabric: setup.fabric,
      maxBatch: setup.concurrency
    )
    deployment.kvElementBytes = kvElementBytes
    deployment.attentionRanks = layout.attentionGroups
    deployment.isExpertParallel = layout.expertGroups > 1
    deployment.usableMemory = RowSetup.usableMemory
    return deployment
  }
}
