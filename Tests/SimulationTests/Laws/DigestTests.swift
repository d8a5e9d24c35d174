import Foundation
import Hardware
import Policies
import Simulation
import Testing
import Workload

/// Law 4: the same inputs give the same digest, on any machine and in any number of threads.
///
/// The digests are in `Golden/digests.txt`. `RECORD_GOLDEN=1 swift test --filter DigestTests` writes
/// them anew; a change of any is a change of results, which the changelog has to name.
@Suite struct DigestTests {
  @Test func `digests are the committed ones`() throws {
    let lines = try GoldenRun.all.map { try $0.line() }
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: GoldenRun.file)
    }
    let committed = try String(contentsOf: GoldenRun.file, encoding: .utf8)
    #expect(lines == committed.split(separator: "\n").map(String.init))
  }

  @Test func `several tasks at once change no digest`() async throws {
    let alone = try GoldenRun.all.map { try $0.line() }
    let together = try await withThrowingTaskGroup(of: String.self) { group in
      for run in GoldenRun.all + GoldenRun.all { group.addTask { try run.line() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together.sorted() == (alone + alone).sorted())
  }
}

/// A run whose digest is committed.
private struct GoldenRun: Sendable {
  let name: String
  let digest: @Sendable () throws -> UInt128

  /// Its name and its digest in hexadecimal.
  func line() throws -> String {
    "\(name) \(try digest().hex)"
  }

  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let file = package.appending(path: "Tests/SimulationTests/Golden/digests.txt")

  /// Generated cases, and the bundled trace on the default fleet at its recorded rate.
  static let all: [GoldenRun] = chat + cases

  private static let cases = (0..<UInt64(20)).map { seed in
    GoldenRun(name: "case-\(seed)") {
      let test = Case.make(seed: seed, policies: SamplePolicies.draw)
      return try LawRun(test, mode: .fast).result.resultDigest
    }
  }

  private static let chat = ["default", "vllm-v0"].map { preset in
    GoldenRun(name: "chat-\(Fleets.defaultName)-\(preset)") {
      let trace = TraceFile(path: package.appending(path: "traces/chat.csv.zst").path)
      var sink = NoSink()
      let result = try Engine.run(
        trace.makeReader(),
        fleet: Fleets.named(Fleets.defaultName),
        policies: PolicyPreset.named(preset).choice.resolve(),
        options: RunOptions(),
        sink: &sink
      )
      return result.resultDigest
    }
  }
}

private struct NoSink: RecordSink {
  func receive(requests: borrowing ContiguousArray<RequestRecord>) {}
  func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}
}
