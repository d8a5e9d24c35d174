import Hardware
import Reporting
import Simulation
import Study
import Workload

extension Benchmark {
  /// Few requests at a time, as recorded: where fast-forward has most to skip.
  static let lowRate = Benchmark(
    name: "low-rate",
    summary: "boundaries that fast-forward visits at the recorded rate"
  ) { bench in
    let hour = bench.traces.chatHour
    let trace = try InMemoryTrace(reading: hour.trace)
    let run = try bench.run(trace, on: try Fleets.named("trn3-cs3"), load: nil)
    var result = RunResult()
    let timing = try bench.time {
      var sink = SummarySink(objectives: run.objectives) { trace.names.classes }
      result = try Engine.run(
        try trace.makeReader(),
        fleet: run.fleet,
        policies: run.policies,
        options: run.options,
        sink: &sink
      )
    }
    let roles = run.fleet.pools.flatMap { repeatElement($0.role, count: $0.count) }
    let decoding = zip(roles, result.instances).filter { $0.0 == .decode }.map(\.1)
    let steps = decoding.reduce(0) { $0 + $1.steps }
    let visited = decoding.reduce(0) { $0 + $1.boundaries }
    return [
      Row(
        name: "\(hour.label) trn3-cs3 recorded rate",
        value: Double(visited) / Double(steps),
        unit: "visits/step",
        budget: .atMost(0.1),
        timing: timing,
        digest: result.resultDigest,
        note: "decode instances: \(steps) steps, \(visited) visited"
      )
    ]
  }
}
