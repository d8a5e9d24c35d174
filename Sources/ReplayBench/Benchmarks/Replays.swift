import Hardware
import Reporting
import Simulation
import Workload

extension Benchmark {
  /// A busy fleet and short outputs: nearly all time goes into boundaries that have to be visited.
  static let headline = Benchmark(
    name: "headline",
    summary: "a million chat requests at a load of 0.7, in both engine modes"
  ) { bench in
    let hour = bench.traces.chatHour
    let size = bench.requests(1_000_000)
    let trace = try bench.traces.tiled(hour.trace, requests: size)
    let fleet = try Fleets.named("llama8b-32x16")
    let replays = try bench.measure(
      EngineMode.allCases.map { try bench.run(trace, on: fleet, load: 0.7, mode: $0) }
    )
    guard replays[0].summary.resultDigest == replays[1].summary.resultDigest else {
      throw BenchError("the engine modes give different results")
    }
    let ratio = replays[1].timing.minimum / replays[0].timing.minimum
    return [
      Row(
        name: "\(hour.label)-\(size) llama8b-32x16 load 0.7",
        value: replays[0].requestsPerSecond,
        unit: "requests/s",
        budget: .atLeast(1_000_000),
        timing: replays[0].timing,
        digest: replays[0].summary.resultDigest,
        note: replays[0].note
      ),
      Row(
        name: "the same: stepping ÷ fast",
        value: ratio,
        unit: "× the time",
        timing: replays[1].timing,
        digest: replays[1].summary.resultDigest,
        note: "\(replays[1].summary.engineSteps) steps, "
          + "\(replays[0].summary.boundariesVisited) visited by fast"
      ),
    ]
  }

  static let longOutputs = Benchmark(
    name: "long-outputs",
    summary: "outputs of 1,000 tokens in the mean, on the default and a GPU fleet"
  ) { bench in
    let size = bench.requests(200_000)
    let trace = try bench.traces.tiled(bench.traces.longChat, requests: size)
    return try ["llama8b-32x16", Fleets.defaultName].map { name in
      let run = try bench.run(trace, on: try Fleets.named(name), load: 0.7)
      let replay = try bench.measure([run])[0]
      return Row(
        name: "long-chat-\(size) \(name) load 0.7",
        value: replay.tokensPerSecond,
        unit: "output tokens/s",
        budget: .atLeast(300_000_000),
        timing: replay.timing,
        digest: replay.summary.resultDigest,
        note: replay.note
      )
    }
  }

  /// A fleet of hundreds of instances, where a router that looks at each costs most.
  static let wide = Benchmark(
    name: "wide",
    summary: "512 prefill and 512 decode instances under least-tokens and least-kv"
  ) { bench in
    let hour = bench.traces.chatHour
    let size = bench.requests(1_000_000)
    let trace = try bench.traces.tiled(hour.trace, requests: size)
    var fleet = try Fleets.named("llama8b-32x16")
    fleet.name = "llama8b-512x512"
    for index in fleet.pools.indices { fleet.pools[index].count = 512 }
    let replay = try bench.measure([try bench.run(trace, on: fleet, load: 0.7)])[0]
    return [
      Row(
        name: "\(hour.label)-\(size) \(fleet.name) load 0.7",
        value: replay.requestsPerSecond,
        unit: "requests/s",
        budget: .atLeast(200_000),
        timing: replay.timing,
        digest: replay.summary.resultDigest,
        note: replay.note
      )
    ]
  }

  static let mixed = Benchmark(
    name: "mixed",
    summary: "the monolithic baseline, whose steps hold prompts and outputs"
  ) { bench in
    let hour = bench.traces.chatHour
    let size = bench.requests(1_000_000)
    let trace = try bench.traces.tiled(hour.trace, requests: size)
    let fleet = try Fleets.named("b200-mixed")
    let replay = try bench.measure([try bench.run(trace, on: fleet, load: 0.7)])[0]
    return [
      Row(
        name: "\(hour.label)-\(size) b200-mixed load 0.7",
        value: replay.requestsPerSecond,
        unit: "requests/s",
        timing: replay.timing,
        digest: replay.summary.resultDigest,
        note: replay.note
      )
    ]
  }
}
