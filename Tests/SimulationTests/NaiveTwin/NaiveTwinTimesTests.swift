import Hardware
import Simulation
import Testing
import Workload

/// Times worked out by hand, with the costs of `TwinScene`.
@Suite struct `The naive twin on an idle fleet` {
  @Test func `hands off and decodes n − 1 steps when prefill emits the first token`() {
    let row = solo(pools: disaggregated, firstToken: .prefill)
    #expect(row.firstToken == 1_100)
    checkHandOff(row)
    // Steps over 20 and 21 tokens: 30 and 30.5 ns, whose sum is seen at the next nanosecond.
    #expect(row.finish == 1_200 + 61)
    #expect(row.stages.decode == 61)
  }

  @Test func `hands off and decodes n steps when decode emits the first token`() {
    let row = solo(pools: disaggregated, firstToken: .decode)
    #expect(row.firstToken == 1_230)
    checkHandOff(row)
    #expect(row.finish == 1_200 + 92)
    #expect(row.stages.decode == 92)
  }

  @Test func `stays on a mixed instance`() {
    let row = solo(pools: [pool(.mixed)], firstToken: .decode)
    #expect(row.prefillInstance == 0)
    #expect(row.decodeInstance == 0)
    #expect(row.prefillEnd == 1_100)
    #expect(row.firstToken == 1_100)
    #expect(row.transferEnd == -1)
    #expect(row.transferBytes == 0)
    #expect(row.decodeStart == 1_100)
    #expect(row.finish == 1_161)
    #expect(row.stages.prefill == 100)
    #expect(row.stages.decode == 61)
  }

  @Test func `pays for each chunk's pass and for the attention to what came before`() {
    // Chunks of 8, 8 and 4 tokens: three passes, 50 ns in all. Their pairs are 36, 100 and 74, thirds
    // of which are 12, 33⅓ and 24⅔: each is rounded down to 2⁻³² ns, so the sum is seen as 70.
    let row = solo(pools: [pool(.mixed)], firstToken: .prefill, chunk: 8)
    #expect(row.prefillEnd == 1_120)
    #expect(row.stages.prefill == 120)
  }

  @Test func `ends a request of one token where its prompt ends`() {
    let row = solo(pools: disaggregated, firstToken: .prefill, outputTokens: 1)
    #expect(row.outcome == .completed)
    #expect(row.finish == 1_100)
    #expect(row.decodeInstance == -1)
    #expect(row.decodeStart == -1)
    #expect(row.transferEnd == -1)
    #expect(row.stages.transfer == 0)
  }

  @Test func `rejects a prompt that no instance holds`() {
    var small = pool(.decode)
    small.kind.kvCapacityUnits = 19
    let row = solo(pools: [pool(.prefill), small], firstToken: .prefill)
    #expect(row.outcome == .rejected)
    #expect(row.reason == 1)
    #expect(row.finish == 1_000)
  }

  @Test func `fails a request that outgrows an empty instance`() {
    var small = pool(.mixed)
    small.kind.kvCapacityUnits = 20
    let row = solo(pools: [small], firstToken: .prefill)
    #expect(row.outcome == .failed)
    #expect(row.reason == 2)
    #expect(row.emittedTokens == 2)
    #expect(row.finish == 1_130)
    #expect(row.preemptions == 0)
  }

  @Test func `recomputes the context of a preempted request`() {
    var small = pool(.mixed)
    small.kind.kvCapacityUnits = 44
    let rows = trace(promptTokens: [20, 20], outputTokens: 5)
    let ended = run(rows, pools: [small], firstToken: .prefill)
    // Both prompts in 10 + 40 + 2·70 ns, then steps over 40, 42 and 44 tokens: 40 + 41 + 42 ns. Now
    // 46 do not fit. The older one goes on, over 23 tokens in 31.5 ns.
    #expect(ended[0].finish == 1_313 + 32)
    #expect(ended[0].preemptions == 0)
    // The newer one computes its 23 tokens anew, 10 + 23 + 92 ns from the half nanosecond on, and
    // decodes one step over them.
    #expect(ended[1].preemptions == 1)
    #expect(ended[1].finish == 1_344 + 125 + 32)
    #expect(ended[1].stages.decode == 123)
    #expect(ended[1].stages.stall == ended[1].finish - 1_313)
    #expect(ended.map(\.emittedTokens) == [5, 5])
  }

  @Test func `fixes the flows of the tightest NIC first`() {
    // Egress 0 carries two flows, ingress 2 two and ingress 3 one: the last is the tightest, what it
    // leaves of egress 0 is more than half of ingress 2.
    let flows = [
      TwinLinks.Flow(sender: 0, receiver: 2), TwinLinks.Flow(sender: 0, receiver: 3),
      TwinLinks.Flow(sender: 1, receiver: 2),
    ]
    let links = TwinLinks(
      nics: [10, 12, 9, 3],
      pools: [0, 0, 1, 1],
      fabrics: [.max, .max],
      stores: [.max, .max]
    )
    #expect(links.maxMinFair(flows).map(\.rate) == [4, 3, 4])
    #expect(links.firstComeFirstServed(flows).map(\.rate) == [9, 0, 0])
  }

  @Test func `shares a link among four equal transfers`() {
    // 80 bytes at 1 byte per nanosecond: 20 ns of latency, then 80 ns alone or 320 ns together.
    var rows = trace(promptTokens: [20, 20, 20, 20], outputTokens: 3)
    let together = run(rows, pools: disaggregated, firstToken: .prefill)
    rows = trace(promptTokens: [20], outputTokens: 3)
    let alone = run(rows, pools: disaggregated, firstToken: .prefill)
    let solo = alone[0].transferEnd - alone[0].prefillEnd
    #expect(solo == 100)
    for row in together {
      let expected = 20 + 4 * (solo - 20)
      #expect(abs(row.transferEnd - row.prefillEnd - expected) <= 4)
    }
  }

  @Test func `serves transfers one after the other`() {
    let rows = trace(promptTokens: [20, 20, 20], outputTokens: 3)
    let policies = SamplePolicies.plain(discipline: .firstComeFirstServed)
    let served = run(rows, pools: disaggregated, firstToken: .prefill, policies: policies)
    #expect(served.map { $0.transferEnd - $0.prefillEnd } == [100, 180, 260])
  }

  private var disaggregated: [Pool] { TwinScene.disaggregated }

  private func pool(_ role: Role) -> Pool { TwinScene.pool(role) }

  private func trace(promptTokens: [Int32], outputTokens: Int32) -> RowGroup {
    TwinScene.trace(promptTokens: promptTokens, outputTokens: outputTokens)
  }

  private func run(
    _ rows: RowGroup,
    pools: [Pool],
    firstToken: FirstToken,
    policies: PolicySet = SamplePolicies.plain()
  ) -> [RequestRecord] {
    var scene = TwinScene(pools: pools, firstToken: firstToken)
    scene.policies = policies
    return scene.run(rows).records
  }

  private func solo(
    pools: [Pool],
    firstToken: FirstToken,
    outputTokens: Int32 = 3,
    chunk: Int = 1_000
  ) -> RequestRecord {
    run(
      trace(promptTokens: [20], outputTokens: outputTokens),
      pools: pools,
      firstToken: firstToken,
      policies: SamplePolicies.plain(chunk: chunk)
    )[0]
  }

  private func checkHandOff(_ row: RequestRecord) {
    #expect(row.outcome == .completed)
    #expect(row.emittedTokens == 3)
    #expect(row.prefillInstance == 0)
    #expect(row.decodeInstance == 1)
    #expect(row.prefillStart == 1_000)
    #expect(row.prefillEnd == 1_100)
    #expect(row.transferBytes == 80)
    #expect(row.transferEnd == 1_200)
    #expect(row.decodeStart == 1_200)
    #expect(row.stages.prefillQueue == 0)
    #expect(row.stages.prefill == 100)
    #expect(row.stages.transfer == 100)
    #expect(row.stages.decodeQueue == 0)
    #expect(row.stages.stall == 0)
    #expect(row.stages.gateway == 0)
  }
}
