import Hardware
import Simulation
import Testing
import Workload

/// What becomes of preempted requests, worked out by hand with the costs of `TwinScene`.
@Suite struct `The naive twin's preemption` {
  private let rows = TwinScene.trace(promptTokens: [20, 20], outputTokens: 5)

  /// Both prompts end at 1,190; steps over 40, 42 and 44 tokens end at 1,313, where 46 do not fit.
  /// The older request goes on, over 23 tokens in 31.5 ns.
  private func swapping(hostUnits: Int64) -> TwinScene {
    var pool = TwinScene.pool(.mixed)
    pool.kind.kvCapacityUnits = 44
    pool.kind.hostBytesPerSecond = 1_000_000_000
    pool.kind.hostKVCapacityUnits = hostUnits
    var scene = TwinScene(pools: [pool])
    scene.policies.preempt = SamplePolicies.Victim(takesNewest: true, restore: .swap)
    return scene
  }

  @Test func `swaps out and back`() {
    let result = swapping(hostUnits: 23).run(rows)
    #expect(result.records[0].finish == 1_345)
    // 92 bytes go out until 1,405. There is room from 1,345 on, but the copy in has to wait for the
    // copy out, and lasts until 1,497. Then a step over 23 tokens.
    let row = result.records[1]
    #expect(row.preemptions == 1)
    #expect(row.swaps == 1)
    #expect(row.stages.stall == row.finish - 1_313)
    #expect(row.finish == 1_529)
    #expect(result.totals[0].bytesSwappedOut == 92)
    #expect(result.totals[0].bytesSwappedIn == 92)
  }

  @Test func `recomputes what has no room on the host`() {
    let result = swapping(hostUnits: 22).run(rows)
    let row = result.records[1]
    #expect(row.preemptions == 1)
    #expect(row.swaps == 0)
    #expect(row.finish == 1_344 + 125 + 32)
    #expect(result.totals[0].bytesSwappedOut == 0)
  }

  @Test func `tells a policy what either way back costs`() {
    var scene = swapping(hostUnits: 23)
    // Recomputing takes 125 ns, swapping 184.
    scene.policies.preempt = TestPolicies.Victim(takesNewest: true, restoring: .cheaper)
    #expect(scene.run(rows).records.map(\.swaps) == [0, 0])
    // Now it takes 2 × 62 ns.
    scene.fleet.pools[0].kind.hostBytesPerSecond = 1_500_000_000
    #expect(scene.run(rows).records.map(\.swaps) == [0, 1])
  }

  @Test func `recomputes in the prefill pool and hands off anew`() {
    var scene = TwinScene()
    scene.fleet.recompute = .prefillPool
    scene.fleet.pools[1].kind.kvCapacityUnits = 44
    let result = scene.run(rows)
    // Both land at 1,370 and decode over 40, 42 and 44 tokens until 1,493.
    #expect(result.records.map(\.transferEnd) == [1_370, 1_370])
    #expect(result.records[0].finish == 1_493 + 32)
    // 23 tokens are computed in 125 ns and handed off in 20 + 92; then a step over them.
    let row = result.records[1]
    #expect(row.prefillEnd == 1_190)
    #expect(row.transferBytes == 80 + 92)
    #expect(row.stages.stall == row.finish - 1_493)
    #expect(row.finish == 1_493 + 125 + 112 + 32)
    #expect(result.totals.map(\.bytesSent) == [80 + 172, 0])
  }

  @Test func `recomputes locally what the prefill pool cannot hold`() {
    var scene = TwinScene()
    scene.fleet.recompute = .prefillPool
    scene.fleet.pools[0].kind.kvCapacityUnits = 22
    scene.fleet.pools[1].kind.kvCapacityUnits = 54
    let result = scene.run(TwinScene.trace(arrivals: [1_000, 1_000], outputTokens: 15))
    // One prompt after the other: the second lands at 1,400 beside a context of 26 tokens. Four steps
    // later each has 30 and 24, and the next token of both does not fit.
    let row = result.records[1]
    #expect(row.preemptions == 1)
    #expect(row.transferBytes == 80)
    #expect(result.totals.map(\.prefillTokens) == [40, 24])
  }
}
