import Hardware
import Policies
import Reporting
import Simulation
import Study
import Workload

/// What all benchmarks share: how often they measure, how large they are, and on which requests.
struct Bench: Sendable {
  let repetitions: Int
  let isSmoke: Bool
  let traces = BenchTraces()

  /// A number of requests, scaled down for a smoke run.
  func requests(_ count: Int) -> Int { isSmoke ? max(count / 500, 500) : count }

  /// A run under the default policies, at a load of the busiest pool's estimate.
  func run(
    _ trace: any Trace,
    on fleet: Fleet,
    load: Double?,
    mode: EngineMode = .fast
  ) throws -> Run {
    var options = RunOptions()
    options.mode = mode
    if let load {
      options.rateScale = try TargetLoad(load: load, of: trace, on: fleet).rateScale
    }
    return Run(
      trace: trace,
      fleet: fleet,
      policies: try PolicyChoice.defaults.resolve(in: .standard),
      policyName: "default",
      options: options
    )
  }

  /// Repeats runs in turn, so that a machine that grows slower or faster does so for all of them.
  ///
  /// - Throws: The trace's error; `BenchError` where a repetition gave another result.
  func measure(_ runs: [Run]) throws -> [Replay] {
    var replays: [Replay] = []
    for repetition in 0..<repetitions {
      for (index, run) in runs.enumerated() {
        let start = CPUClock.thread.now
        let summary = try run.summary(clock: .thread)
        let seconds = Double(CPUClock.thread.now - start) * 1e-9
        if repetition == 0 {
          replays.append(Replay(summary: summary, timing: Timing([seconds])))
        } else {
          guard replays[index].summary.resultDigest == summary.resultDigest else {
            throw BenchError("two runs of \(run.trace.name) on \(run.fleet.name) differ")
          }
          replays[index].timing.add(seconds)
        }
      }
    }
    return replays
  }

  /// Repeats other work.
  func time(_ work: () throws -> Void) rethrows -> Timing {
    var timing = Timing()
    for _ in 0..<repetitions {
      let start = CPUClock.thread.now
      try work()
      timing.add(Double(CPUClock.thread.now - start) * 1e-9)
    }
    return timing
  }
}

/// A run that was measured.
struct Replay {
  let summary: Summary
  var timing: Timing

  var requestsPerSecond: Double { Double(summary.overall.offered) / timing.minimum }

  var tokensPerSecond: Double { Double(summary.overall.outputTokens) / timing.minimum }

  /// How busy the fleet was: what a rate of requests has to be read with.
  var note: String {
    summary.pools.map { pool in
      let batch = pool.meanBatch.map { ", batch \(Int($0.rounded()))" } ?? ""
      return "\(pool.name) \(Int((pool.busyShare * 100).rounded())) % busy\(batch)"
    }
    .joined(separator: "; ")
  }
}

/// The times of a measurement's repetitions, in seconds.
struct Timing {
  private var sorted: [Double]

  init(_ seconds: [Double] = []) { sorted = seconds.sorted() }

  mutating func add(_ seconds: Double) {
    sorted.append(seconds)
    sorted.sort()
  }

  var count: Int { sorted.count }
  var minimum: Double { sorted.first ?? .nan }
  var median: Double { sorted.isEmpty ? .nan : (sorted[(count - 1) / 2] + sorted[count / 2]) / 2 }
}

/// Why a benchmark cannot be carried out.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
