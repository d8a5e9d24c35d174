import Hardware
import Simulation
import Testing
import Workload

/// Admission and routing by what is published, worked out by hand with the costs of `TwinScene`.
@Suite struct `The naive twin's gateway` {
  /// An instance with the fewest requests by what it published, and by what was sent there since if
  /// the policy looks at that; the first of equals.
  private struct FewestRequests: RoutePrefill {
    var countsSent: Bool

    func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
      var (best, fewest) = (0, Int.max)
      for i in 0..<pool.count {
        let sent = countsSent ? pool.sentRequests[i] : 0
        let requests = pool.queuedRequests[i] + pool.runningRequests[i] + sent
        if requests < fewest { (best, fewest) = (i, requests) }
      }
      return best
    }
  }

  private let three = TwinScene.trace(promptTokens: [20, 20, 20], outputTokens: 3)

  @Test func `holds until a review`() {
    var scene = TwinScene()
    scene.policies.admit = SamplePolicies.Paced(interval: 50)
    let records = scene.run(three).records
    #expect(records.map(\.stages.gateway) == [0, 50, 100])
    // The third is let in where the first prompt ends, in time for the same step as the second.
    #expect(records.map(\.prefillStart) == [1_000, 1_100, 1_100])
    #expect(records.map(\.stages.prefillQueue) == [0, 50, 0])
  }

  @Test func `holds until an instance publishes`() {
    var scene = TwinScene()
    scene.policies.admit = TestPolicies.QueueGate(limit: 1)
    let records = scene.run(three).records
    // The start of a prompt at 1,000 lets in the second request, its start at 1,100 the third.
    #expect(records.map(\.stages.gateway) == [0, 0, 100])
    #expect(records.map(\.prefillStart) == [1_000, 1_100, 1_200])
  }

  @Test func `looks again one nanosecond after a grid point when gauges lag`() {
    var scene = TwinScene()
    scene.policies.admit = TestPolicies.QueueGate(limit: 1)
    scene.options.viewLag = 100
    // Published at 1,000 and 1,100, when prompts start, and seen at 1,001 and 1,101.
    #expect(scene.run(three).records.map(\.stages.gateway) == [0, 1, 101])
  }

  @Test func `orders what it holds`() {
    var scene = TwinScene()
    scene.policies.admit = SamplePolicies.Paced(interval: 50)
    scene.policies.orderGateway = SamplePolicies.Order(by: .length)
    let rows = TwinScene.trace(promptTokens: [20, 30, 10], outputTokens: 3)
    #expect(scene.run(rows).records.map(\.stages.gateway) == [0, 100, 50])
  }

  @Test func `rejects late, at the bridge`() {
    var scene = TwinScene()
    scene.policies.decodeAdmit = TestPolicies.Deadline(patience: 240, percent: 50)
    scene.fleet.pools[1].kind.kvCapacityUnits = 42
    let result = scene.run(TwinScene.trace(arrivals: [1_000, 1_000], outputTokens: 20))
    // The first takes half of the memory; the review of the other falls to the boundary at or after
    // 1,240. Prompts end at 1,190, and the first lands at 1,290.
    let row = result.records[1]
    #expect(row.outcome == .rejected)
    #expect(row.reason == 3)
    #expect(row.emittedTokens == 1)
    #expect(row.finish == 1_240)
    #expect(row.stages.transfer == 50)
  }

  /// The instances of requests that arrive while none ends.
  private func instances(countsSent: Bool, viewLag: SimTime) -> [Int32] {
    var scene = TwinScene(pools: [TwinScene.pool(.mixed, count: 2)])
    scene.policies.routePrefill = FewestRequests(countsSent: countsSent)
    scene.options.viewLag = viewLag
    let arrivals: [SimTime] = [1_000, 1_000, 1_001, 1_002, 1_050, 1_051]
    let rows = TwinScene.trace(arrivals: arrivals, outputTokens: 30)
    return scene.run(rows).records.map(\.prefillInstance)
  }

  @Test func `routes by what was published before now`() {
    #expect(instances(countsSent: false, viewLag: 0) == [0, 1, 0, 1, 0, 1])
    // Instance 0 publishes its two requests at 1,000, which is seen from 1,001 on; instance 1
    // publishes its three at 1,050.
    #expect(instances(countsSent: false, viewLag: 100) == [0, 0, 1, 1, 1, 0])
  }

  @Test func `counts what it sent since an instance published`() {
    #expect(instances(countsSent: true, viewLag: 0) == [0, 1, 0, 1, 0, 1])
    #expect(instances(countsSent: true, viewLag: 100) == [0, 1, 0, 1, 0, 1])
  }
}
