/// Recipes, found by what they are for.
public struct RecipeBook: Sendable {
  /// In the order of the file.
  public let recipes: [Recipe]
  /// Positions by what a recipe is for, ascending; only looked up.
  private let positions: [Heading: [Int]]

  /// What is the same in a recipe and the rows that it can fit.
  private struct Heading: Hashable {
    var model: String
    var chip: String
    var engine: String
    var precision: String
    var promptTokens: Int?
    var outputTokens: Int?
  }

  /// The recipes of InferenceX that come with the kit.
  public static let inferencex = shipped(
    PackageResources.inferencex_recipes_csv,
    file: "inferencex-recipes.csv"
  )

  /// Without recipes.
  public static let empty = RecipeBook([])

  /// Reads the content of a file of recipes.
  ///
  /// - Throws: `MeasuredDataError`, with line and column, for the first thing that is wrong, names
  ///   that the catalogue does not have and sources that the bibliography does not have among them.
  public init(bytes: [UInt8], file: String) throws(MeasuredDataError) {
    var reader = try RecipeReader(bytes: bytes, file: file)
    var recipes: [Recipe] = []
    while let recipe = try reader.next() { recipes.append(recipe) }
    self.init(recipes)
  }

  init(_ recipes: [Recipe]) {
    self.recipes = recipes
    var positions: [Heading: [Int]] = [:]
    for (position, recipe) in recipes.enumerated() {
      let heading = Heading(
        model: recipe.model,
        chip: recipe.chip,
        engine: recipe.engine,
        precision: recipe.precision,
        promptTokens: recipe.promptTokens,
        outputTokens: recipe.outputTokens
      )
      positions[heading, default: []].append(position)
    }
    self.positions = positions
  }

  /// That the file that comes with the kit is sound is tested.
  private static func shipped(_ bytes: [UInt8], file: String) -> RecipeBook {
    do {
      return try RecipeBook(bytes: bytes, file: file)
    } catch {
      preconditionFailure("built-in \(error)")
    }
  }

  /// The recipes that a row can have been served by: plain ones before those that draft tokens, then
  /// in the order of the file; of those that cost the same, the first.
  ///
  /// - Parameters:
  ///   - row: The row; what it measured is not looked at.
  ///   - model: The name of its model in the catalogue.
  ///   - chip: The name of its chip in the catalogue.
  ///   - precision: Its precision, such as `fp8`, whether the row states it or not.
  /// - Returns: The recipes; empty where none fits.
  public func recipes(
    for row: MeasuredRow,
    model: String,
    chip: String,
    precision: String
  ) -> [Recipe] {
    var heading = Heading(model: model, chip: chip, engine: row.engine, precision: precision)
    let unsized = positions[heading] ?? []
    heading.promptTokens = row.promptTokens
    heading.outputTokens = row.outputTokens
    let candidates = ((positions[heading] ?? []) + unsized).sorted().map { recipes[$0] }
    let fitting = RecipeFit(row).choose(from: candidates)
    var seen: Set<Cost> = []
    let distinct = fitting.filter { seen.insert(Cost($0)).inserted }
    return distinct.filter { $0.draftedTokens == 0 } + distinct.filter { $0.draftedTokens > 0 }
  }

  /// What of a recipe decode steps depend on.
  private struct Cost: Hashable {
    var decode: Recipe.Pool?
    var draftedTokens: Int
    var maxBatch: Int?
    var stepTokens: Recipe.StepTokens?

    init(_ recipe: Recipe) {
      switch recipe.deployment {
      // Beside decodes prompts are in their steps.
      case .aggregated: stepTokens = recipe.stepTokens
      case .disaggregated(_, let decode): self.decode = decode
      }
      draftedTokens = recipe.draftedTokens
      maxBatch = recipe.maxBatch
    }
  }
}
