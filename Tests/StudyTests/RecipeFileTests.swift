import Hardware
import Testing
import Workload

@testable import Study

@Suite struct RecipeFileTests {
  @Test func `the recipes that come with the kit name what the kit knows`() throws {
    let recipes = RecipeBook.inferencex.recipes
    #expect(recipes.count > 300)
    let works = Set(Work.all.map(\.key))
    for recipe in recipes {
      #expect(try Model.named(recipe.model).name == recipe.model)
      #expect(try Chip.named(recipe.chip).name == recipe.chip)
      #expect(works.contains(recipe.source), "line \(recipe.line)")
      if case .disaggregated(let prefill, let decode) = recipe.deployment {
        for pool in [prefill, decode] {
          #expect(pool.chips % pool.attentionRanks == 0, "line \(recipe.line)")
        }
        #expect(recipe.clients != .any && recipe.promptTokens != nil, "line \(recipe.line)")
      }
      #expect(recipe.until.isEmpty || recipe.from <= recipe.until, "line \(recipe.line)")
    }
    // No line says what another says.
    let bodies = recipes.map { recipe in
      var body = recipe
      (body.line, body.source) = (0, "")
      return body
    }
    for (index, body) in bodies.enumerated() {
      #expect(!bodies[..<index].contains(body), "line \(recipes[index].line)")
    }
  }

  @Test func `a recipe is read field by field`() throws {
    let line = RecipeRows.split(
      versions: "0.5.8 0.5.9",
      days: "2026-02-01,2026-03-01",
      clients: "4 8",
      pools: "1,4,2,5,8,1,prefill",
      drafts: 2,
      batch: "16",
      intervals: "10,30,40",
      stepTokens: "2 prompts"
    )
    let recipe = try #require(try RecipeRows.book([line]).recipes.first)
    #expect(recipe.line == 2 && recipe.versions == ["0.5.8", "0.5.9"])
    #expect(recipe.from == "2026-02-01" && recipe.until == "2026-03-01")
    #expect(recipe.clients == .each([4, 8]) && recipe.draftedTokens == 2)
    #expect(recipe.maxBatch == 16 && recipe.source == "inferencex-config")
    #expect(recipe.stepTokens == .prompts(2))
    #expect(recipe.intervals == Recipe.Intervals(receive: 10, stream: 30, wait: 40))
    let prefill = Recipe.Pool(workers: 1, chips: 4, attentionRanks: 2, isExpertParallel: true)
    let decode = Recipe.Pool(workers: 5, chips: 8, attentionRanks: 1, isExpertParallel: false)
    #expect(recipe.deployment == .disaggregated(prefill: prefill, decode: decode))
    #expect(recipe.text == "1 + 5 workers, drafts 2")
    let open = RecipeRows.whole(clients: "16-", replica: "8,,none", stepTokens: "2048")
    let other = try #require(try RecipeRows.book([open]).recipes.first)
    #expect(other.stepTokens == .tokens(2_048))
    #expect(other.clients == .range(16...Int.max) && other.text == "no drafts")
    #expect(
      other.deployment == .aggregated(Recipe.Replicas(chips: 8, isExpertParallel: false))
    )
  }

  @Test(arguments: [
    ("disaggregated", "both ways", "mode"), ("deepseek-v3", "deepseek-v9", "model"),
    ("fp8", "fp7", "precision"), ("b200", "b20000", "chip"), ("sglang", "", "engine"),
    ("2026-02-01", "1 Feb 2026", "from"), (",64,", ",64-8,", "clients"),
    (",64,", ",64;8,", "clients"), (",64,", ",-,", "clients"),
    ("1024,1024", "0,1024", "prompt_tokens"),
    ("2,8,8,both", ",8,8,both", "decode_workers"), ("both", "", "expert_parallel"),
    ("both", "all", "expert_parallel"), (",3,16,", ",4,16,", "drafted_tokens"),
    (",3,16,", ",,16,", "drafted_tokens"), (",3,16,", ",3,1.5,", "max_batch"),
    (",,30,,", ",,-30,,", "stream_steps"),
    (",,30,,", ",,30,,2 pages", "step_tokens"), (",,30,,", ",,30,,0", "step_tokens"),
    (",,30,,", ",,30,,1 prompt only", "step_tokens"),
    ("inferencex-config", "hearsay", "source"),
  ])
  func `a field that its column does not hold is named`(
    sound: String,
    broken: String,
    field: String
  ) throws {
    let line = RecipeRows.split(
      days: "2026-02-01,",
      drafts: 3,
      batch: "16",
      intervals: ",30,"
    )
    #expect(try RecipeRows.book([line]).recipes.count == 1)
    let spoilt = line.replacing(sound, with: broken, maxReplacements: 1)
    #expect(spoilt != line)
    let error = try #require(throws: MeasuredDataError.self) {
      try RecipeRows.book([line.replacing("64", with: "65", maxReplacements: 1), spoilt])
    }
    #expect(error.kind == .badData && error.file == "recipes.csv")
    #expect(error.line == 3 && error.field == field, "\(error)")
  }

  @Test func `a header without a column says which`() throws {
    let header = RecipeRows.header.replacing("drafted_tokens", with: "drafts")
    let error = try #require(throws: MeasuredDataError.self) {
      try RecipeBook(bytes: Array((header + "\n").utf8), file: "r.csv")
    }
    #expect(error.field == "drafted_tokens" && error.line == 1)
    let empty = try #require(throws: MeasuredDataError.self) {
      try RecipeBook(bytes: [], file: "r.csv")
    }
    #expect(empty.problem.contains("is empty"))
  }
}
