import Foundation
import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// The load of traces whose prompts have something in common.
@Suite struct PrefixLoadTests {
  private let fleet: Fleet

  init() throws { fleet = try Fleets.named("b200-pd") }

  @Test func `what an earlier prompt began with is not computed again`() throws {
    let trace = AgenticTrace.trace()
    let target = try TargetLoad(load: 0.5, of: trace, on: fleet)
    // By hand: the first turn of all computes its whole prompt, those of other sessions all but the
    // system prompt, later turns all but the prompt before, each with 7 tokens behind its blocks.
    var estimate = LoadEstimate(fleet: fleet)
    let group = trace.groups[0]
    for row in 0..<group.count {
      let (turn, prompt) = (Int(group.turn[row]), Int(group.promptTokens[row]))
      let cached = turn > 0 ? prompt - 7 - 40 * 16 : row > 0 ? 64 * 16 : 0
      estimate.add(
        promptTokens: prompt,
        cachedTokens: cached,
        outputTokens: Int(group.outputTokens[row])
      )
    }
    let rate = try #require(estimate.requestsPerSecond(load: 0.5))
    for (pool, share) in zip(estimate.pools, target.utilization) {
      #expect(abs(pool.utilization * rate / share - 1) < 1e-12)
    }
  }

  @Test func `without a cache, and without prefixes, prompts are computed whole`() throws {
    let plain = AgenticTrace.trace(hasPrefixes: false)
    let whole = try TargetLoad(load: 0.5, of: plain, on: fleet)
    #expect(try TargetLoad(load: 0.5, of: plain, on: fleet, cachesPrefixes: false) == whole)
    let trace = AgenticTrace.trace()
    #expect(try TargetLoad(load: 0.5, of: trace, on: fleet, cachesPrefixes: false) == whole)
    let cached = try TargetLoad(load: 0.5, of: trace, on: fleet)
    #expect(cached.rateScale > 1.5 * whole.rateScale)
    var one = fleet
    one.blockTokens = 65_536
    #expect(try TargetLoad(load: 0.5, of: trace, on: one) == whole)
  }

  @Test func `a plan goes by its eviction policy, whatever else it chooses`() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "shared-\(UUID()).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let lines = (0..<30).map { row in
      """
      {"timestamp": \(row * 100), "input_length": 2560, "output_length": 9, \
      "hash_ids": [0, 1, 2, 3, \(row + 4)]}

      """
    }
    try Data(lines.joined().utf8).write(to: URL(filePath: path))
    let trace = TraceFile(path: path)
    func scale(_ policy: String) throws -> Double {
      var plan = RunPlan(
        trace: TraceSource(path: path),
        fleet: try FleetText("b200-pd"),
        policy: try PolicyChoice.parse(policy)
      )
      try plan.resolve(load: 0.5)
      return plan.options.rateScale
    }
    let cached = try TargetLoad(load: 0.5, of: trace, on: fleet).rateScale
    let whole = try TargetLoad(load: 0.5, of: trace, on: fleet, cachesPrefixes: false).rateScale
    #expect(cached > 1.4 * whole)
    #expect(try scale("default") == cached)
    #expect(try scale("evict=fifo order=sjf") == cached)
    #expect(try scale("evict=none") == whole)
    #expect(throws: PolicyError.self) { try scale("evict=nothing-of-the-kind") }
  }

  @Test func `nodes and paths that are none are left to the run to refuse`() throws {
    var trace = AgenticTrace.trace()
    trace.groups[0].prefixes.parent[3] = 1_000_000
    trace.groups[0].prefixes.offset[9] = .max
    trace.groups[0].prefixes.blocks[17] = -5
    trace.groups[0].prefixNode[2] = .max
    trace.groups[0].prefixBlocks[20] = .min
    trace.groups[0].prefixBlocks[21] = .max
    let damaged = try TargetLoad(load: 0.5, of: trace, on: fleet)
    let sound = try TargetLoad(load: 0.5, of: AgenticTrace.trace(), on: fleet)
    #expect(damaged.rateScale > 0 && damaged.rateScale <= sound.rateScale)
  }
}
