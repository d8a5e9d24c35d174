import Hardware
import Reporting
import Workload

extension Benchmark {
  static let linearity = Benchmark(
    name: "linearity",
    summary: "four times the requests, and outputs twice as long"
  ) { bench in
    let hour = bench.traces.chatHour
    let fleet = try Fleets.named("llama8b-32x16")
    let (few, many) = (bench.requests(250_000), bench.requests(1_000_000))
    let short = try bench.traces.tiled(hour.trace, requests: few)
    var long = short
    for group in long.groups.indices {
      for row in 0..<long.groups[group].count { long.groups[group].outputTokens[row] *= 2 }
    }
    let replays = try bench.measure([
      try bench.run(short, on: fleet, load: 0.7),
      try bench.run(try bench.traces.tiled(hour.trace, requests: many), on: fleet, load: 0.7),
      try bench.run(long, on: fleet, load: 0.7),
    ])
    func perRequest(_ replay: Replay) -> Double { 1 / replay.requestsPerSecond }
    return [
      Row(
        name: "\(hour.label) time per request: \(many) ÷ \(few) requests",
        value: perRequest(replays[1]) / perRequest(replays[0]),
        unit: "×",
        budget: .atMost(1.1),
        timing: replays[1].timing,
        digest: replays[1].summary.resultDigest,
        note: replays[1].note
      ),
      Row(
        name: "\(hour.label) time per request: outputs × 2 ÷ recorded",
        value: perRequest(replays[2]) / perRequest(replays[0]),
        unit: "×",
        budget: .atMost(1.1),
        timing: replays[2].timing,
        digest: replays[2].summary.resultDigest,
        note: replays[2].note
      ),
    ]
  }
}
