/// A constant of the roofline formulas that calibration fits; all are above 0.
public enum FittedConstant: String, Sendable, CaseIterable {
  case bandwidthEfficiency = "bandwidth_efficiency"
  case slowdown
  case layerFloor = "layer_floor_us"
  case expertLayerFloor = "expert_layer_floor_us"
  case hostTime = "host_time_us"
  case requestTime = "request_time_us"

  /// What files hold per unit of the formulas: microseconds for times.
  var fileScale: Double {
    switch self {
    case .bandwidthEfficiency, .slowdown: 1
    case .layerFloor, .expertLayerFloor, .hostTime, .requestTime: 1e6
    }
  }

  /// Values that a file may hold, in the unit of the formulas. A bandwidth efficiency above 1 says
  /// that a formula counts bytes that are not read.
  public var range: ClosedRange<Double> {
    switch self {
    case .bandwidthEfficiency: 0.05...2
    case .slowdown: 0.05...20
    case .layerFloor: 1e-7...2e-3
    case .expertLayerFloor: 1e-7...2e-3
    case .hostTime: 1e-6...50e-3
    case .requestTime: 1e-7...5e-3
    }
  }

  /// The nearest value that a file holds with six digits, so that what is read is what was written.
  public func rounded(_ value: Double) -> Double { inFile(value) / fileScale }

  /// A value in the unit of files, with six digits.
  public func inFile(_ value: Double) -> Double {
    let scaled = value * fileScale
    // Dividing a whole number by a power of ten gives the double nearest to the decimal.
    var unit = 1.0
    while scaled * unit < 99_999.5, unit < 1e12 { unit *= 10 }
    return (scaled * unit).rounded() / unit
  }

  private var path: WritableKeyPath<RooflineConstants, Sourced> {
    switch self {
    case .bandwidthEfficiency: \.bandwidthEfficiency
    case .slowdown: \.slowdown
    case .layerFloor: \.layerFloor
    case .expertLayerFloor: \.expertLayerFloor
    case .hostTime: \.hostTime
    case .requestTime: \.requestTime
    }
  }

  /// The constant's value in a set.
  public func value(in constants: RooflineConstants) -> Double { constants[keyPath: path].value }

  /// Puts a fitted value into a set.
  public func set(_ value: Double, in constants: inout RooflineConstants, source: String) {
    constants[keyPath: path] = Sourced(value, .derived, source)
  }
}

/// Values of some fitted constants.
public struct FittedConstants: Sendable, Equatable {
  /// In the order of `FittedConstant.allCases`; nil for those that stay as they are.
  private var values = [Double?](repeating: nil, count: FittedConstant.allCases.count)

  /// No constants: everything stays as the catalogue has it.
  public init() {}

  public subscript(constant: FittedConstant) -> Double? {
    get { values[Self.position(constant)] }
    set { values[Self.position(constant)] = newValue }
  }

  private static func position(_ constant: FittedConstant) -> Int {
    FittedConstant.allCases.firstIndex(of: constant) ?? 0
  }

  /// Those that have a value, in the order of `FittedConstant.allCases`.
  public var all: [(constant: FittedConstant, value: Double)] {
    zip(FittedConstant.allCases, values).compactMap { constant, value in
      value.map { (constant, $0) }
    }
  }

  /// The chip under an engine with these constants. A layer floor without one for experts is fitted
  /// over all layers alike, those with experts among them.
  ///
  /// - Parameters:
  ///   - chip: The chip; a wafer is returned as it is.
  ///   - source: Where the values come from, such as the name of a profile.
  /// - Returns: The chip.
  public func tuned(_ chip: Chip, source: String) -> Chip {
    chip.tuned { constants in
      if self[.layerFloor] != nil {
        constants.expertLayerFloor = Sourced(0, .derived, source)
      }
      for (constant, value) in all { constant.set(value, in: &constants, source: source) }
    }
  }
}
