import Hardware
import Policies
import Simulation
import Testing

@testable import Study

/// How many tokens a step of a row may compute, and under which policy.
@Suite struct StepTokensTests {
  private static func setup(
    engine: String,
    ranks: Int = 1,
    stepTokens: String? = nil
  ) throws -> RowSetup {
    let row = RecipeRows.row(.aggregated) {
      $0.engine = engine
      // Attention data parallelism is labelled as tensor parallelism of one chip.
      if ranks > 1 { $0.replica = ReplicaLabels(tensor: 1, expertTensor: 1, expert: ranks) }
    }
    let line = RecipeRows.whole(stepTokens: stepTokens ?? "").replacing("sglang", with: engine)
    let book = stepTokens == nil ? .empty : try RecipeRows.book([line])
    return try RowSetup.candidates(row, in: RowCatalogue(naming: [row], recipes: book))[0]
  }

  @Test
  func `without a recipe engines have their defaults, per group of chips where they share none`()
    throws
  {
    #expect(try Self.setup(engine: "vllm").stepTokens == 8_192)
    #expect(try Self.setup(engine: "trtllm", ranks: 8).stepTokens == 8 * 8_192)
    #expect(try Self.setup(engine: "sglang", ranks: 8).stepTokens == 16_384)
  }

  @Test func `recipes give tokens, or prompts beside all decodes`() throws {
    #expect(try Self.setup(engine: "vllm", stepTokens: "2048").stepTokens == 2_048)
    #expect(try Self.setup(engine: "vllm", ranks: 8, stepTokens: "2048").stepTokens == 16_384)
    #expect(try Self.setup(engine: "sglang", stepTokens: "32768").stepTokens == 32_768)
    // 64 clients, prompts of 1,024 tokens.
    #expect(try Self.setup(engine: "trtllm", stepTokens: "1 prompt").stepTokens == 1_088)
    #expect(try Self.setup(engine: "trtllm", stepTokens: "2 prompts").stepTokens == 2_112)
  }

  @Test func `of pools the one that computes prompts has the budget`() throws {
    let row = RecipeRows.row(.disaggregated) { $0.engine = "trtllm" }
    let line = RecipeRows.split(pools: "1,4,4,2,8,1,none").replacing("sglang", with: "trtllm")
    let catalogue = RowCatalogue(naming: [row], recipes: try RecipeRows.book([line]))
    #expect(try RowSetup.candidates(row, in: catalogue)[0].stepTokens == 4 * 8_192)
  }

  @Test func `engines form batches in their own ways`() throws {
    let schedulers = try RowSchedulers()
    #expect(schedulers[try Self.setup(engine: "vllm")].formBatch is Chunked)
    #expect(schedulers[try Self.setup(engine: "trtllm")].formBatch is WholePrompts)
    #expect(schedulers[try Self.setup(engine: "sglang")].formBatch is PrefillPriority)
  }
}
