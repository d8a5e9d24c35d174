import Hardware
import Simulation
import Testing
import Workload

/// Hand-off times worked out by hand, with the costs of `TwinScene`.
@Suite struct `The naive twin's hand-off` {
  /// A chunk of 10 tokens takes 10 + 40 ns, and sends 40 bytes at 1 byte per nanosecond.
  private func layerWise(layers: Int, nicBytesPerSecond: Int64 = 1_000_000_000) -> TwinScene {
    var scene = TwinScene()
    scene.fleet.handoff.decodeAt = .prefillStart
    scene.fleet.handoff.overlap = .layerWise
    scene.fleet.pools[0].kind.layers = layers
    scene.fleet.pools[0].kind.nicBytesPerSecond = nicBytesPerSecond
    scene.fleet.pools[0].kind.costs = TinyCosts(
      decodeBase: 0,
      decodePerRequest: 0,
      kvNumerator: 0,
      kvDenominator: 1,
      passBase: 10,
      passPerToken: 4,
      attentionNumerator: 0,
      attentionDenominator: 1
    )
    scene.policies = SamplePolicies.plain(chunk: 10)
    return scene
  }

  private let solo = TwinScene.trace(promptTokens: [20], outputTokens: 3)

  @Test func `sends all layers of both chunks but one while the prompt is computed`() {
    let row = layerWise(layers: 4).run(solo).records[0]
    // From 1,020 the 30 bytes of three layers, sent when the fourth's come at 1,050 with 30 more of
    // the second chunk: idle from 1,090, and from 1,100 the last 10.
    #expect(row.handoff == .layerWise)
    #expect(row.prefillEnd == 1_100)
    #expect(row.transferEnd == 1_110)
    #expect(row.transferBytes == 80)
    #expect(row.stages.transfer == 10)
    #expect(row.finish == 1_110 + 61)
  }

  @Test func `sends whole chunks of a model with one layer`() {
    // 40 bytes from 1,050 and 40 from 1,100.
    let row = layerWise(layers: 1).run(solo).records[0]
    #expect(row.transferEnd == 1_140)
  }

  @Test func `sends without a break where the link is slower than the prompt`() {
    // 80 bytes in 160 ns from 1,020 on.
    let row = layerWise(layers: 4, nicBytesPerSecond: 500_000_000).run(solo).records[0]
    #expect(row.transferEnd == 1_180)
  }

  @Test func `joins its links once more when the prompt's end gives it nothing`() {
    // The KV of a window of 10 tokens is all in the first chunk: sent at 1,060.
    var scene = layerWise(layers: 4)
    for index in scene.fleet.pools.indices {
      scene.fleet.pools[index].kind.kv = KVShape(
        fullBytesPerToken: 0,
        windowBytesPerToken: 4,
        windowTokens: 10
      )
    }
    let row = scene.run(solo).records[0]
    #expect(row.prefillEnd == 1_100)
    #expect(row.transferEnd == 1_101)
  }

  @Test func `falls back to a blocking hand-off without decode memory`() {
    var scene = layerWise(layers: 4)
    scene.policies = SamplePolicies.plain()
    scene.fleet.pools[1].kind.kvCapacityUnits = 30
    let rows = TwinScene.trace(promptTokens: [20, 20], outputTokens: 3)
    let records = scene.run(rows).records
    #expect(records.map(\.handoff) == [.layerWise, .fellBack])
    // Both prompts take 10 + 160 ns. The first has 20 bytes left, and decodes two steps; then the
    // second's 20 ns of latency and 80 bytes begin.
    #expect(records.map(\.prefillEnd) == [1_170, 1_170])
    #expect(records[0].transferEnd == 1_190)
    #expect(records[0].finish == 1_190 + 61)
    #expect(records[1].transferEnd == 1_251 + 100)
  }

  @Test func `does not hand off a request of one token`() {
    let row = layerWise(layers: 4).run(TwinScene.trace(promptTokens: [20], outputTokens: 1))
      .records[0]
    #expect(row.handoff == .none)
    #expect(row.transferBytes == 0)
    #expect(row.decodeInstance == 1)
    #expect(row.finish == 1_100)
  }

  @Test func `pulls at a boundary`() {
    var scene = TwinScene()
    let rows = TwinScene.trace(arrivals: [1_000, 1_110], outputTokens: 3)
    #expect(scene.run(rows).records.map(\.transferEnd) == [1_200, 1_310])
    // The second prompt is computed at 1,210, in the step from 1,200 to 1,230.
    scene.fleet.handoff.direction = .pull
    #expect(scene.run(rows).records.map(\.transferEnd) == [1_200, 1_330])
  }

  @Test func `pays for a cold start once`() {
    var scene = TwinScene()
    scene.fleet.handoff.coldStart = 50
    let rows = TwinScene.trace(arrivals: [1_000, 2_000], outputTokens: 3)
    #expect(scene.run(rows).records.map(\.transferEnd) == [1_250, 2_200])
  }

  @Test func `reaches the efficiency of its pair of pools`() {
    var scene = TwinScene()
    scene.fleet.handoff.pairs = [
      PairEfficiency(prefill: "prefill", decode: "decode", efficiency: 0.5)
    ]
    #expect(scene.run(solo).records[0].transferEnd == 1_100 + 20 + 160)
  }

  @Test func `chooses the decode instance when it is told to`() {
    for choice in HandOff.DecodeChoice.allCases {
      // The only other request decodes on instance 1 until 1,231.
      var scene = TwinScene(pools: [TwinScene.pool(.prefill), TwinScene.pool(.decode, count: 2)])
      scene.fleet.handoff.decodeAt = choice
      let rows = TwinScene.trace(arrivals: [1_000, 1_165], outputTokens: 3)
      let records = scene.run(rows).records
      // At its arrival and its start it is there, at 1,265 it has left.
      #expect(records[0].decodeInstance == 1)
      #expect(records[1].decodeInstance == (choice == .handoff ? 1 : 2))
    }
  }
}

/// Rates worked out by hand.
@Suite struct `The naive twin's links` {
  private func scene(_ fabric: Int64, _ discipline: LinkDiscipline) -> TwinScene {
    var scene = TwinScene(
      pools: [TwinScene.pool(.prefill, count: 2), TwinScene.pool(.decode, count: 2)]
    )
    scene.fleet.pools[1].fabricBytesPerSecond = fabric
    scene.policies = SamplePolicies.plain(discipline: discipline)
    return scene
  }

  /// One on each of the instances.
  private let rows = TwinScene.trace(promptTokens: [20, 20], outputTokens: 3)

  @Test func `two transfers share a fabric`() {
    // 80 bytes at 0.6 per nanosecond, from 1,120.
    let records = scene(1_200_000_000, .maxMinFair).run(rows).records
    #expect(records.map(\.decodeInstance) == [2, 3])
    #expect(records.map(\.transferEnd) == [1_254, 1_254])
  }

  @Test func `the first of two transfers leaves the rest of a fabric`() {
    // At 0.2 bytes per nanosecond for 80 ns, then at 1.
    let records = scene(1_200_000_000, .firstComeFirstServed).run(rows).records
    #expect(records.map(\.transferEnd) == [1_200, 1_264])
  }

  @Test func `a transfer waits where nothing is left of a fabric`() {
    let records = scene(1_000_000_000, .firstComeFirstServed).run(rows).records
    #expect(records.map(\.transferEnd) == [1_200, 1_280])
  }

  @Test func `fixes what a cap bounds before it shares the rest`() {
    let links = TwinLinks(
      nics: [12, 9, 20, 20],
      pools: [0, 0, 1, 1],
      fabrics: [.max, 13],
      stores: [.max, .max]
    )
    let flows = [
      TwinLinks.Flow(sender: 0, receiver: 2, cap: 2), TwinLinks.Flow(sender: 0, receiver: 2),
      TwinLinks.Flow(sender: 1, receiver: 3, cap: 3),
    ]
    // The fabric's share is 4: both caps are below it, and leave 8 of it to the second.
    #expect(links.maxMinFair(flows).map(\.rate) == [2, 8, 3])
    #expect(links.firstComeFirstServed(flows).map(\.rate) == [2, 0, 3])
  }
}
