import Hardware
import Reporting
import Simulation
import Study
import Workload

extension Benchmark {
  /// Prompts of hundreds to thousands of blocks, found in caches that fill up.
  static let prefixes = Benchmark(
    name: "prefixes",
    summary: "prefix caches on the default fleet: chat in an open, agents in a closed loop"
  ) { bench in
    let conversation = "mooncake-fast25/conversation_trace.jsonl"
    let agents = "weka-agentic/weka_sessions_rle.jsonl.zst"
    return [
      try replay("mooncake open loop", bench, .open, .atLeast(250_000), conversation) {
        TraceFile(path: $0)
      },
      try replay("weka closed loop", bench, .closed, .atLeast(100_000), agents) {
        TraceFile(path: $0, sessionsPerSecond: 0.2, failures: .keep)
      },
    ]
  }

  private static func replay(
    _ name: String,
    _ bench: Bench,
    _ loop: LoopMode,
    _ budget: Budget,
    _ file: String,
    _ open: (String) -> TraceFile
  ) throws -> Row {
    let label = "\(name) \(Fleets.defaultName)"
    guard let path = bench.traces.published(file) else {
      return .skipped(label, unit: "requests/s", because: "\(file) is not at hand")
    }
    let trace = try InMemoryTrace(reading: open(path))
    var run = try bench.run(trace, on: try Fleets.named(Fleets.defaultName), load: nil)
    run.options.loop = loop
    let replay = try bench.measure([run])[0]
    let hits = replay.summary.overall.prefixHits
    return Row(
      name: label,
      value: replay.requestsPerSecond,
      unit: "requests/s",
      budget: budget,
      timing: replay.timing,
      digest: replay.summary.resultDigest,
      note: "\(hits.hitTokens) of \(hits.startedTokens) prompt tokens cached"
    )
  }
}
