import Hardware
import Workload

/// Constants for every level, fitted to the times per output token of measured rows.
///
/// Each stack has four. They are pulled towards what other stacks suggest, the more the fewer rows it
/// has, so that what was hardly measured borrows from its relatives. A version of an engine has a
/// factor on the layers' time that all its stacks share. Where recipes leave open how a row was
/// served, the way that explains it best is taken.
struct RowsFit: Sendable {
  /// A row that can be fitted to.
  struct Point: Sendable {
    var stack: Stack
    var version: EngineVersion.ID
    /// The time per output token under given constants, for every way in which the row may have been
    /// served; at least one.
    var times: [TimeSurface]
    /// Natural logarithm of the measured time, in seconds.
    var logTime: Double
  }

  /// A constant that is fitted, and how far a level strays from what others suggest: the deviation of
  /// its logarithm among stacks, and among engines.
  struct Freedom: Sendable {
    var constant: FittedConstant
    var amongStacks: Double
    var amongEngines: Double
  }

  /// Four constants per level, in the order of time surfaces.
  static let freedoms = [
    Freedom(constant: .bandwidthEfficiency, amongStacks: 0.2, amongEngines: 0.125),
    Freedom(constant: .slowdown, amongStacks: 0.4, amongEngines: 0.2),
    Freedom(constant: .layerFloor, amongStacks: 0.35, amongEngines: 0.2),
    Freedom(constant: .requestTime, amongStacks: 0.45, amongEngines: 0.2),
  ]

  /// Rows tell so much more of the top level than its prior does that this is no pull at all.
  static let freeDeviation = 10.0

  let points: [Point]
  /// The stacks of the points, by name.
  let stacks: [Stack]
  let freedoms: [Freedom]

  /// - Parameters:
  ///   - points: The rows.
  ///   - freedoms: What is fitted.
  init(_ points: [Point], freedoms: [Freedom] = Self.freedoms) {
    self.points = points
    stacks = Set(points.map(\.stack)).sorted { $0.text < $1.text }
    self.freedoms = freedoms
  }

  /// The levels, from the most general on, those of one kind by name, and the versions of engines.
  func result() -> (levels: [Profile.Level], versions: [EngineVersion]) {
    guard !points.isEmpty else { return ([], []) }
    let fits = Fits(self)
    return (fits.levels(of: self), fits.engineVersions(of: self))
  }

  /// The least sum of errors and pull, and where it is.
  ///
  /// - Parameters:
  ///   - members: Positions of the points.
  ///   - ways: How each point of all is taken to be served.
  ///   - factors: Factors on the layers' time, per point of all.
  ///   - prior: Logarithms that constants are pulled to.
  ///   - deviation: How far from them they may well be.
  /// - Returns: Logarithms of constants, and the cost.
  func fit(
    _ members: [Int],
    ways: [Int],
    factors: [Double],
    prior: [Double],
    deviation: [Double]
  ) -> LeastSquares.Fit {
    let search = LeastSquares(prior: prior, deviation: deviation, bounds: bounds)
    return search.fit(from: prior) { parameters in
      let constants = self.split(parameters)
      return members.map { self.error(of: $0, way: ways[$0], factor: factors[$0], constants) }
    }
  }

  /// ln (predicted ÷ measured) of a point.
  func error(of point: Int, way: Int, factor: Double, _ constants: SurfaceConstants) -> Double {
    let seconds = points[point].times[way].seconds(constants, layerFactor: factor)
    return Self.log(seconds) - points[point].logTime
  }

  /// Parameters as time surfaces take them.
  func split(_ parameters: [Double]) -> SurfaceConstants {
    let count = TimeSurface.efficiencies.count
    return SurfaceConstants(
      efficiencies: Array(parameters[..<count]),
      added: parameters[count...].map(DeterministicMath.exp)
    )
  }

  private var bounds: [ClosedRange<Double>] {
    let ranges = TimeSurface.efficiencies.map(\.range) + TimeSurface.added.map(\.range)
    return ranges.map { Self.log($0.lowerBound)...Self.log($0.upperBound) }
  }

  func level(_ scope: Profile.Scope, _ values: [Double], rows: Int) -> Profile.Level {
    var rounded = FittedConstants()
    for (constant, value) in constants(values).all { rounded[constant] = constant.rounded(value) }
    return Profile.Level(scope: scope, constants: rounded, rows: rows)
  }

  func constants(_ logarithms: [Double]) -> FittedConstants {
    var constants = FittedConstants()
    for (freedom, value) in zip(freedoms, logarithms) {
      constants[freedom.constant] = DeterministicMath.exp(value)
    }
    return constants
  }

  /// Of given constants, or of the catalogue's where one is not given.
  func logarithms(_ constants: FittedConstants) -> [Double] {
    freedoms.map { freedom in
      Self.log(constants[freedom.constant] ?? freedom.constant.value(in: RooflineConstants()))
    }
  }

  private static func log(_ value: Double) -> Double { DeterministicMath.log(value) }
}
