import ConfigFiles

/// What recipe files hold time and again.
extension FileSection {
  /// A distribution; nil where the section has no such key.
  func variable(
    _ key: Key,
    in range: ClosedRange<Double>
  ) throws(FileFault) -> RandomVariable? {
    guard let node = self[key] else { return nil }
    return try RandomVariable(node, key.rawValue, in: range)
  }

  /// A distribution that has to be there.
  func needed(_ key: Key, in range: ClosedRange<Double>) throws(FileFault) -> RandomVariable {
    try required(key, variable(key, in: range))
  }

  func neededNumber(_ key: Key, in range: ClosedRange<Double>) throws(FileFault) -> Double {
    try required(key, number(key, in: range))
  }

  func neededWhole(_ key: Key, in range: ClosedRange<Int>) throws(FileFault) -> Int {
    try required(key, whole(key, in: range))
  }
}

/// What a recipe can ask for; sums stay far from what columns hold.
enum RecipeRange {
  static let tokens = 1.0...10_000_000
  static let tokensOrNone = 0.0...10_000_000
  static let wholeTokens = 1...10_000_000
  /// A year.
  static let seconds = 0.0...31_536_000
  static let requests = 1.0...1_000_000
  static let share = 0.0...1
}
