/// A number that an eviction takes.
public struct EvictionParameter: Sendable, Equatable {
  public let name: String
  /// Of its values; empty for counts.
  public let unit: String
  public let summary: String
  /// What it is unless given.
  public let initial: Double
  public let range: ClosedRange<Double>
  public let isWhole: Bool

  init(
    _ name: String,
    unit: String = "",
    _ summary: String,
    initial: Double,
    range: ClosedRange<Double>,
    isWhole: Bool = false
  ) {
    self.name = name
    self.unit = unit
    self.summary = summary
    self.initial = initial
    self.range = range
    self.isWhole = isWhole
  }

  static let seconds = EvictionParameter(
    "seconds",
    unit: "s",
    "how long a block stays without use",
    initial: 300,
    range: 0.001...1e9
  )
  static let uses = EvictionParameter(
    "uses",
    "from how many uses on a block is protected",
    initial: 2,
    range: 1...1e9,
    isWhole: true
  )
  static let lifespan = EvictionParameter(
    "lifespan",
    unit: "s",
    "in which time from now a block should be used again",
    initial: 600,
    range: 0.001...1e9
  )
}

/// A parameter that an eviction does not take, or not of this value, or no such eviction.
public struct EvictionFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// For example `ttl has no parameter 'second'; it takes seconds`.
  public let description: String

  public init(description: String) { self.description = description }
}

/// The value of every parameter of an eviction.
public struct EvictionValues: Sendable {
  private let values: [String: Double]

  /// The values given, and the initial ones of the others.
  ///
  /// - Throws: A fault for a parameter that is not among those of the eviction, and for a value that
  ///   it does not take.
  init(
    _ given: [String: Double],
    for eviction: String,
    _ parameters: [EvictionParameter]
  ) throws(EvictionFault) {
    var values: [String: Double] = [:]
    for parameter in parameters { values[parameter.name] = parameter.initial }
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        let known = parameters.map(\.name).joined(separator: ", ")
        throw EvictionFault(
          description: "\(eviction) has no parameter '\(name)'; it takes "
            + (known.isEmpty ? "none" : known)
        )
      }
      guard parameter.range.contains(value), !parameter.isWhole || value == value.rounded() else {
        let (low, high) = (parameter.range.lowerBound, parameter.range.upperBound)
        throw EvictionFault(
          description: "\(eviction) has \(name) \(Self.text(value)); expected a "
            + (parameter.isWhole ? "whole number" : "number")
            + " from \(Self.text(low)) to \(Self.text(high))"
            + (parameter.unit.isEmpty ? "" : " " + parameter.unit)
        )
      }
      values[name] = value
    }
    self.values = values
  }

  /// A number as one would write it: whole ones without decimals.
  private static func text(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  subscript(parameter: EvictionParameter) -> Double { values[parameter.name] ?? parameter.initial }

  /// A parameter in seconds, as nanoseconds.
  func nanoseconds(_ parameter: EvictionParameter) -> Int64 { Int64(self[parameter] * 1e9) }
}
