import Hardware
import Simulation
import Testing
import Workload

/// What is kept of prompts, worked out by hand with the costs of `TwinScene`: blocks of 4 tokens, and
/// hits to the token.
@Suite struct `The naive twin's prefix cache` {
  private typealias Prompt = (arrival: SimTime, tokens: Int32, output: Int32, blocks: Int32)

  /// Prompts that are beginnings of one text. With `waits`, each after the first is a turn that waits
  /// so long after the end of the one before it.
  private func rows(_ prompts: [Prompt], waits: SimTime? = nil) -> RowGroup {
    var rows = RowGroup()
    rows.edgeStart = [0]
    for (index, prompt) in prompts.enumerated() {
      rows.append(Int64(index), at: prompt.arrival, prompt.tokens, prompt.output)
      rows.prefixNode.append(prompt.blocks > 0 ? 0 : -1)
      rows.prefixBlocks.append(prompt.blocks)
      rows.session.append(0)
      rows.reasoningTokens.append(0)
      if let waits, index > 0 {
        rows.edges.append(
          TurnEdge(parentRecord: Int64(index - 1), delay: waits, trigger: .completion)
        )
      }
      rows.edgeStart.append(Int32(rows.edges.count))
    }
    rows.prefixes.id = [0]
    rows.prefixes.parent = [-1]
    rows.prefixes.offset = [0]
    rows.prefixes.blocks = [16]
    return rows
  }

  private func scene(_ roles: [Role] = [.mixed], holding: Retention = .release) -> TwinScene {
    var scene = TwinScene(pools: roles.map { TwinScene.pool($0) })
    scene.blockTokens = 4
    scene.fleet.blockTokens = 1
    scene.options.loop = .closed
    scene.policies.evict = TestPolicies.Evicting(rule: .lru)
    if case .hold(let limit) = holding {
      scene.policies.retain = TestPolicies.Retaining(rule: .hold(limit))
    }
    return scene
  }

  @Test func `computes what is behind the hit, and the last token always`() {
    let result = scene().run(rows([(1_000, 20, 1, 5), (2_000, 20, 1, 5)]))
    #expect(result.records.map(\.hitTokens) == [0, 19])
    // One new token and the 20 pairs of it: 10 + 1 + 6⅔ ns.
    #expect(result.records.map(\.finish) == [1_100, 2_018])
    #expect(result.totals[0].peakUnits == 20)
  }

  @Test func `cuts a hit to the blocks of the fleet`() {
    var scene = scene()
    scene.fleet.blockTokens = 8
    let result = scene.run(rows([(1_000, 20, 1, 5), (2_000, 20, 1, 5)]))
    #expect(result.records[1].hitTokens == 16)
  }

  @Test func `knows a block once the step that computed it has ended`() {
    let result = scene().run(rows([(1_000, 20, 1, 5), (1_099, 20, 1, 5), (1_100, 20, 1, 5)]))
    // The second waits for the step that the first is in.
    #expect(result.records.map(\.prefillStart) == [1_000, 1_100, 1_100])
    #expect(result.records.map(\.hitTokens) == [0, 19, 19])
  }

  @Test func `finds the output of the turn before`() {
    let prompts: [Prompt] = [(1_000, 20, 5, 5), (1_000, 30, 1, 7)]
    #expect(scene().run(rows(prompts, waits: 0)).records[1].hitTokens == 24)
    var reasoning = rows(prompts, waits: 0)
    reasoning.reasoningTokens[0] = 1
    #expect(scene().run(reasoning).records[1].hitTokens == 20)
  }

  @Test func `lets a retention give way to a request, and evicts from the end`() {
    var scene = scene(holding: .hold(.never))
    scene.fleet.pools[0].kind.kvCapacityUnits = 44
    var rows = rows([(1_000, 20, 5, 5), (1_000, 30, 1, 7), (1_500, 30, 1, 0)], waits: 5_000)
    // The third waits for nobody: it needs 30 of the 20 that the 24 held leave.
    rows.edges.removeLast()
    rows.edgeStart[3] = 1
    let result = scene.run(rows)
    #expect(result.records[2].prefillStart == 1_500)
    #expect(result.totals[0].retentions == 1)
    #expect(result.totals[0].retentionsYielded == 1)
    #expect(result.records[1].hitTokens == 12)
  }

  @Test func `ends a retention when its time is over`() {
    let prompts: [Prompt] = [(1_000, 20, 1, 5), (1_000, 30, 1, 7)]
    let result = scene(holding: .hold(300)).run(rows(prompts, waits: 1_000))
    #expect(result.records[1].hitTokens == 20)
    // 20 tokens of 4 bytes.
    #expect(result.sessions.map(\.retainedByteTime) == [300 * 80])
  }

  @Test func `sends back what decoding added, and hands off what is new`() {
    var scene = scene([.prefill, .decode])
    let rows = rows([(1_000, 20, 9, 5), (1_000, 30, 2, 7)], waits: 1_000)
    #expect(scene.run(rows).records[1].hitTokens == 20)
    scene.policies.writeBack = TestPolicies.WritingBack(oneIn: 1)
    let result = scene.run(rows)
    // Of 28 tokens the last two blocks.
    #expect(result.totals[1].bytesWrittenBack == 32)
    #expect(result.records.map(\.hitTokens) == [0, 28])
    #expect(result.records.map(\.decodeHitTokens) == [0, 28])
    #expect(result.records.map(\.transferBytes) == [80, 8])
  }
}
