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
    summary:
      "peak memory of 20 million requests, streamed and from a trace file; only with --memory",
    isLong: true
  ) { bench in
    let requests = bench.requests(20_000_000)
    let hour = bench.traces.chatHour
    return try TemporaryFolder.with { folder in
      let path = folder.appending(path: "tiled.replay.zst").path
      let base = try InMemoryTrace(reading: hour.trace)
      _ = try write(TiledTrace(base: base, requests: requests, seed: 1), to: path, level: 3)
      return [
        try memory(
          "peak memory of \(requests) requests",
          ["--streamed", String(requests)],
          note: "\(hour.label) tiled while it is replayed, in a process of its own"
        ),
        try memory(
          "peak memory of \(requests) requests from an archive",
          ["--replayed", path],
          note: "\(hour.label) tiled, in a process of its own"
        ),
      ]
    }
  }

  private static func memory(_ name: String, _ arguments: [String], note: String) throws -> Row {
    let unit = "MiB"
    guard let program = program(named: "ReplayBench") else {
      return .skipped(name, unit: unit, because: "this program cannot find itself")
    }
    let words = try finish(program, arguments).output.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let kibibytes = Double(words[0]), let seconds = Double(words[1]) else {
      return .skipped(name, unit: unit, because: "the system does not tell")
    }
    return Row(
      name: name,
      value: kibibytes / 1024,
      unit: unit,
      budget: .atMost(256),
      timing: Timing([seconds]),
      note: note
    )
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
  /// Replays a trace that need not be in memory as a whole.
  ///
  /// - Returns: The most memory that the process ever had resident, in KiB, and the seconds of the
  ///   replay; "unknown" where the system does not tell.
  static func ofRun(_ trace: any Trace, _ bench: Bench) throws -> String {
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
