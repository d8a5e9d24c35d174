import Foundation
import Testing

/// The commands of the README, as they stand there.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct ReadmeTests {
  private static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func `every command of the README works, in the order in which they stand`() throws {
    try CommandLineProgram.withFolder { folder in
      try prepare(folder)
      let commands = try Self.commands()
      #expect(commands.count >= 20)
      for command in commands {
        let result = try shell(command, in: folder)
        #expect(result.status == 0, "\(command): \(result.errors)")
        #expect(!result.output.isEmpty, "\(command)")
      }
    }
  }

  /// The lines of the README's shell blocks that run the program, continued lines joined.
  private static func commands() throws -> [String] {
    let text = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
    let blocks = text.components(separatedBy: "```sh\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    return blocks.joined(separator: "\n")
      .replacingOccurrences(of: "\\\n", with: " ")
      .split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix("replay ") }
  }

  /// The files that the commands name, small ones.
  private func prepare(_ folder: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/traces",
      withDestinationPath: Self.package.appending(path: "traces").path
    )
    for name in ["trace.csv", "trace.csv.zst", "a.csv", "b.csv"] {
      let command = "replay trace synth chat --requests 2000 -o \(name)"
      #expect(try shell(command, in: folder).status == 0)
    }
    let fleet = "Sources/Hardware/Fleets/BuiltIn/b200-pd.yaml"
    try FileManager.default.copyItem(
      atPath: Self.package.appending(path: fleet).path,
      toPath: folder + "/my-fleet.yaml"
    )
    let requests = (0..<500).map { index in
      "{\"timestamp\": \(index * 10_000), \"input_length\": 1300, \"output_length\": 40, "
        + "\"hash_ids\": [0, \(2 * index + 1), \(2 * index + 2)]}\n"
    }
    try Data(requests.joined().utf8)
      .write(to: URL(filePath: folder + "/conversation_trace.jsonl"))
    let turns = (0..<200).map { index in
      let start = index < 50 ? "\"timestamp\": \(index * 1_000), " : "\"delay\": 20, "
      return "{\"session_id\": \"\(index % 50)\", \(start)\"input_length\": 700, "
        + "\"output_length\": 30}\n"
    }
    try Data(turns.joined().utf8).write(to: URL(filePath: folder + "/sessions.jsonl"))
    try prepareMeasurements(folder)
  }

  /// Served rows, and a serving log whose requests take 50 ms and 20 ms per token.
  private func prepareMeasurements(_ folder: String) throws {
    let rows = [1, 4, 16].map { clients in
      "r\(clients),aggregated,llama-3.1-8b,b200,vllm,1024,64,\(clients),1,20,\(4 + clients)\n"
    }
    let header =
      "row_id,mode,model,chip,engine,isl_tokens,osl_tokens,concurrency,tp,ttft_ms,tpot_ms\n"
    try Data((header + rows.joined()).utf8).write(to: URL(filePath: folder + "/rows.csv"))
    let log = (0..<40).map { index in
      let arrival = Double(index) / 4
      return "{\"input_toks\": \(400 + 10 * index), \"output_toks\": 41, \"arrival_time\": "
        + "\(arrival), \"queued_ts\": \(arrival), \"scheduled_ts\": \(arrival), "
        + "\"first_token_ts\": \(arrival + 0.05), \"last_token_ts\": \(arrival + 0.85)}\n"
    }
    try Data(log.joined().utf8).write(to: URL(filePath: folder + "/log.jsonl"))
  }

  private func shell(
    _ command: String,
    in folder: String
  ) throws -> CommandLineProgram.Result {
    let program = try #require(CommandLineProgram.path)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "replay() { \"$PROGRAM\" \"$@\"; }; \(command)"]
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(["PROGRAM": program]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errorText = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return CommandLineProgram.Result(
      status: process.terminationStatus,
      output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: errorText, as: UTF8.self)
    )
  }
}
