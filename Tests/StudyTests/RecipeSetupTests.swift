import Hardware
import Simulation
import Testing

@testable import Study

@Suite struct RecipeSetupTests {
  private typealias Rows = RecipeRows

  private func deployment(
    _ row: MeasuredRow,
    _ lines: [String]
  ) throws -> (setup: RowSetup, deployment: RowDeployment) {
    let catalogue = RowCatalogue(naming: [row], recipes: try Rows.book(lines))
    let setup = try #require(try RowSetup.candidates(row, in: catalogue).first)
    return (setup, try RowDeployment(row, in: catalogue, profile: .catalogue))
  }

  @Test func `pools, batches and speculation are the recipe's`() throws {
    let row = Rows.row(.disaggregated) { $0.concurrency = 2_048 }
    let line = Rows.split(
      clients: "2048",
      pools: "3,4,1,2,8,8,decode",
      drafts: 3,
      batch: "16"
    )
    let (setup, deployment) = try deployment(row, [line])
    let pools = deployment.fleet.pools
    #expect(pools.map(\.count) == [3, 2] && pools.map(\.role) == [.prefill, .decode])
    #expect(setup.pools.map(\.layout.text) == ["4/1/0", "8/8/1"])
    // Per attention rank.
    #expect(pools[1].kind.maxBatch == 128 && pools[0].kind.maxBatch > 128)
    #expect(deployment.fleet.acceptedTokensPerStep == Recipe.acceptedTokensPerStep[3])
    #expect(deployment.notes.first == "recipe: 3 + 2 workers, drafts 3")
    let (plain, served) = try self.deployment(row, [Rows.split(clients: "2048")])
    #expect(plain.speculation == nil && served.fleet.acceptedTokensPerStep == 1)
    #expect(served.notes.first == "recipe: 1 + 2 workers")
  }

  @Test func `drafting more yields more, and never more than was drafted`() throws {
    let row = Rows.row(.aggregated) { _ in }
    var last = 1.0
    for drafted in 1...3 {
      let (setup, deployment) = try deployment(row, [Rows.whole(drafts: drafted)])
      let speculation = try #require(setup.speculation)
      #expect(speculation.drafted == drafted && speculation.accepted > last)
      #expect(speculation.accepted < Double(drafted) + 1)
      #expect(deployment.fleet.acceptedTokensPerStep == speculation.accepted)
      #expect(deployment.notes == ["recipe: drafts \(drafted)"])
      last = speculation.accepted
    }
  }

  @Test func `a row without a recipe is what its labels say`() throws {
    let row = Rows.row(.disaggregated) { _ in }
    let (setup, deployment) = try deployment(row, [])
    #expect(setup.recipe == nil && setup.speculation == nil)
    #expect(deployment.fleet.pools.map(\.count) == [1, 4] && deployment.notes.isEmpty)
    let catalogue = RowCatalogue(naming: [row], recipes: .empty)
    #expect(try RowSetup.candidates(row, in: catalogue).count == 1)
    var unknown = row
    unknown.model = "no-such-model"
    #expect(throws: UnpredictableRow.unknownModel("no-such-model")) {
      try RowSetup.candidates(unknown, in: catalogue)
    }
  }

  @Test func `tokens wait for half the intervals that a recipe states`() throws {
    let row = Rows.row(.aggregated) { _ in }
    let delay = FirstTokenDelay(
      steps: 0.6,
      attentionParallelSteps: 40,
      seconds: 0.08,
      secondsPerPromptToken: 1e-6
    )
    func seconds(_ intervals: String) throws -> Double {
      try deployment(row, [Rows.whole(intervals: intervals)]).setup.frontEnd
        .seconds(delay, promptTokens: 1_000, stepSeconds: 0.01)
    }
    #expect(abs(try seconds("10,30,") - (0.081 + 0.6 * 23 * 0.01)) < 1e-12)
    #expect(abs(try seconds(",30,40") - (0.081 + 0.6 * 38.5 * 0.01)) < 1e-12)
    #expect(abs(try seconds(",,") - (0.081 + 0.6 * 4 * 0.01)) < 1e-12)
    let parallel = FrontEnd(nil, isAttentionParallel: true)
    let waited = parallel.seconds(delay, promptTokens: 0, stepSeconds: 0.01)
    #expect(abs(waited - (0.08 + (0.6 * 4 + 40) * 0.01)) < 1e-12)
  }
}
