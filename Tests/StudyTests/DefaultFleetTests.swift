import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// The comparison that the read-me shows, of fewer sessions: the bundled trace on the default fleet at a
/// load of 0.8.
@Suite struct `The bundled trace on the default fleet` {
  private let summaries: [Summary]

  init() throws {
    let matrix = try StudyMatrix(
      traces: [TraceSource(path: TestTraces.bundledChat.path)],
      fleets: [FleetText(Fleets.defaultName)],
      policies: ["route-prefill=round-robin", "route-prefill=cache-aware"].map { try .parse($0) },
      seeds: [0]
    )
    var options = RunOptions()
    options.limit = 12_000
    options.window = MeasureWindow(start: 3_000_000_000, end: 10_000_000_000)
    let plans = try matrix.plans(objectives: ServiceObjectives(), options: options, load: 0.8)
    summaries = try Comparison(plans, threads: 2).cells().compactMap(\.summary)
  }

  @Test func `all requests complete and both pools are busy more than a fifth of the time`() {
    for summary in summaries {
      #expect(summary.overall.completed == summary.overall.offered)
      #expect(summary.overall.completed > 5_000)
      #expect(summary.pools.map(\.name) == ["prefill", "decode"])
      #expect(summary.pools.allSatisfy { $0.busyShare > 0.2 }, "\(summary.pools.map(\.busyShare))")
    }
  }

  @Test func `routing prompts in turn or to what is cached changes the tail of TTFT`() throws {
    let tails = try summaries.map { try #require($0.overall.ttft.quantile(percent: 99)) }
    #expect(Double(tails[1]) < 0.5 * Double(tails[0]), "\(tails)")
    #expect(summaries[0].resultDigest != summaries[1].resultDigest)
  }
}
