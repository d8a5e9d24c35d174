import Foundation
import Testing

/// What runs and the commands of traces have in common: how a trace is read, and what is said of it.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct ReadingChoiceTests {
  private static let left = "1 failed request left out\n"
  private static let kept = "1 failed request kept with at least 1 prompt and 1 output token\n"
  private static let drop = ["--sessions-per-second", "0.5", "--failures", "drop"]
  private static let keep = ["--sessions-per-second", "0.5", "--failures", "keep"]

  @Test func `a run with choices of reading is verified from its manifest`() throws {
    try Self.withSessions { trace, folder in
      let out = folder + "/out"
      let run = try CommandLineProgram.run(["run", trace, "--out", out] + Self.drop)
      #expect(run.status == 0)
      #expect(run.errors == "warning: \(trace): \(Self.left)")
      #expect(run.output.contains("\noptions  seed 0, rate × 1.00, closed loop\n"))
      #expect(run.output.contains("\nsessions  started  "))
      let verified = try CommandLineProgram.run("verify", out)
      #expect(verified.output == "\(out): reproduced\n" && verified.status == 0)

      let open = try CommandLineProgram.run(["run", trace, "--loop", "open"] + Self.keep)
      #expect(open.errors == "warning: \(trace): \(Self.kept)")
      #expect(open.output.contains("\noptions  seed 0, rate × 1.00\n"))
      #expect(!open.output.contains("\nsessions  started  "))
    }
  }

  @Test func `a pipe is asked for its loop without losing a request`() throws {
    try Self.withSessions { trace, _ in
      let process = try CommandLineProgram.process(["run", "/dev/stdin", "--json"] + Self.drop)
      let (input, output) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      input.fileHandleForWriting.write(try Data(contentsOf: URL(filePath: trace)))
      try input.fileHandleForWriting.close()
      let text = String(
        decoding: output.fileHandleForReading.readDataToEndOfFile(),
        as: UTF8.self
      )
      process.waitUntilExit()
      let file = try CommandLineProgram.run(["run", trace, "--json"] + Self.drop).output
      #expect(text.contains("\"loop\": \"closed\"") && text.contains("\"offered\": 4,"))
      let digest = try #require(file.firstMatch(of: /"resultDigest": "[0-9a-f]{32}"/)).output
      #expect(text.contains(digest))
    }
  }

  @Test func `a comparison reads as a run does, and finished runs stay`() throws {
    try Self.withSessions { trace, folder in
      let seeds = ["--seed", "1", "--seed", "2", "--out", folder + "/study", "--load", "0.5"]
      let command = ["compare", trace] + seeds
      let first = try CommandLineProgram.run(command + Self.drop)
      #expect(first.status == 0)
      #expect(first.errors == "warning: \(trace): \(Self.left)")
      #expect(first.output.contains(", closed loop\n"))
      let again = try CommandLineProgram.run(command + Self.drop)
      #expect(again.output == first.output && again.errors == first.errors)
      let other = try CommandLineProgram.run(command + Self.keep)
      #expect(other.status == 64)
      #expect(other.errors.contains(" holds another run, with other trace.failures, trace.rows, "))
    }
  }

  @Test func `every command of traces says what became of failed requests`() throws {
    try Self.withSessions { trace, folder in
      let csv = ["--drop", "prefix,record"]
      for (arguments, files) in [
        (["head", trace, "-n", "1"], 1), (["info", trace], 1),
        (["import", trace, folder + "/t.replay.zst"], 1),
        (["export", trace, folder + "/t.csv"] + csv, 1),
        (["merge", trace, trace, folder + "/m.replay.zst"], 2),
        (["cut", trace, folder + "/c.replay.zst", "--to", "3s"], 1),
      ] {
        for (choices, note) in [(Self.drop, Self.left), (Self.keep, Self.kept)] {
          let result = try CommandLineProgram.run(["trace"] + arguments + choices)
          #expect(result.status == 0, "\(result.errors)")
          let warnings = String(repeating: "warning: \(trace): \(note)", count: files)
          #expect(result.errors == warnings, "\(arguments)")
        }
      }
    }
  }

  @Test(arguments: [
    (
      ["--failures", "kep"],
      "unknown choice of --failures 'kep'; did you mean 'keep'? Known: keep, drop"
    ),
    (["--sessions-per-second", "-1"], "--sessions-per-second is -1.0; expected a number above 0"),
    (["--sessions-per-second", "inf"], "--sessions-per-second is inf; expected a number above 0"),
    (["--characters-per-token", "0"], "--characters-per-token is 0.0; expected a number above 0"),
  ])
  func `runs and commands of traces refuse a choice in the same words`(
    choice: [String],
    problem: String
  ) throws {
    for command in [["run"], ["compare"], ["trace", "info"], ["trace", "head"]] {
      let result = try CommandLineProgram.run(command + ["x.csv"] + choice)
      #expect(result.status == 64)
      #expect(result.errors == "error: \(problem)\n")
    }
  }

  @Test func `a rate for a trace that has start times is refused`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let packed = folder + "/t.replay.zst"
      #expect(try CommandLineProgram.run("trace", "import", trace, packed).status == 0)
      for path in [trace, packed] {
        for command in [["run"], ["compare", "--seed", "1", "--seed", "2"], ["trace", "info"]] {
          let result = try CommandLineProgram.run(command + [path, "--sessions-per-second", "2"])
          #expect(result.status == 65)
          #expect(
            result.errors.hasPrefix("error: \(path): has start times, so --sessions-per-second ")
          )
        }
      }
    }
  }

  @Test func `a misspelt command of traces is told the nearest`() throws {
    let result = try CommandLineProgram.run("trace", "sinth", "chat")
    #expect(result.status == 64)
    let message = "error: unknown trace command 'sinth'; did you mean 'synth'? Known: import, "
    #expect(result.errors.hasPrefix(message), "\(result.errors)")
    #expect(result.errors.hasSuffix(", compare\n"))
    for help in [["trace"], ["trace", "--help"], ["help", "trace"], ["help", "trace", "synth"]] {
      let shown = try CommandLineProgram.run(help)
      #expect(shown.status == 0)
      #expect(shown.output.hasPrefix("OVERVIEW: "), "\(help): \(shown.errors)")
    }
  }

  /// Calls `body` with the path of a file without start times in which one of five requests has
  /// failed and another waits for that one, and with the file's folder.
  private static func withSessions(_ body: (_ trace: String, _ folder: String) throws -> Void)
    throws
  {
    let text = """
      {"id": "a", "block_size": 64, "requests": [\
      {"t": 0, "type": "n", "model": "m", "in": 200, "out": 30, "hash_ids": [1, 2, 3]}, \
      {"t": 5.5, "type": "n", "model": "m", "in": 260, "out": 0, "hash_ids": [1, 2, 3, 4]}, \
      {"t": 9.5, "type": "n", "model": "m", "in": 300, "out": 20, "hash_ids": [1, 2, 3, 4]}]}
      {"id": "b", "block_size": 64, "requests": [\
      {"t": 0, "type": "n", "model": "m", "in": 100, "out": 30, "hash_ids": [1]}, \
      {"t": 3.5, "type": "n", "model": "m", "in": 200, "out": 20, "hash_ids": [1, 2, 3]}]}

      """
    try CommandLineProgram.withFolder { folder in
      let path = folder + "/agents.json"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      try body(path, folder)
    }
  }
}
