import Foundation
import Hardware
import Policies
import Simulation
import Testing
import Workload

/// Law 4: the same inputs give the same digest, on any machine and in any number of threads.
///
/// The digests are in `Golden/digests.txt`, below the version of results that they are of.
/// `RECORD_GOLDEN=1 swift test --filter DigestTests` writes them anew; a change of any is a change of
/// results, for which `Engine.resultsVersion` has to grow first, and which the changelog has to name.
@Suite struct DigestTests {
  @Test func `digests are the committed ones`() throws {
    let lines = try GoldenRun.all.map { try $0.line() }
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
      let recorded = try GoldenFile(String(contentsOf: GoldenRun.file, encoding: .utf8))
      let text = try recorded.recording(lines, version: Engine.resultsVersion).text
      try Data(text.utf8).write(to: GoldenRun.file)
    }
    let committed = try GoldenFile(String(contentsOf: GoldenRun.file, encoding: .utf8))
    #expect(lines == committed.lines)
  }

  @Test func `the committed digests are of the engine's version of results`() throws {
    let committed = try GoldenFile(String(contentsOf: GoldenRun.file, encoding: .utf8))
    #expect(committed.version == Engine.resultsVersion)
  }

  @Test func `a digest changes only together with the version of results`() throws {
    let old = try GoldenFile("resultsVersion 3\na 00\nb 11\n")
    #expect(try old.recording(["a 00", "c 22", "b 11"], version: 3).text.hasSuffix("c 22\nb 11\n"))
    #expect(throws: GoldenFile.Refusal(changed: ["b"], version: 3)) {
      try old.recording(["a 00", "b 12"], version: 3)
    }
    #expect(
      try old.recording(["a 00", "b 12"], version: 4).text == "resultsVersion 4\na 00\nb 12\n"
    )
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

/// The committed digests: a line `resultsVersion N`, then a name and a digest per line.
private struct GoldenFile {
  var version: Int
  var lines: [String]

  /// Why digests may not be recorded.
  struct Refusal: Error, Equatable, CustomStringConvertible {
    var changed: [String]
    var version: Int

    var description: String {
      "results of \(changed.joined(separator: ", ")) changed, and Engine.resultsVersion is still "
        + "\(version); raise it, then record"
    }
  }

  init(_ text: String) throws {
    let all = text.split(separator: "\n").map(String.init)
    let words = try #require(all.first).split(separator: " ")
    #expect(words.first == "resultsVersion")
    version = try #require(words.last.flatMap { Int($0) })
    lines = Array(all.dropFirst())
  }

  var text: String { (["resultsVersion \(version)"] + lines).map { $0 + "\n" }.joined() }

  /// The file with other digests.
  ///
  /// - Throws: `Refusal` where the digest of a run changes that the file has for the same version.
  func recording(_ new: [String], version: Int) throws -> GoldenFile {
    func pairs(_ lines: [String]) -> [(name: Substring, digest: Substring)] {
      lines.map { ($0.prefix { $0 != " " }, $0.drop { $0 != " " }) }
    }
    let known = Dictionary(pairs(lines).map { ($0.name, $0.digest) }) { first, _ in first }
    let changed = pairs(new).filter { known[$0.name] ?? $0.digest != $0.digest }.map(\.name)
    if version == self.version, !changed.isEmpty {
      throw Refusal(changed: changed.map(String.init), version: version)
    }
    var file = self
    file.version = version
    file.lines = new
    return file
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
      let trace = TraceFile(path: package.appending(path: "traces/chat.replay.zst").path)
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
