import ConfigFiles
import Foundation
import Synthesis
import Workload

/// Folders that tests read from.
enum Folders {
  /// The package's root.
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Published traces, which are not part of the package.
  static let shared: URL =
    if let path = ProcessInfo.processInfo.environment["REPLAY_SHARED"] {
      URL(filePath: path)
    } else {
      package.deletingLastPathComponent().appending(path: "shared")
    }

  /// The path of a published trace, or nil, saying so, where it is absent.
  static func published(_ path: String) -> String? {
    let file = shared.appending(path: "traces").appending(path: path).path()
    if FileManager.default.fileExists(atPath: file) { return file }
    print("skipped: no published trace at \(file)")
    return nil
  }
}

/// A recipe that uses most keys; tests change a line of it.
enum RecipeSample {
  static let text = """
    name: sample
    summary: what tests change
    arrivals:
      sessions_per_second: 2
      process: gamma
      shape: 0.5
    sessions:
      class: agentic
      block_tokens: 64
      prefix:
        - kinds: [{share: 0.5, tokens: 1000}, {share: 0.5, tokens: 1500}]
        - variants: 5
          popularity: 1
          tokens: {uniform: {low: 10, high: 300}}
      starts:
        - share: 1
          requests: {geometric: {success: 0.2}, clip: [1, 30]}
          added_tokens: {lognormal: {mu: 6, sigma: 1}, clip: [1, 9000]}
          human_share: 0.3
      growth:
        session_factor: {uniform: {low: 0.5, high: 1.5}}
        factor_from_step: 2
        bands:
          - last_step: 3
            tokens: {exponential: {mean: 900}}
          - tokens: {gamma: {shape: 2, scale: 300}}
      output: {weibull: {shape: 1.2, scale: 200}, clip: [1, 4000]}
      reasoning: {uniform: {low: 0, high: 0.4}}
      service_seconds: 2
      gaps:
        human_seconds: {normal: {mean: 30, deviation: 9}}
        tools:
          - {name: Bash, share: 0.7, seconds: {exponential: {mean: 1}}}
          - {name: Read, share: 0.3, seconds: 0.05}
      context:
        compacted_tokens: 2500
        compacted_share: 0.6
        ends_instead: 0.2
        rewrites_per_step: 0.05
        windows:
          - share: 0.8
            starts_below: 9000
            most_tokens: 12000
            compaction: [{from_tokens: 6000, per_step: 0.2}]
          - {share: 0.2, most_tokens: 50000}
      subagents:
        sessions: 0.5
        per_step: 0.2
        tool: Task
        together: {uniform: {low: 1, high: 3}}
        requests: {uniform: {low: 1, high: 6}}
        prefix: [{kinds: [{share: 1, tokens: 700}]}]
        added_tokens: 100
        growth: 300
        output: 50
        start_seconds: 0.1
        join_seconds: 0.2

    """

  static func recipe(_ text: String = text) throws(RecipeError) -> Recipe {
    try Recipe(bytes: Array(text.utf8), file: "f.yaml")
  }

  /// The sample with the first line that starts so replaced.
  static func changed(_ start: String, to line: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let index = lines.firstIndex {
      $0.drop { $0 == " " || $0 == "-" }.hasPrefix(start)
    }
    if let index {
      let indent = lines[index].prefix { $0 == " " }
      lines[index] = indent + line
    }
    return lines.joined(separator: "\n")
  }

  /// What a user reads; nil where the text is a recipe.
  static func message(_ text: String) -> String? {
    do {
      _ = try recipe(text)
      return nil
    } catch {
      return error.description
    }
  }
}

extension SyntheticTrace {
  /// All rows, and the digest of their content.
  func read() throws -> (group: [RowGroup], names: TraceNames, digest: UInt128) {
    let reader = try makeReader()
    var groups: [RowGroup] = []
    var digest = ContentDigest()
    while let group = try reader.next() {
      digest.add(group, reader.names)
      groups.append(group)
    }
    return (groups, reader.names, digest.value)
  }
}
