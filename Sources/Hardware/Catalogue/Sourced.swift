/// How far a figure can be trusted.
public enum Confidence: String, Sendable, CaseIterable {
  /// Read off a running system by someone who published the measurement; the source is the id of
  /// an anchor.
  case measured
  /// Stated by the maker or in a data sheet; the source is a key of the bibliography.
  case published
  /// Computed from other figures; the source is the formula.
  case derived
  /// A judgement, to be swept in a study that depends on it; the source is the reason.
  case assumed
}

/// A figure of the catalogue with where it comes from, so that reports can print both.
public struct Sourced: Sendable, Equatable {
  public var value: Double
  public var confidence: Confidence
  /// What the confidence says it is.
  public var source: String
  /// What else a reader should know; empty where there is nothing.
  public var note: String

  public init(_ value: Double, _ confidence: Confidence, _ source: String, note: String = "") {
    self.value = value
    self.confidence = confidence
    self.source = source
    self.note = note
  }

  /// The figure taken over for something else, of which none is known.
  func borrowed(from name: String) -> Sourced {
    Sourced(value, .assumed, "as \(name), for want of a figure of its own", note: note)
  }
}

/// One line of a catalogue listing.
public struct Figure: Sendable, Equatable {
  public var name: String
  public var unit: FigureUnit
  public var figure: Sourced

  public init(_ name: String, unit: FigureUnit = .share, _ figure: Sourced) {
    self.name = name
    self.unit = unit
    self.figure = figure
  }

  /// The value in a unit that suits its size, such as `4.9 TB/s`.
  public var text: String { unit.text(figure.value) }
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
    get {
      switch precision {
      case .bf16: bf16
      case .fp8: fp8
      case .fp4: fp4
      }
    }
    set {
      switch precision {
      case .bf16: bf16 = newValue
      case .fp8: fp8 = newValue
      case .fp4: fp4 = newValue
      }
    }
  }

  func figures(_ name: String, unit: FigureUnit = .share) -> [Figure] {
    Precision.allCases.compactMap { precision in
      self[precision].map { Figure("\(name) \(precision.rawValue)", unit: unit, $0) }
    }
  }

  func borrowed(from name: String) -> ByPrecision {
    ByPrecision(
      bf16: bf16?.borrowed(from: name),
      fp8: fp8?.borrowed(from: name),
      fp4: fp4?.borrowed(from: name)
    )
  }
}
