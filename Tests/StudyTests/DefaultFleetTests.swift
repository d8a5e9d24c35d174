import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// The comparison that the read-me shows: the bundled trace on the default fleet at a load of 0.8.
@Suite struct `The bundled trace on the default fleet` {
  private let summaries: [Summary]

  init() throws {
    let matrix = try StudyMatrix(
      traces: [TraceSource(path: TestTraces.bundledChat.path)],
      fleets: [FleetText(Fleets.defaultName)],
      policies: ["route-prefill=round-robin", "route-prefill=least-tokens"].map { try .parse($0) },
      seeds: [0]
    )
    let plans = try matrix.plans(
      objectives: ServiceObjectives(),
      options: RunOptions(),
      load: 0.8
    )
    summaries = try Comparison(plans, threads: 2).cells().compactMap(\.summary)
  }

  @Test func `all requests complete and both pools are busy more than half of the time`() {
    for summary in summaries {
      #expect(summary.overall.completed == 20_000)
      #expect(summary.pools.map(\.name) == ["prefill", "decode"])
      #expect(summary.pools.allSatisfy { $0.busyShare > 0.5 }, "\(summary.pools.map(\.busyShare))")
    }
  }

  @Test func `routing prompts in turn or to the least work changes the tail of TTFT`() throws {
    let tails = try summaries.map { try #require($0.overall.ttft.quantile(percent: 99)) }
    #expect(Double(tails[1]) < 0.95 * Double(tails[0]), "\(tails)")
    #expect(summaries[0].resultDigest != summaries[1].resultDigest)
  }
}
