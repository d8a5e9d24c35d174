import Hardware
import Policies
import Simulation
import Testing
import Workload

/// Laws 6 and 7: what one request finds on an idle fleet.
@Suite struct SoloTests {
  @Test(arguments: Fleets.all, [FirstToken.prefill, .decode])
  func `on an idle built-in fleet a request takes the sum of its parts`(
    fleet: Fleet,
    firstToken: FirstToken
  ) throws {
    var fleet = fleet
    fleet.firstToken = firstToken
    // Below, at and above the step budget of 8,192 tokens, and one that takes several steps.
    for promptTokens: Int32 in [1, 100, 1_147, 8_192, 8_193, 20_000] {
      for outputTokens: Int32 in [1, 2, 3, 300] {
        try check(promptTokens, outputTokens, on: fleet, budget: 8_192)
      }
    }
  }

  @Test func `with drawn costs a request takes the sum of its parts`() throws {
    var random = SplitMix64(seed: 6)
    for _ in 0..<400 {
      var fleet = CaseFleet.draw(using: &random).withOneKindPerRole
      for index in fleet.pools.indices { fleet.pools[index].kind.kvCapacityUnits *= 100 }
      try check(
        .random(in: 1...40, using: &random),
        .random(in: 1...60, using: &random),
        on: fleet,
        budget: random.pick(1, 7, 16, 64)
      )
    }
  }

  @Test func `more instances, bandwidth or memory never slow a request that is alone`() throws {
    var random = SplitMix64(seed: 7)
    var compared = 0
    for seed in 0..<UInt64(500) {
      let fleet = CaseFleet.draw(using: &random).withOneKindPerRole
      let prompt = Int32.random(in: 1...40, using: &random)
      let rows = RowGroup.solo(prompt, .random(in: 1...60, using: &random))
      let policies = CasePolicies.draw(using: &random)
      let base = try record(of: rows, on: fleet, policies)
      for larger in fleet.enlarged {
        let improved = try record(of: rows, on: larger, policies)
        guard base.outcome == .completed else { continue }
        #expect(improved.outcome == .completed, "fleet \(seed)")
        #expect(improved.finish <= base.finish, "fleet \(seed)")
        compared += 1
      }
    }
    #expect(compared > 500)
  }

  private func check(
    _ promptTokens: Int32,
    _ outputTokens: Int32,
    on fleet: Fleet,
    budget: Int
  ) throws {
    let rows = RowGroup.solo(promptTokens, outputTokens)
    var choice = PolicyChoice()
    try choice.set("chunked:tokens=\(budget)", for: .batch)
    for mode in EngineMode.allCases {
      let record = try record(of: rows, on: fleet, choice.resolve(), mode)
      let expected = SoloCost(of: record, on: fleet, budget: budget)
      #expect(record.outcome == .completed)
      #expect(SoloCost(record) == expected, "\(fleet.name), \(promptTokens), \(outputTokens)")
    }
  }

  private func record(
    of rows: RowGroup,
    on fleet: Fleet,
    _ policies: PolicySet,
    _ mode: EngineMode = .fast
  ) throws -> RequestRecord {
    let options = RunOptions()
    let test = Case(seed: 0, rows: rows, fleet: fleet, policies: policies, options: options)
    return try #require(try LawRun(test, mode: mode).records.first)
  }
}

extension RowGroup {
  /// A trace of one request.
  fileprivate static func solo(_ promptTokens: Int32, _ outputTokens: Int32) -> RowGroup {
    var rows = RowGroup()
    rows.record = [0]
    rows.arrival = [123_456_789]
    rows.promptTokens = [promptTokens]
    rows.outputTokens = [outputTokens]
    return rows
  }
}

extension Fleet {
  /// The fleet with the first of its pools of each role.
  fileprivate var withOneKindPerRole: Fleet {
    var fleet = self
    fleet.pools = Role.allCases.compactMap { role in pools.first { $0.role == role } }
    return fleet
  }

  /// The fleet with more of one thing, in every way.
  fileprivate var enlarged: [Fleet] {
    let changes: [(inout Pool) -> Void] = [
      { $0.count *= 2 }, { $0.count += 5 }, { $0.kind.nicBytesPerSecond *= 3 },
      { $0.kind.kvCapacityUnits *= 4 }, { $0.kind.kvCapacityUnits += 1 },
    ]
    return changes.flatMap { change in
      pools.indices.map { index in
        var fleet = self
        change(&fleet.pools[index])
        return fleet
      }
    }
  }
}
