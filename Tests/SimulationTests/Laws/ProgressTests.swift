import Hardware
import Simulation
import Testing
import Workload

/// Law 5: no deadlock. What the pools hold of each other's memory never makes them wait for ever.
@Suite struct ProgressTests {
  /// How KV moves in a fleet.
  struct Way: Sendable, CustomTestStringConvertible {
    var handoff: HandOff
    var recompute: RecomputePlace

    var testDescription: String {
      "\(handoff.decodeAt), \(handoff.overlap), \(handoff.direction), recompute \(recompute)"
    }

    /// Every way that is allowed.
    static let all: [Way] = RecomputePlace.allCases.flatMap { recompute in
      HandOff.DecodeChoice.allCases.flatMap { choice in
        HandOff.Overlap.allCases.flatMap { overlap in
          HandOff.Direction.allCases.compactMap { direction in
            let isLayerWise = overlap == .layerWise
            if isLayerWise && (choice == .handoff || direction == .pull) { return nil }
            var handoff = HandOff()
            handoff.decodeAt = choice
            handoff.overlap = overlap
            handoff.direction = direction
            return Way(handoff: handoff, recompute: recompute)
          }
        }
      }
    }
  }

  /// Far more than any of the cases needs, and not so far that a run without end would not end.
  private static let latest: SimTime = 20_000_000

  @Test(arguments: Way.all)
  func `with hardly any memory on either side all work ends`(way: Way) throws {
    var preempted = 0
    for seed in 0..<UInt64(100) {
      var test = Case.make(seed: seed, policies: CasePolicies.draw)
      guard !test.fleet.isMonolithic else { continue }
      test.fleet.handoff = way.handoff
      test.fleet.recompute = way.recompute
      preempted += try check(&test)
    }
    #expect(preempted > 40)
  }

  @Test func `with hardly any memory a mixed fleet ends its work`() throws {
    var preempted = 0
    for seed in 0..<UInt64(600) {
      var test = Case.make(seed: seed, policies: CasePolicies.draw)
      guard test.fleet.isMonolithic else { continue }
      preempted += try check(&test)
    }
    #expect(preempted > 100)
  }

  /// Runs a case in cramped memory, and returns how often something was preempted.
  private func check(_ test: inout Case) throws -> Int {
    var random = SplitMix64(seed: SplitMix64.mix(test.seed &+ 1))
    for index in test.fleet.pools.indices {
      let pool = test.fleet.pools[index]
      // One prompt or two; one whole context, or not even that.
      let tokens = pool.role == .prefill ? random.pick(41, 60, 101) : random.pick(60, 80, 101)
      test.fleet.pools[index].kind.kvCapacityUnits = pool.kind.kv.units(tokens: tokens)
      test.fleet.pools[index].kind.maxBatch = 8
      test.fleet.pools[index].kind.hostBytesPerSecond = random.pick(0, 300_000_000, 4_000_000_000)
      test.fleet.pools[index].kind.hostKVCapacityUnits = pool.kind.kv.units(
        tokens: random.pick(30, 120)
      )
    }
    if random.isOne(in: 2) {
      test.policies.preempt = TestPolicies.Victim(
        takesNewest: random.pick(true, false),
        restoring: random.pick(.swap, .inTurns)
      )
    }
    // Requests of one token leave where they are computed, which nothing else may notice.
    for row in test.rows.record.indices where random.isOne(in: 3) {
      test.rows.outputTokens[row] = 1
      if !test.rows.maxOutputTokens.isEmpty { test.rows.maxOutputTokens[row] = 1 }
    }
    test.options.rateScale = 20
    test.options.horizon = Self.latest
    let run = try LawRun(test, mode: .fast)
    let stuck = run.records.filter { $0.outcome == .unfinished }
    #expect(stuck.isEmpty && run.result.notDue == 0, "\(test): \(stuck.prefix(2))")
    return run.records.reduce(0) { $0 + Int($1.preemptions) }
  }
}
