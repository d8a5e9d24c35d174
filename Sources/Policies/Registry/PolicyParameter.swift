import Spelling

/// A number, or one of some names, that a policy can be given in its spec.
public struct PolicyParameter: Sendable, Equatable {
  /// What a parameter takes.
  public enum Kind: Sendable, Equatable {
    /// A number in a range. The unit says what one of it is, for example "ms" or "requests per
    /// instance"; a whole one counts something, so that fractions are refused.
    case number(unit: String, range: ClosedRange<Double>, isWhole: Bool)
    /// One of these names.
    case choice([String])
  }

  enum Value: Sendable, Equatable {
    case number(Double)
    /// An index into the names.
    case choice(Int)
  }

  /// In kebab case, as it is written in a spec.
  public let name: String
  public let kind: Kind
  public let summary: String
  let defaultValue: Value

  /// A number.
  ///
  /// - Precondition: The default lies in the range, and the range within ±2⁵³, where every whole
  ///   number is a `Double`.
  public init(
    _ name: String,
    unit: String,
    default defaultValue: Double,
    range: ClosedRange<Double>,
    isWhole: Bool = true,
    summary: String
  ) {
    precondition(range.contains(defaultValue), "the default of \(name) is outside its range")
    precondition(range.lowerBound >= -0x1p53 && range.upperBound <= 0x1p53)
    self.name = name
    self.kind = .number(unit: unit, range: range, isWhole: isWhole)
    self.summary = summary
    self.defaultValue = .number(defaultValue)
  }

  /// One of the cases of a type, by their names.
  public init<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String,
    default defaultValue: Choice,
    summary: String
  ) {
    let names = Choice.allCases.map(\.rawValue)
    self.init(name, names, default: defaultValue.rawValue, summary: summary)
  }

  /// `true` or `false`.
  public init(_ name: String, default defaultValue: Bool, summary: String) {
    self.init(name, Self.truths, default: String(defaultValue), summary: summary)
  }

  private init(_ name: String, _ names: [String], default defaultName: String, summary: String) {
    guard let index = names.firstIndex(of: defaultName) else {
      preconditionFailure("the default of \(name) is not one of its names")
    }
    self.name = name
    self.kind = .choice(names)
    self.summary = summary
    self.defaultValue = .choice(index)
  }

  static let truths = ["true", "false"]

  /// The values that it takes, as a phrase: "a whole number from 1 to 64 (requests)", "reject or
  /// hold".
  public var expectation: String {
    switch kind {
    case .number(let unit, let range, let isWhole):
      let kind = isWhole ? "a whole number" : "a number"
      let bounds = "from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
      return "\(kind) \(bounds) (\(unit))"
    case .choice(let names):
      let others = names.dropLast().joined(separator: ", ")
      return others.isEmpty ? names.joined() : "\(others) or \(names.suffix(1).joined())"
    }
  }

  /// The default as it would be written in a spec.
  public var defaultText: String { text(of: defaultValue) }

  /// A value as it would be written in a spec: one spelling for each.
  func text(of value: Value) -> String {
    switch (kind, value) {
    case (.choice(let names), .choice(let index)): names[index]
    case (_, .number(let value)): Self.text(value)
    case (.number, .choice): preconditionFailure("a number has a number as its value")
    }
  }

  /// Reads a decimal number or a name; nil if it is none, or not one that the parameter takes.
  func value(of text: String) -> Value? {
    switch kind {
    case .number(_, let range, let isWhole):
      // `Double` would also take hexadecimal numbers, infinities and NaN.
      guard text.utf8.allSatisfy({ "0123456789.+-eE".utf8.contains($0) }), let value = Double(text)
      else { return nil }
      guard range.contains(value), !isWhole || value == value.rounded() else { return nil }
      return .number(value)
    case .choice(let names):
      return names.firstIndex(of: text).map { .choice($0) }
    }
  }

  /// What follows the expectation in an error if the text is nearly a name: "; did you mean
  /// 'hold'?".
  func suggestion(for text: String) -> String {
    guard case .choice(let names) = kind, let nearest = KnownNames(names).nearest(to: text) else {
      return ""
    }
    return "; did you mean '\(nearest)'?"
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() ? String(Int64(value)) : String(value)
  }
}
