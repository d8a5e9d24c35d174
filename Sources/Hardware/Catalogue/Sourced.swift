/// How far a figure can be trusted.
public enum Confidence: String, Sendable, CaseIterable {
  /// Read off a running system by someone who published the measurement.
  case measured
  /// Stated by the maker or in a data sheet.
  case published
  /// Computed from measured or published figures.
  case derived
  /// A judgement, to be swept in a study that depends on it.
  case assumed
}

/// A figure of the catalogue with where it comes from, so that reports can print both.
public struct Sourced: Sendable, Equatable {
  public var value: Double
  public var confidence: Confidence
  public var source: String

  public init(_ value: Double, _ confidence: Confidence, _ source: String) {
    self.value = value
    self.confidence = confidence
    self.source = source
  }
}

/// One line of a catalogue listing.
public struct Figure: Sendable, Equatable {
  public var name: String
  /// The unit of the value; empty for a pure number.
  public var unit: String
  public var figure: Sourced

  public init(_ name: String, unit: String = "", _ figure: Sourced) {
    self.name = name
    self.unit = unit
    self.figure = figure
  }
}

/// The format in which matrix units compute.
public enum Precision: String, Sendable, CaseIterable {
  case bf16, fp8, fp4
}

/// A figure per compute precision; nil where the chip has no such rate.
public struct ByPrecision: Sendable, Equatable {
  public var bf16: Sourced?
  public var fp8: Sourced?
  public var fp4: Sourced?

  public init(bf16: Sourced? = nil, fp8: Sourced? = nil, fp4: Sourced? = nil) {
    self.bf16 = bf16
    self.fp8 = fp8
    self.fp4 = fp4
  }

  public subscript(precision: Precision) -> Sourced? {
    switch precision {
    case .bf16: bf16
    case .fp8: fp8
    case .fp4: fp4
    }
  }

  func figures(_ name: String, unit: String = "") -> [Figure] {
    Precision.allCases.compactMap { precision in
      self[precision].map { Figure("\(name) \(precision.rawValue)", unit: unit, $0) }
    }
  }
}
