/// A number that a policy can be given in its spec.
public struct PolicyParameter: Sendable, Equatable {
  /// In kebab case, as it is written in a spec.
  public let name: String
  /// What one of it is, for example "ms" or "requests per instance".
  public let unit: String
  public let defaultValue: Double
  public let range: ClosedRange<Double>
  /// Whether it counts something, so that fractions are refused.
  public let isWhole: Bool
  public let summary: String

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
    self.unit = unit
    self.defaultValue = defaultValue
    self.range = range
    self.isWhole = isWhole
    self.summary = summary
  }

  /// The values that it takes, as a phrase: "a whole number from 1 to 64 (requests)".
  public var expectation: String {
    let kind = isWhole ? "a whole number" : "a number"
    return "\(kind) from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound)) (\(unit))"
  }

  /// The default as it would be written in a spec.
  public var defaultText: String { Self.text(defaultValue) }

  /// Reads a decimal number; nil if it is none, or not one that the parameter takes.
  func value(of text: String) -> Double? {
    // `Double` would also take hexadecimal numbers, infinities and NaN.
    guard text.utf8.allSatisfy({ "0123456789.+-eE".utf8.contains($0) }), let value = Double(text)
    else { return nil }
    guard range.contains(value), !isWhole || value == value.rounded() else { return nil }
    return value
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() ? String(Int64(value)) : String(value)
  }
}

/// The values of a policy's parameters: those of its spec, and the defaults of the others.
public struct PolicyParameters: Sendable {
  private let declared: [PolicyParameter]
  private let values: [Double]

  init(_ spec: PolicySpec, declared: [PolicyParameter]) throws(PolicyError) {
    self.declared = declared
    var values = declared.map(\.defaultValue)
    for argument in spec.arguments {
      guard let index = declared.firstIndex(where: { $0.name == argument.name }) else {
        throw .unknownParameter(argument.name, policy: spec.name, known: declared.map(\.name))
      }
      guard let value = declared[index].value(of: argument.value) else {
        throw .badValue(argument.value, of: declared[index], policy: spec.name)
      }
      values[index] = value
    }
    self.values = values
  }

  /// - Precondition: The policy's entry declares a parameter of this name.
  public subscript(name: String) -> Double { values[index(of: name)] }

  /// The value of a parameter that counts something.
  ///
  /// - Precondition: The policy's entry declares a whole parameter of this name.
  public func integer(_ name: String) -> Int {
    let index = index(of: name)
    precondition(declared[index].isWhole, "parameter \(name) is not declared as whole")
    return Int(values[index])
  }

  private func index(of name: String) -> Int {
    guard let index = declared.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the policy's entry declares no parameter named \(name)")
    }
    return index
  }
}
