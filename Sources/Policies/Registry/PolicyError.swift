import Spelling

/// What is wrong with a choice of policies; the description is one sentence for the user.
public enum PolicyError: Error, Equatable {
  case unknownHook(String)
  case unknownPolicy(String, hook: PolicyHook, known: [String])
  case unknownParameter(String, policy: String, known: [String])
  case unknownPreset(String, known: [String])
  case badValue(String, of: PolicyParameter, policy: String)
  case repeatedHook(PolicyHook)
  case repeatedParameter(String, policy: String)
  /// A registry holds two policies of one name for a hook.
  case repeatedPolicy(String, hook: PolicyHook)
  case malformed(String, expected: String)
  case unreadable(path: String)
  indirect case inFile(path: String, line: Int, PolicyError)
}

extension PolicyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownHook(let name):
      Self.unknown("hook '\(name)'", name, PolicyHook.allCases.map(\.rawValue))
    case .unknownPolicy("belady", .evict, _):
      "evict=belady evicts what is needed again last, which only somebody knows who has seen the whole "
        + "run; it is a bound of `replay cache`, and infinite is the one of an engine"
    case .unknownPolicy(let name, let hook, let known):
      Self.unknown("policy '\(name)' for \(hook)", name, known)
    case .unknownParameter(let name, let policy, let known):
      known.isEmpty
        ? "unknown parameter '\(name)' of \(policy), which takes none"
        : Self.unknown("parameter '\(name)' of \(policy)", name, known)
    case .unknownPreset(let name, let known):
      Self.unknown("preset '\(name)'", name, known)
    case .badValue(let text, let parameter, let policy):
      "\(policy): \(parameter.name) is '\(text)', expected \(parameter.expectation)"
        + parameter.suggestion(for: text)
    case .repeatedHook(let hook):
      "\(hook) is given twice"
    case .repeatedParameter(let name, let policy):
      "\(policy): \(name) is given twice"
    case .repeatedPolicy(let name, let hook):
      "the registry holds two policies named '\(name)' for \(hook)"
    case .malformed(let text, let expected):
      "'\(text)' is not of the form \(expected)"
    case .unreadable(let path):
      "cannot read policy file '\(path)'"
    case .inFile(let path, let line, let error):
      "\(path):\(line): \(error)"
    }
  }

  private static func unknown(_ what: String, _ name: String, _ known: [String]) -> String {
    "unknown \(what)\(KnownNames(known).hint(for: name))"
  }
}
