import Foundation
import Hardware
import Policies
import Reporting
import Simulation
import Study
import Workload

extension Benchmark {
  static let datasets = Benchmark(
    name: "datasets",
    summary: "a run that writes its dataset, against the same run that does not; wall time"
  ) { bench in
    try TemporaryFolder.with { folder in
      let hour = bench.traces.chatHour
      let size = bench.requests(1_000_000)
      let path = folder.appending(path: "tiled.replay.zst").path
      let base = try InMemoryTrace(reading: hour.trace)
      _ = try write(TiledTrace(base: base, requests: size, seed: 1), to: path, level: 3)
      var plan = RunPlan(
        trace: TraceSource(path: path),
        fleet: try FleetText("llama8b-32x16"),
        policy: .defaults
      )
      try plan.resolve(load: 0.7)
      plan.options.sampleInterval = 1_000_000_000
      var (without, with) = (Timing(), Timing())
      var summaries: [Summary] = []
      for repetition in 0..<bench.repetitions {
        summaries.append(try time(&without) { try plan.run(in: .standard).summary() })
        let out = try DatasetFolder(path: folder.appending(path: "out-\(repetition)").path)
        summaries.append(
          try time(&with) {
            let summary = try plan.record(into: out, arguments: [], registry: .standard)
            try out.complete()
            return summary
          }
        )
      }
      guard let digest = summaries.first?.resultDigest,
        summaries.allSatisfy({ $0.resultDigest == digest })
      else { throw BenchError("a dataset changes the result") }
      return [
        Row(
          name: "\(hour.label)-\(size) llama8b-32x16 load 0.7 with dataset",
          value: Double(size) / with.minimum,
          unit: "requests/s",
          budget: .atLeast(500_000),
          timing: with,
          digest: digest,
          note: "wall time from opening the trace file to the named folder"
        ),
        Row(
          name: "the same: with ÷ without",
          value: with.minimum / without.minimum,
          unit: "× the time",
          timing: without,
          digest: digest
        ),
      ]
    }
  }

  /// Wall time, since the work is shared among threads.
  private static func time<Result>(
    _ timing: inout Timing,
    _ work: () throws -> Result
  ) rethrows -> Result {
    let start = CPUClock.wall.now
    let result = try work()
    timing.add(Double(CPUClock.wall.now - start) * 1e-9)
    return result
  }
}
