import Foundation
import Hardware
import Study
import Workload

extension Benchmark {
  static let startUp = Benchmark(
    name: "start-up",
    summary: "wall time of the shortest command of the program beside this one"
  ) { bench in
    let (name, unit) = ("replay formats", "ms")
    guard let program = program(named: "replay") else {
      return [.skipped(name, unit: unit, because: "no program called replay beside this one")]
    }
    var timing = Timing()
    for _ in 0..<bench.repetitions { timing.add(try finish(program, ["formats"]).seconds) }
    return [
      Row(
        name: name,
        value: timing.minimum * 1e3,
        unit: unit,
        budget: .atMost(20),
        timing: timing,
        note: "wall time, from starting the process until it closes its output"
      )
    ]
  }

  static let peakMemory = Benchmark(
    name: "memory",
    summary: "peak memory of 20 million streamed requests; only with --memory",
    isLong: true
  ) { bench in
    let requests = bench.requests(20_000_000)
    let (name, unit) = ("peak memory of \(requests) requests", "MiB")
    guard let program = program(named: "ReplayBench") else {
      return [.skipped(name, unit: unit, because: "this program cannot find itself")]
    }
    let words = try finish(program, ["--streamed", String(requests)]).output
      .split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let kibibytes = Double(words[0]), let seconds = Double(words[1]) else {
      return [.skipped(name, unit: unit, because: "the system does not tell")]
    }
    return [
      Row(
        name: name,
        value: kibibytes / 1024,
        unit: unit,
        budget: .atMost(256),
        timing: Timing([seconds]),
        note: "\(bench.traces.chatHour.label) tiled while it is replayed, in a process of its own"
      )
    ]
  }

  private static func program(named name: String) -> URL? {
    guard let own = Bundle.main.executableURL else { return nil }
    let path = own.deletingLastPathComponent().appending(path: name)
    return FileManager.default.isExecutableFile(atPath: path.path) ? path : nil
  }

  private static func finish(
    _ program: URL,
    _ arguments: [String]
  ) throws -> (output: String, seconds: Double) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = pipe
    let start = CPUClock.wall.now
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    // Before waiting for the exit, of which Foundation learns tens of milliseconds later.
    let seconds = Double(CPUClock.wall.now - start) * 1e-9
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchError("\(program.lastPathComponent) ended with \(process.terminationStatus)")
    }
    return (String(decoding: data, as: UTF8.self), seconds)
  }
}

/// The memory benchmark's own process: nothing else may have touched its memory.
enum PeakMemory {
  /// Replays a trace that is never in memory as a whole.
  ///
  /// - Returns: The most memory that the process ever had resident, in KiB, and the seconds of the
  ///   replay; "unknown" where the system does not tell.
  static func ofStreamedRun(requests: Int, _ bench: Bench) throws -> String {
    let base = try InMemoryTrace(reading: bench.traces.chatHour.trace)
    let trace = TiledTrace(base: base, requests: requests, seed: 1)
    let start = CPUClock.thread.now
    let run = try bench.run(trace, on: try Fleets.named("llama8b-32x16"), load: 0.7)
    _ = try run.summary(clock: .thread)
    let seconds = Double(CPUClock.thread.now - start) * 1e-9
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
    else { return "unknown" }
    return "\(kibibytes) \(seconds)"
  }
}
