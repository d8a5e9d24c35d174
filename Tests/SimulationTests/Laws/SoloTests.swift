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
    for _ in 0..<600 {
      let fleet = CaseFleet.draw(using: &random).withOneKindPerRole.holdingAnything
      try check(
        .random(in: 1...40, using: &random),
        .random(in: 1...60, using: &random),
        on: fleet,
        budget: random.pick(1, 7, 16, 64)
      )
    }
  }

  @Test func `only the first hand-off between two instances pays the cold start`() throws {
    var random = SplitMix64(seed: 8)
    var (cold, warm) = (0, 0)
    for _ in 0..<150 {
      let fleet = CaseFleet.draw(using: &random).withOneKindPerRole.holdingAnything
      guard !fleet.isMonolithic else { continue }
      var rows = RowGroup()
      for record in 0..<Int64(8) {
        rows.append(
          record,
          at: record * 1_000_000,
          .random(in: 1...40, using: &random),
          .random(in: 2...60, using: &random)
        )
      }
      var choice = PolicyChoice()
      try choice.set("round-robin", for: .routePrefill)
      try choice.set("round-robin", for: .routeDecode)
      try choice.set("chunked:tokens=16", for: .batch)
      var pairs: Set<[Int32]> = []
      for record in try records(of: rows, on: fleet, choice.resolve()) {
        let pair = [record.prefillInstance, record.decodeInstance]
        let isFirst = pairs.insert(pair).inserted
        let expected = SoloCost(of: record, on: fleet, budget: 16, isFirst: isFirst)
        #expect(SoloCost(record) == expected, "\(fleet.handoff)")
        if isFirst { cold += 1 } else { warm += 1 }
      }
    }
    #expect(cold > 100 && warm > 100)
  }

  @Test func `a request that is alone is pulled as fast as it is pushed`() throws {
    var random = SplitMix64(seed: 9)
    var compared = 0
    for _ in 0..<300 {
      var fleet = CaseFleet.draw(using: &random)
      guard !fleet.isMonolithic else { continue }
      let rows = RowGroup.solo(
        .random(in: 1...40, using: &random),
        .random(in: 1...60, using: &random)
      )
      let policies = CasePolicies.draw(using: &random)
      fleet.handoff.overlap = .blocking
      fleet.handoff.direction = .push
      let pushed = try record(of: rows, on: fleet, policies)
      fleet.handoff.direction = .pull
      #expect(try record(of: rows, on: fleet, policies) == pushed)
      if pushed.transferEnd >= 0 { compared += 1 }
    }
    #expect(compared > 100)
  }

  @Test(arguments: Fleets.all, [1.5, 2.4, 3])
  func `speculation divides the time per token and leaves the prompt alone`(
    fleet: Fleet,
    acceptedTokens: Double
  ) throws {
    let rows = RowGroup.solo(5_000, 400)
    let policies = try PolicyChoice.defaults.resolve()
    let plain = try record(of: rows, on: fleet, policies)
    let speculating = fleet.speculating(
      acceptedTokensPerStep: acceptedTokens,
      draftedTokens: 0
    )
    let faster = try record(of: rows, on: speculating, policies)
    #expect(faster.prefillEnd == plain.prefillEnd)
    #expect(faster.transferEnd == plain.transferEnd)
    #expect(faster.emittedTokens == plain.emittedTokens)
    let (time, plainTime) = (faster.finish - faster.decodeStart, plain.finish - plain.decodeStart)
    // Both are seen at whole nanoseconds, and every step is rounded up by less than a thousandth.
    #expect(abs(Double(time) * acceptedTokens - Double(plainTime)) <= 2 * acceptedTokens + 2)
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
    try #require(try records(of: rows, on: fleet, policies, mode).first)
  }

  private func records(
    of rows: RowGroup,
    on fleet: Fleet,
    _ policies: PolicySet,
    _ mode: EngineMode = .fast
  ) throws -> [RequestRecord] {
    let options = RunOptions()
    let test = Case(seed: 0, rows: rows, fleet: fleet, policies: policies, options: options)
    return try LawRun(test, mode: mode).records
  }
}

extension RowGroup {
  /// A trace of one request.
  static func solo(_ promptTokens: Int32, _ outputTokens: Int32) -> RowGroup {
    var rows = RowGroup()
    rows.append(0, at: 123_456_789, promptTokens, outputTokens)
    return rows
  }

  /// Adds a request to a trace that has none of the optional columns.
  mutating func append(
    _ record: Int64,
    at arrival: SimTime,
    _ promptTokens: Int32,
    _ outputTokens: Int32
  ) {
    self.record.append(record)
    self.arrival.append(arrival)
    self.promptTokens.append(promptTokens)
    self.outputTokens.append(outputTokens)
  }
}

extension Fleet {
  /// The fleet with the first of its pools of each role.
  fileprivate var withOneKindPerRole: Fleet {
    var fleet = self
    fleet.pools = Role.allCases.compactMap { role in pools.first { $0.role == role } }
    return fleet
  }

  /// The fleet with memory for every request of the cases at once.
  fileprivate var holdingAnything: Fleet {
    var fleet = self
    for index in fleet.pools.indices { fleet.pools[index].kind.kvCapacityUnits *= 100 }
    return fleet
  }

  /// The fleet with more of one thing, in every way.
  fileprivate var enlarged: [Fleet] {
    let changes: [(inout Pool) -> Void] = [
      { $0.count *= 2 }, { $0.count += 5 }, { $0.kind.nicBytesPerSecond *= 3 },
      { $0.kind.kvCapacityUnits *= 4 }, { $0.kind.kvCapacityUnits += 1 },
      { $0.fabricBytesPerSecond = .max }, { $0.kind.hostBytesPerSecond += 1_000_000_000 },
      { $0.kind.hostKVCapacityUnits += 100 }, { $0.kind.maxBatch += 1 },
    ]
    var fleets = changes.flatMap { change in
      pools.indices.map { index in
        var fleet = self
        change(&fleet.pools[index])
        return fleet
      }
    }
    var efficient = self
    efficient.handoff.pairs = []
    fleets.append(efficient)
    return fleets
  }
}
