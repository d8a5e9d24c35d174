import ArgumentParser
import Foundation
import Reporting
import Spelling
import Workload

/// Measures how fast replays are, against the budgets that the project has set itself.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ReplayBench",
    abstract: "Measure replays, importers and start-up against their budgets.",
    discussion: """
      Times are processor time of the measuring thread. Rates and ratios come from the fastest \
      repetition, since disturbances only ever add time. Traces that are not bundled are looked for \
      in the folder that REPLAY_SHARED names, else in ../shared beside the package.

      BENCHMARKS:
      \(Benchmark.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
      """
  )

  @Option(help: .init("Only these benchmarks; repeatable.", valueName: "name"))
  var only: [String] = []

  @Option(help: .init("How often each measurement is repeated.", valueName: "count"))
  var repetitions: Int?

  @Flag(help: "Small sizes, measured once: shows that everything runs, not how fast.")
  var smoke = false

  @Flag(help: "Also measure the peak memory of long runs, which takes minutes.")
  var memory = false

  @Option(help: .init("Also write the rows as CSV; '-' prints them instead.", valueName: "file"))
  var csv: String?

  /// What the memory benchmark starts in a process of its own.
  @Option(help: .hidden) var streamed: Int?
  @Option(help: .hidden) var replayed: String?

  func validate() throws {
    if let repetitions, repetitions < 1 {
      throw ValidationError("--repetitions is \(repetitions); expected at least 1")
    }
    let known = KnownNames(Benchmark.all.map(\.name))
    for name in only where !known.names.contains(name) {
      throw ValidationError("unknown benchmark '\(name)'\(known.hint(for: name))")
    }
  }

  func run() throws {
    let bench = Bench(repetitions: repetitions ?? (smoke ? 1 : 5), isSmoke: smoke)
    if let streamed {
      let base = try InMemoryTrace(reading: bench.traces.chatHour.trace)
      print(try PeakMemory.ofRun(TiledTrace(base: base, requests: streamed, seed: 1), bench))
      return
    }
    if let replayed {
      print(try PeakMemory.ofRun(TraceFile(path: replayed), bench))
      return
    }
    var rows: [Row] = []
    for benchmark in Benchmark.all {
      let isWanted = only.isEmpty ? memory || !benchmark.isLong : only.contains(benchmark.name)
      guard isWanted else { continue }
      FileHandle.standardError.write(Data("\(benchmark.name)…\n".utf8))
      rows += try benchmark.measure(bench)
    }
    if csv != "-" { print(RowReport.table(rows), terminator: "") }
    guard let csv else { return }
    let text = RowReport.csv(rows)
    if csv == "-" {
      print(text, terminator: "")
    } else {
      try text.write(toFile: csv, atomically: true, encoding: .utf8)
    }
  }
}

/// Rows that are measured together, so that their ratios are of one run.
struct Benchmark: Sendable {
  let name: String
  let summary: String
  /// Whether it is left out unless asked for.
  var isLong = false
  let measure: @Sendable (Bench) throws -> [Row]

  static let all = [
    headline, longOutputs, lowRate, wide, linearity, mixed, prefixes, datasets, importers, archives,
    caches,
    startUp, peakMemory,
  ]
}
