/// Which recipes fit a row, by what the row says of its deployment.
///
/// A recipe fits where its lengths, clients, days and layout are the row's. Of those that fit, some are
/// preferred: those with the workers that the row counts, then those of the row's version of the
/// engine.
struct RecipeFit {
  private let row: MeasuredRow
  private let replica: ReplicaLayout

  /// Until the day before, rows of disaggregated serving gave the chips of the whole deployment as
  /// `tp`.
  private static let firstDayOfLayouts = "2025-12-15"

  init(_ row: MeasuredRow) {
    self.row = row
    replica = ReplicaLayout(row.replica)
  }

  /// What is labelled aggregated on more chips than a server has was served by pools as well.
  private var isMislabelled: Bool {
    row.mode == .aggregated && replica.chips > ReplicaLayout.chipsPerServer
  }

  /// Those of some recipes for the row's model, chip, engine, precision and lengths that fit best.
  func choose(from recipes: [Recipe]) -> [Recipe] {
    var fitting = recipes.filter(fits)
    if let workers = row.decode.workers {
      Self.prefer(&fitting) { $0.decodeWorkers == workers }
    }
    let isOfVersion = Self.prefer(&fitting) { $0.versions.contains(row.engineVersion) }
    if !isOfVersion { Self.prefer(&fitting) { $0.versions.isEmpty } }
    if isKnownToBePlain { Self.prefer(&fitting) { $0.draftedTokens == 0 } }
    return fitting
  }

  /// Rows under the name of DeepSeek-V3 that count their workers are of plain runs. Of the early rows
  /// labelled aggregated it is not recorded which of two fitting recipes served them: the plain one
  /// is taken.
  private var isKnownToBePlain: Bool {
    isMislabelled || (row.model.contains("V3") && row.decode.workers != nil)
  }

  /// Keeps those with a property, where there are any.
  @discardableResult
  private static func prefer(_ recipes: inout [Recipe], _ holds: (Recipe) -> Bool) -> Bool {
    let preferred = recipes.filter(holds)
    if !preferred.isEmpty { recipes = preferred }
    return !preferred.isEmpty
  }

  private func fits(_ recipe: Recipe) -> Bool {
    guard recipe.clients.contains(row.concurrency), isInTime(recipe) else { return false }
    return switch recipe.deployment {
    case .aggregated(let replicas):
      row.mode == .aggregated && !isMislabelled && fits(replicas)
    case .disaggregated(let prefill, let decode):
      (row.mode == .disaggregated || isMislabelled) && fits(prefill, decode)
    }
  }

  /// A row without a day fits what has no bounds.
  private func isInTime(_ recipe: Recipe) -> Bool {
    let day = row.measuredOn
    if day.isEmpty { return recipe.from.isEmpty && recipe.until.isEmpty }
    return day >= recipe.from && (recipe.until.isEmpty || day <= recipe.until)
  }

  private func fits(_ replicas: Recipe.Replicas) -> Bool {
    (replicas.chips ?? replica.chips) == replica.chips
      && (replicas.attentionRanks ?? replica.attentionGroups) == replica.attentionGroups
      && (replicas.isExpertParallel ?? (replica.expertGroups > 1)) == (replica.expertGroups > 1)
  }

  private func fits(_ prefill: Recipe.Pool, _ decode: Recipe.Pool) -> Bool {
    if isMislabelled { return prefill.allChips + decode.allChips == row.replica.tensor }
    let (prefillLabels, decodeLabels) = (row.prefill.replica, row.decode.replica)
    let isTotal = !row.measuredOn.isEmpty && row.measuredOn < Self.firstDayOfLayouts
    if isTotal { return prefill.allChips + decode.allChips == decodeLabels.tensor }
    let prefillTensor = max(prefillLabels.tensor ?? 1, 1)
    let prefillData = max(prefillLabels.attentionData ?? 1, 1)
    let decodeTensor = max(decodeLabels.tensor ?? 1, 1)
    let decodeData = max(decodeLabels.attentionData ?? 1, 1)
    let experts = max(decodeLabels.expert ?? 1, decodeLabels.expertTensor ?? 1)
    // Ones throughout stand for a layout that was not recorded.
    if max(prefillTensor, decodeTensor, decodeData, experts) == 1 { return true }
    // Attention data parallelism is written as tensor parallelism of one chip.
    let decodeChips = decodeTensor == 1 ? decodeData : decodeTensor
    return decode.chips == decodeChips
      && (prefillTensor == 1 || prefill.chips == prefillTensor
        || prefill.chips == max(prefillTensor, prefillData))
  }
}

extension Recipe {
  /// nil for aggregated serving.
  fileprivate var decodeWorkers: Int? {
    guard case .disaggregated(_, let decode) = deployment else { return nil }
    return decode.workers
  }
}
