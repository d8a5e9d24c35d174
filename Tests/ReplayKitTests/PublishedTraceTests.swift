import Foundation
import Testing

/// The whole published traces on every built-in fleet, fast and stepping, by the program.
///
/// Stepping through them takes minutes in a debug build, so this runs only where the environment
/// names a program, as `make check` does with the release build.
@Suite(.enabled(if: PublishedTraces.areWanted, "no REPLAY_BINARY, or no published traces"))
struct PublishedTraceTests {
  @Test(arguments: PublishedTraces.files, PublishedTraces.fleets)
  func `both engines complete a published trace with the same digests`(
    file: String,
    fleet: String
  ) throws {
    let trace = PublishedTraces.folder.appending(path: file).path
    let fast = try summary(of: trace, "--fleet", fleet)
    let stepping = try summary(of: trace, "--fleet", fleet, "--engine", "stepping")
    for key in ["resultDigest", "summaryDigest"] {
      #expect(fast[key] as? String == stepping[key] as? String)
    }
    let offered = try #require(fast["offered"] as? Int)
    let completed = try #require(fast["completed"] as? Int)
    #expect(offered == PublishedTraces.rows[file])
    #expect(Double(completed) >= 0.99 * Double(offered))
    let others = ["rejected", "failed", "cancelled", "unfinished"].compactMap { fast[$0] as? Int }
    #expect(others.count == 4 && completed + others.reduce(0, +) == offered)
    #expect(stepping["boundariesVisited"] as? Int == stepping["engineSteps"] as? Int)
  }

  private func summary(of trace: String, _ options: String...) throws -> [String: Any] {
    let process = try CommandLineProgram.process(["run", trace, "--json"] + options)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}

enum PublishedTraces {
  static let rows = [
    "azure-llm-2023/AzureLLMInferenceTrace_code.csv": 8_819,
    "azure-llm-2023/AzureLLMInferenceTrace_conv.csv": 19_366,
    "mooncake-fast25/conversation_trace.jsonl": 12_031,
  ]
  static let files = rows.keys.sorted()
  static let fleets = ["trn3-cs3", "b200-mixed", "b200-pd", "llama8b-32x16"]

  static let folder: URL = {
    if let shared = ProcessInfo.processInfo.environment["REPLAY_SHARED"] {
      return URL(filePath: shared).appending(path: "traces")
    }
    return URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "shared/traces")
  }()

  static let areWanted: Bool = {
    let hasProgram = ProcessInfo.processInfo.environment["REPLAY_BINARY"] != nil
    let hasTraces = files.allSatisfy {
      FileManager.default.isReadableFile(atPath: folder.appending(path: $0).path)
    }
    if hasProgram, !hasTraces { print("skipped: no published traces in \(folder.path)") }
    return hasProgram && hasTraces && CommandLineProgram.path != nil
  }()
}
