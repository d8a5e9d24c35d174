/// A policy and the parameters that it is given, as written in flags and files:
/// `least-tokens`, `queue-cap:requests=64,tokens=100000`.
struct PolicySpec: Sendable, Equatable, CustomStringConvertible {
  struct Argument: Sendable, Equatable {
    var name: String
    var value: String
  }

  let name: String
  /// Sorted by name, so that two spellings of the same choice are equal.
  let arguments: [Argument]

  init(_ name: String, _ arguments: KeyValuePairs<String, Int> = [:]) {
    self.init(name, arguments.map { Argument(name: $0.key, value: String($0.value)) })
  }

  init(_ name: String, _ arguments: [Argument]) {
    self.name = name
    self.arguments = arguments.sorted { $0.name < $1.name }
  }

  init(parsing text: String) throws(PolicyError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(parts[0])
    guard Self.isName(name) else { throw Self.malformed(text) }
    var arguments: [Argument] = []
    if parts.count == 2 {
      for pair in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, Self.isName(sides[0]), !sides[1].isEmpty else {
          throw Self.malformed(text)
        }
        let argument = Argument(name: String(sides[0]), value: String(sides[1]))
        if arguments.contains(where: { $0.name == argument.name }) {
          throw .repeatedParameter(argument.name, policy: name)
        }
        arguments.append(argument)
      }
    }
    self.arguments = arguments.sorted { $0.name < $1.name }
  }

  var description: String {
    if arguments.isEmpty { return name }
    return name + ":" + arguments.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
  }

  private static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && !text.contains { $0.isWhitespace || "=:,#".contains($0) }
  }

  private static func malformed(_ text: String) -> PolicyError {
    .malformed(text, expected: "NAME or NAME:parameter=value,parameter=value")
  }
}
