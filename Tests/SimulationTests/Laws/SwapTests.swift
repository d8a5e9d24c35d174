import Hardware
import Policies
import Simulation
import Testing
import Workload

/// What a swap costs the request that is swapped, added up from its parts.
///
/// Two requests of 20 tokens decode together in memory for 44, so after three steps the later one has
/// to go, with a context of 23 tokens; it comes back when the first one has left.
@Suite struct SwapTests {
  /// From copies shorter than a step to copies longer than what the other request has left.
  @Test(arguments: [50_000_000, 100_000_000, 1_000_000_000, 700_000_001, 1_000_000_000_000])
  func `a swap takes two copies and the wait for memory`(bytesPerSecond: Int64) throws {
    let run = try run(on: fleet(hostBytesPerSecond: bytesPerSecond, hostTokens: 23))
    let (first, second) = (run.records[0], run.records[1])
    #expect(first.preemptions == 0)
    #expect(second.swaps == 1)
    #expect(second.preemptions == 1)

    let bytes: Int64 = 23 * 4
    let copy = max(1, (bytes * 1_000_000_000 + bytesPerSecond - 1) / bytesPerSecond)
    let out = try #require(run.result.life.first { $0.kind == .swappedOut })
    #expect(out.time == second.decodeStart + 3 * 20)
    #expect(out.amount == bytes)
    let landed = max(first.finish, out.time + copy) + copy
    let back = try #require(run.result.life.first { $0.kind == .swapInEnded })
    #expect(back.time == landed)
    #expect(second.finish == landed + 9 * 20)
    #expect(second.stages.stall == landed + 20 - out.time)
    #expect(run.result.instances[1].bytesSwappedOut == bytes)
    #expect(run.result.instances[1].bytesSwappedIn == bytes)
  }

  @Test func `what the host cannot hold is computed again`() throws {
    let run = try run(on: fleet(hostBytesPerSecond: 1_000_000_000, hostTokens: 22))
    #expect(run.records[1].preemptions == 1)
    #expect(run.records[1].swaps == 0)
    #expect(run.result.instances[1].prefillTokens == 23)
  }

  /// The second request outgrows the memory that it shares with the first when it has 31 tokens, at
  /// 110 ns. There would be room for the third, which comes at 135 ns, but it has to stand back; and
  /// once the second is back, at 170 ns when the first leaves, there is none.
  @Test func `nobody new starts on an instance that has somebody swapped out`() throws {
    var rows = RowGroup()
    rows.append(0, at: 0, 10, 9)
    rows.append(1, at: 0, 30, 12)
    rows.append(2, at: 135, 20, 1)
    let fleet = fleet([.mixed], hostBytesPerSecond: 1_000_000_000, hostTokens: 100)
    let run = try run(rows, on: fleet, budget: 10)
    let out = try #require(run.result.life.first { $0.kind == .swappedOut })
    #expect(out.time == 110)
    #expect(run.records[0].finish == 170)
    let back = try #require(run.result.life.first { $0.kind == .swapInStarted })
    #expect(back.time == 170)
    #expect(run.records[2].prefillStart == run.records[1].finish)
  }

  private func run(on fleet: Fleet) throws -> LawRun {
    var rows = RowGroup()
    rows.append(0, at: 0, 20, 12)
    rows.append(1, at: 0, 20, 12)
    return try run(rows, on: fleet, budget: 1_000)
  }

  /// Runs with a number of prompt tokens per step, and looks at the second request.
  private func run(_ rows: RowGroup, on fleet: Fleet, budget: Int) throws -> LawRun {
    var choice = PolicyChoice()
    try choice.set("chunked:tokens=\(budget)", for: .batch)
    try choice.set("newest-first:restore=swap", for: .preempt)
    var options = RunOptions()
    options.explainedRecord = 1
    let policies = try choice.resolve()
    let test = Case(seed: 0, rows: rows, fleet: fleet, policies: policies, options: options)
    return try LawRun(test, mode: .fast)
  }

  /// Steps of 20 ns and 4 bytes of KV per token.
  private func fleet(
    _ roles: [Role] = [.prefill, .decode],
    hostBytesPerSecond: Int64,
    hostTokens: Int64
  ) -> Fleet {
    let pools = roles.map { role in
      var kind = InstanceKind(
        name: "\(role)",
        chip: "linear",
        model: "linear",
        chips: 1,
        kv: KVShape(fullBytesPerToken: 4),
        kvCapacityUnits: 44,
        maxBatch: 8,
        nicBytesPerSecond: 1_000_000_000,
        handoffLatency: 0,
        kvReplication: 1,
        costs: LinearCosts(decodeBase: 20, prefillBase: 10),
        peakOperationsPerSecond: 1e12,
        memoryBytesPerSecond: 1e12
      )
      kind.hostBytesPerSecond = role == .prefill ? 0 : hostBytesPerSecond
      kind.hostKVCapacityUnits = hostTokens
      return Pool(name: "\(role)", role: role, kind: kind, count: 1)
    }
    return Fleet(name: "swap", summary: "linear", pools: pools, firstToken: .decode)
  }
}
