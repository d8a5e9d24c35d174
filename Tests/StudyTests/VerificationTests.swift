import Foundation
import Hardware
import Policies
import Reporting
import Simulation
import Testing
import Workload

@testable import Study

@Suite struct VerificationTests {
  @Test func `another result is a regression that names the digest`() throws {
    try Self.withDataset { folder in
      #expect(try Verification(folder: folder).verdict() == .reproduced)
      for (field, name) in [
        ("resultDigest", "result digest"), ("summaryDigest", "summary digest"),
      ] {
        let expected = String(repeating: "ab", count: 16)
        let found = try Self.reseal(folder, field, .string(expected)).text
        let text = try #require(found)
        #expect(
          try Verification(folder: folder).verdict()
            == .differs(["\(name) is \(text); the manifest has \(expected)"])
        )
        try Self.reseal(folder, field, .string(text))
      }
    }
  }

  @Test func `results of another version are not compared`() throws {
    try Self.withDataset { folder in
      try Self.reseal(folder, "resultsVersion", .integer(Int64(Engine.resultsVersion + 1)))
      guard case .differs(let reasons) = try Verification(folder: folder).verdict() else {
        Issue.record("reproduced")
        return
      }
      #expect(reasons.count == 1)
      #expect(reasons[0].hasPrefix("results are of version \(Engine.resultsVersion + 1), "))
    }
  }

  @Test func `a summary that was written otherwise is told by the line`() throws {
    try Self.withDataset { folder in
      let file = URL(filePath: folder + "/summary.csv")
      let lines = try String(contentsOf: file, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
      let text = Array(lines.prefix(3).joined(separator: "\n").utf8) + [10]
      try Data(text).write(to: file)
      var digest = TextDigest()
      digest.add(text[...])
      let files = try #require(
        try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: folder + "/manifest.json"))))[
          "files"
        ]
      )
      guard case .object(let pairs) = files else {
        Issue.record("no files")
        return
      }
      let edited = pairs.map { ($0.0, $0.0 == "summary.csv" ? .hex(digest.value) : $0.1) }
      try Self.reseal(folder, "files", .object(edited))
      #expect(
        try Verification(folder: folder).verdict()
          == .differs(["summary.csv differs from line 4 on"])
      )
    }
  }

  @Test func `a policy that the program does not have is named`() throws {
    try Self.withDataset { folder in
      #expect(throws: PolicyError.self) {
        try Verification(folder: folder).verdict(in: PolicyRegistry([]))
      }
    }
  }

  @Test func `a dataset changes no result`() throws {
    try Self.withDataset { folder in
      let manifest = try Manifest(inFolder: folder)
      let summary = try Self.plan.run(in: .standard).summary()
      #expect(manifest.resultDigest == summary.resultDigest)
      #expect(manifest.summaryDigest == summary.summaryDigest)
      // Of the whole trace, although the run is limited.
      #expect(manifest.trace == (try TraceIdentity(of: Self.plan.trace)))
      #expect(manifest.trace.rows == 60_000)
      let rows = try MetricRow.rows(
        parsing: Array(Data(contentsOf: URL(filePath: folder + "/summary.csv"))),
        file: "summary.csv"
      )
      #expect(rows == summary.metricRows)
    }
  }

  private static var plan: RunPlan {
    get throws {
      var options = RunOptions()
      options.limit = 300
      options.sampleInterval = 1_000_000_000
      return RunPlan(
        trace: TraceSource(path: TestTraces.bundledChat.path),
        fleet: try FleetText("b200-pd"),
        policy: .defaults,
        objectives: try ServiceObjectives(parsing: ["ttft=1s"]),
        options: options
      )
    }
  }

  private static func withDataset(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dataset-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let dataset = try DatasetFolder(path: folder)
    _ = try plan.record(into: dataset, arguments: [], registry: .standard)
    try dataset.complete()
    try body(folder)
  }

  /// Replaces a field as if the run had written it, and returns what it was.
  @discardableResult
  private static func reseal(
    _ folder: String,
    _ field: String,
    _ value: JSONValue
  ) throws -> JSONValue {
    let file = URL(filePath: folder + "/manifest.json")
    guard case .object(let pairs) = try JSONValue(parsing: Array(Data(contentsOf: file))) else {
      return .null
    }
    let content = pairs.filter { $0.0 != ManifestSeal.key }.map {
      ($0.0, $0.0 == field ? value : $0.1)
    }
    try Data(ManifestSeal.sealed(.object(content)).document.utf8).write(to: file)
    return pairs.first { $0.0 == field }?.1 ?? .null
  }
}
