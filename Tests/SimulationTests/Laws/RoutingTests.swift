import Hardware
import Policies
import Simulation
import Testing
import Workload

/// Laws 9 and 10: what routes may and may not change.
@Suite struct RoutingTests {
  /// A fleet of each kind, and a mixed pool of a dense model.
  static let lightFleets: [Fleet] = {
    let kinds = ["trn3-cs3", "b200-pd", "b200-mixed", "llama8b-32x16"]
    let fleets = Fleets.all.filter { kinds.contains($0.name) }
    let dense = fleets.filter { $0.name == "llama8b-32x16" }.map { fleet in
      let mixed = Pool(name: "mixed", role: .mixed, kind: fleet.pools[0].kind, count: 8)
      return Fleet(name: "mixed", summary: "dense", pools: [mixed], firstToken: .prefill)
    }
    return fleets + dense
  }()

  @Test(arguments: lightFleets)
  func `below a tenth of the load all routes give the same mean TTFT`(fleet: Fleet) throws {
    let rows = try lightTrace(for: fleet)
    var means: [(routes: String, ttft: Double)] = []
    for prefill in PolicyRegistry.standard.entries(for: .routePrefill) {
      for decode in PolicyRegistry.standard.entries(for: .routeDecode) {
        var choice = PolicyChoice()
        try choice.set(prefill.name, for: .routePrefill)
        try choice.set(decode.name, for: .routeDecode)
        let ttft = try meanTTFT(of: rows, on: fleet, choice.resolve())
        means.append(("\(prefill.name), \(decode.name)", ttft))
      }
    }
    #expect(means.count > 8)
    let slowest = try #require(means.max { $0.ttft < $1.ttft })
    let fastest = try #require(means.min { $0.ttft < $1.ttft })
    #expect(slowest.ttft <= 1.05 * fastest.ttft, "\(slowest) and \(fastest)")
  }

  /// Chat requests at a rate at which no pool is busy for more than a twentieth of the time, even if
  /// it serves them one by one.
  private func lightTrace(for fleet: Fleet) throws -> RowGroup {
    var generator = ChatGenerator()
    generator.requests = 600
    let rows = try #require(try generator.makeReader().next())
    var apart = rows
    let gap = 1_000 * SimTime.nanosecondsPerSecond
    apart.arrival = ContiguousArray(apart.record.map { $0 * gap })
    let alone = try run(apart, on: fleet, PolicyChoice.defaults.resolve())
    let busiest = busyTimes(alone, fleet).max() ?? 0
    let stretch = 20 * busiest / Double(try #require(rows.arrival.last))
    var light = rows
    light.arrival = ContiguousArray(rows.arrival.map { SimTime(Double($0) * stretch) })
    return light
  }

  /// How long the mean instance of each pool was in a step, in nanoseconds.
  private func busyTimes(_ run: LawRun, _ fleet: Fleet) -> [Double] {
    var first = 0
    return fleet.pools.map { pool in
      defer { first += pool.count }
      let busy = run.result.instances[first..<first + pool.count].reduce(0) { $0 + $1.busy }
      return Double(Int64(busy >> FixedPoint.fractionBits)) / Double(pool.count)
    }
  }

  private func meanTTFT(
    of rows: RowGroup,
    on fleet: Fleet,
    _ policies: PolicySet
  ) throws -> Double {
    let run = try run(rows, on: fleet, policies)
    let load = busyTimes(run, fleet).map { $0 / Double(run.result.lastArrival) }
    #expect(load.allSatisfy { $0 < 0.1 }, "\(fleet.name): \(load)")
    #expect(run.records.allSatisfy { $0.outcome == .completed })
    let sum = run.records.reduce(0.0) { $0 + Double($1.firstToken - $1.arrival) }
    return sum / Double(run.records.count)
  }

  private func run(
    _ rows: RowGroup,
    on fleet: Fleet,
    _ policies: PolicySet,
    viewLag: SimTime = 0
  ) throws -> LawRun {
    var options = RunOptions()
    options.viewLag = viewLag
    let test = Case(seed: 0, rows: rows, fleet: fleet, policies: policies, options: options)
    return try LawRun(test, mode: .fast)
  }

  @Test(arguments: ["least-requests", "least-tokens"])
  func `the only idle instance gets the prompt, whatever its number`(route: String) throws {
    try checkPermutations(route: route, hook: .routePrefill, of: .prefill) { $0.prefillInstance }
  }

  @Test(arguments: ["least-requests", "least-kv"])
  func `the only idle instance decodes, whatever its number`(route: String) throws {
    try checkPermutations(route: route, hook: .routeDecode, of: .decode) { $0.decodeInstance }
  }

  /// Three prompts, of which only the largest instance holds the first, and only the two larger ones
  /// the second: each has one idle instance that holds it, whenever and from whatever gauges it is
  /// chosen, and whether the gateway holds requests for a while or not.
  private func checkPermutations(
    route: String,
    hook: PolicyHook,
    of role: Role,
    instance: (RequestRecord) -> Int32
  ) throws {
    var choice = PolicyChoice()
    try choice.set(route, for: hook)
    var rows = RowGroup()
    rows.append(0, at: 0, 900, 60)
    rows.append(1, at: 25_000, 600, 60)
    rows.append(2, at: 50_000, 300, 60)
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let sizes: [Int64] = order.map { [1_000, 700, 400][$0] }
      let permuted = sizes.map { pool(role, capacity: $0, stepNanoseconds: 100_000) }
      let otherRole: Role = role == .prefill ? .decode : .prefill
      let other = pool(otherRole, capacity: 10_000, stepNanoseconds: 1_000)
      let pools = role == .prefill ? permuted + [other] : [other] + permuted
      var fleet = Fleet(name: "\(order)", summary: "", pools: pools, firstToken: .prefill)
      for decodeAt in HandOff.DecodeChoice.allCases {
        for viewLag: SimTime in [0, 2_000] {
          for holds in [false, true] {
            fleet.handoff.decodeAt = decodeAt
            var policies = try choice.resolve()
            if holds { policies.admit = TestPolicies.Patience(patience: 300, limit: .max) }
            let run = try run(rows, on: fleet, policies, viewLag: viewLag)
            let chosen = run.records.map { pools[Int(instance($0))].kind.kvCapacityUnits }
            #expect(chosen == [1_000, 700, 400], "\(route), \(order), \(decodeAt), \(viewLag)")
          }
        }
      }
    }
  }

  /// One instance; with steps of 0.1 ms nothing ends before all three have arrived.
  private func pool(_ role: Role, capacity: Int64, stepNanoseconds: Int64) -> Pool {
    let costs = LinearCosts(decodeBase: stepNanoseconds, prefillBase: stepNanoseconds)
    let kind = InstanceKind(
      name: "of \(capacity)",
      chip: "drawn",
      model: "drawn",
      chips: 1,
      kv: KVShape(fullBytesPerToken: 1),
      kvCapacityUnits: capacity,
      maxBatch: 8,
      nicBytesPerSecond: 1_000_000_000,
      handoffLatency: 0,
      kvReplication: 1,
      costs: costs,
      peakOperationsPerSecond: 1e12,
      memoryBytesPerSecond: 1e12
    )
    return Pool(name: kind.name, role: role, kind: kind, count: 1)
  }
}
