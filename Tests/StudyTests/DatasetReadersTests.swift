import Foundation
import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// Datasets as pandas, Polars and DuckDB read them.
@Suite struct DatasetReadersTests {
  @Test func `notebooks read every table with the types and the values that it states`() throws {
    guard ProcessInfo.processInfo.environment["REPLAY_INTEGRATION"] == "1" else {
      print("skipped: the Python readers of datasets; set REPLAY_INTEGRATION=1 (make check does)")
      return
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "readers-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let python = try Self.python(in: folder) else {
      print("skipped: the Python readers of datasets; python3, venv or pip does not work here")
      return
    }
    let trace = folder.appending(path: "trace.csv").path
    try Self.trace.write(toFile: trace, atomically: true, encoding: .utf8)
    for loop in LoopMode.allCases {
      let dataset = try DatasetFolder(path: folder.appending(path: "loop=\(loop.rawValue)").path)
      _ = try Self.plan(trace, loop).record(into: dataset, arguments: [], registry: .standard)
      try dataset.complete()
    }
    let script = folder.appending(path: "readers.py").path
    try datasetReadersScript.write(toFile: script, atomically: true, encoding: .utf8)
    let checked = try Self.run(python, script, folder.path)
    #expect(checked.status == 0, "\(checked.output)")
    #expect(checked.output.hasSuffix("requests in 2 datasets\n"))
  }

  /// Sessions of three turns in two classes, faster than two of the built-in fleet's pools serve.
  private static var trace: String {
    var random = SplitMix64(seed: 31)
    var text = "arrival_seconds,prompt_tokens,output_tokens,session,class\n"
    for turn in 0..<3 {
      for session in 0..<500 {
        let prompt = Int.random(in: 10...9_000, using: &random)
        let output = Int.random(in: 1...300, using: &random)
        let millisecond = turn * 20_000 + session * 40
        let seconds = "\(millisecond / 1_000).\(String(1_000 + millisecond % 1_000).dropFirst())"
        let name = session % 3 == 0 ? "code" : "\"chat, \"\"long\"\"\""
        text += "\(seconds),\(prompt),\(output),\(session),\(name)\n"
      }
    }
    return text
  }

  private static func plan(_ trace: String, _ loop: LoopMode) throws -> RunPlan {
    var options = RunOptions()
    options.loop = loop
    options.rateScale = 2
    options.horizon = 45_000_000_000
    options.window = MeasureWindow(start: 1_000_000_000, end: 9_000_000_000)
    options.sampleInterval = 1_000_000_000
    return RunPlan(
      trace: TraceSource(path: trace),
      fleet: try FleetText("b200-pd"),
      policy: .defaults,
      objectives: try ServiceObjectives(parsing: ["ttft=2s", "code:tpot=4100us"]),
      options: options
    )
  }

  /// An interpreter with the readers, in an environment that goes with the folder; nil where it
  /// cannot be made.
  private static func python(in folder: URL) throws -> String? {
    let environment = folder.appending(path: "venv").path
    let python = environment + "/bin/python"
    let packages = ["pandas", "polars", "duckdb", "pyarrow", "zstandard"]
    guard try run("python3", "-m", "venv", environment).status == 0,
      try run([python, "-m", "pip", "install", "--quiet"] + packages).status == 0
    else { return nil }
    return python
  }

  private static func run(_ command: String...) throws -> (status: Int32, output: String) {
    try run(command)
  }

  private static func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
