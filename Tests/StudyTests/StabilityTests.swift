import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// The verdict on queues, through the engine: one server of prompts with Poisson arrivals.
@Suite struct StabilityTests {
  /// Long prompts, so that a queue of a few of them is longer than one step budget and only its
  /// growth decides.
  private static let promptTokens: Int32 = 10_000
  private static let serviceNanoseconds = 1_000_000.0

  @Test(arguments: [(0.5, "stable"), (0.9, "stable"), (1.1, "unstable"), (1.5, "unstable")])
  func `queues are stable below a load of one and unstable above`(
    load: Double,
    verdict: String
  ) throws {
    let summary = try run(load: load, requests: 30_000).summary()
    #expect(summary.stability.verdict == verdict, "\(summary.stability)")
    #expect(summary.overall.completed == 30_000)
    if load == 0.9 {
      // The queue is longer than the budget, so it is not that which makes the run stable.
      #expect(summary.stability.lastQuarterTokens > summary.stability.toleratedTokens)
    }
  }

  @Test func `the verdict is of the whole run, whatever is measured`() throws {
    var run = try run(load: 1.1, requests: 10_000)
    run.options.window = MeasureWindow(start: 0, end: 1_000_000)
    let summary = try run.summary()
    #expect(!summary.stability.isStable)
    #expect(summary.overall.offered < 10)
  }

  private func run(load: Double, requests: Int) throws -> Run {
    var random = SplitMix64(seed: 42)
    var rows = RowGroup()
    var time = 0.0
    for record in 0..<requests {
      rows.record.append(Int64(record))
      rows.arrival.append(SimTime(time))
      rows.promptTokens.append(Self.promptTokens)
      rows.outputTokens.append(1)
      time -= DeterministicMath.log(random.uniform()) * Self.serviceNanoseconds / load
    }
    var choice = PolicyChoice()
    try choice.set("prefill-priority:tokens=1", for: .batch)
    return Run(
      trace: InMemoryTrace(name: "poisson", groups: [rows]),
      fleet: Self.server,
      policies: try choice.resolve(in: .standard),
      policyName: "one by one"
    )
  }

  /// A prompt takes 100 ns per token, and one output token takes nothing more.
  private static let server = Fleet(
    name: "server",
    summary: "one server of prompts",
    pools: [
      pool(.prefill, LinearCosts(prefillPerToken: 100_000)), pool(.decode, LinearCosts()),
    ],
    firstToken: .prefill
  )

  private static func pool(_ role: Role, _ costs: LinearCosts) -> Pool {
    let kind = InstanceKind(
      name: "\(role)",
      chip: "server",
      model: "queue",
      chips: 1,
      kv: KVShape(fullBytesPerToken: 0, windowBytesPerToken: 1, windowTokens: 1),
      kvCapacityUnits: 1 << 20,
      maxBatch: 1 << 20,
      nicBytesPerSecond: 1_000_000_000,
      handoffLatency: 0,
      kvReplication: 1,
      costs: costs,
      peakOperationsPerSecond: 1e12,
      memoryBytesPerSecond: 1e12
    )
    return Pool(name: "\(role)", role: role, kind: kind, count: 1)
  }
}
