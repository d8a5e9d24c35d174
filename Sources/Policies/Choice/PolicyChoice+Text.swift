#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension PolicyChoice {
  /// Reads a choice from a flag: the name of a preset, or `hook=spec` pairs, or a preset and pairs
  /// that override it, with spaces between them: `vllm-v0 order=sjf admit=queue-cap:requests=64`.
  ///
  /// - Throws: `PolicyError` for an unknown preset or hook, a hook given twice, or a malformed pair.
  public static func parse(_ text: String) throws(PolicyError) -> PolicyChoice {
    var words = text.split { $0.isWhitespace }.map(String.init)
    guard let first = words.first else {
      throw .malformed(text, expected: "a preset or hook=spec pairs")
    }
    var choice = PolicyChoice.defaults
    if !first.contains("=") {
      choice = try PolicyPreset.named(first).choice
      words.removeFirst()
    }
    var seen: [PolicyHook] = []
    for word in words {
      try choice.apply(word, separator: "=", form: "hook=spec", seen: &seen)
    }
    return choice
  }

  /// Reads a policy file: one `hook: spec` per line, `#` starts a comment; hooks that are not named
  /// keep the defaults.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - registry: The policies that the file may name, so that a bad name or value is reported
  ///     with its line.
  /// - Returns: The choice that the file describes.
  /// - Throws: `PolicyError.unreadable` if there is no such UTF-8 file, else
  ///   `PolicyError.inFile` with the line.
  public static func load(
    file path: String,
    in registry: PolicyRegistry = .standard
  ) throws(PolicyError) -> PolicyChoice {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw .unreadable(path: path)
    }
    var choice = PolicyChoice.defaults
    var seen: [PolicyHook] = []
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      let content = trimmed(line.prefix { $0 != "#" })
      if content.isEmpty { continue }
      do throws(PolicyError) {
        let hook = try choice.apply(content, separator: ":", form: "hook: spec", seen: &seen)
        var set = initialSet
        try registry.install(choice[hook], for: hook, in: &set)
      } catch {
        throw .inFile(path: path, line: index + 1, error)
      }
    }
    return choice
  }

  @discardableResult
  private mutating func apply(
    _ pair: String,
    separator: Character,
    form: String,
    seen: inout [PolicyHook]
  ) throws(PolicyError) -> PolicyHook {
    guard let middle = pair.firstIndex(of: separator) else {
      throw .malformed(pair, expected: form)
    }
    let name = Self.trimmed(pair[..<middle])
    guard let hook = PolicyHook(rawValue: name) else { throw .unknownHook(name) }
    if seen.contains(hook) { throw .repeatedHook(hook) }
    seen.append(hook)
    try set(Self.trimmed(pair[pair.index(after: middle)...]), for: hook)
    return hook
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    let length = start.reversed().drop { $0.isWhitespace }.count
    return String(start.prefix(length))
  }
}
