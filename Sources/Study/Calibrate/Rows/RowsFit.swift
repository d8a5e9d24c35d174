import Hardware
import Workload

/// Constants for every level, fitted to the times per output token of measured rows.
///
/// First those that are best for all rows; from there, pulled back to them, those of each engine and
/// kind of model; and from there those of each stack. So a stack with few rows keeps close to its
/// engine's constants.
struct RowsFit: Sendable {
  /// A row that can be fitted to.
  struct Point: Sendable {
    var stack: Stack
    var run: MeasuredRun
    var canSpeculate: Bool
    /// The time per output token under given constants, plain, and with speculation where it can.
    var time: TimeSurface
    var speculativeTime: TimeSurface?
    /// Natural logarithm of the measured time, in seconds.
    var logTime: Double
  }

  /// A constant that is fitted, and how far a level strays from the one above it: the deviation of
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
    Freedom(constant: .requestTime, amongStacks: 0.2, amongEngines: 0.2),
  ]

  /// Rows tell so much more of the top level than its prior does that this is no pull at all.
  static let freeDeviation = 10.0

  let points: [Point]
  /// Stacks that shall have a level, whether there are points of them or not.
  let wanted: [Stack]
  let freedoms: [Freedom]

  /// - Parameters:
  ///   - points: The rows.
  ///   - wanted: Further stacks that shall have a level, of constants that their relatives have.
  ///   - freedoms: What is fitted.
  init(_ points: [Point], wanted: [Stack] = [], freedoms: [Freedom] = Self.freedoms) {
    self.points = points
    self.wanted = Set(wanted + points.map(\.stack)).sorted { $0.text < $1.text }
    self.freedoms = freedoms
  }

  /// The levels, from the most general on; those of one kind by name.
  ///
  /// Which runs speculate is found together with the constants of their stack. The first time, the
  /// levels above come from models that cannot, and stacks keep close to them; then all are fitted
  /// again with what was found, and stacks keep close to their relatives.
  func levels() -> [Profile.Level] {
    guard !points.isEmpty else { return [] }
    let plain = points.filter { !$0.canSpeculate }
    let first = Fits(self, seen: plain.isEmpty ? points : plain, after: nil)
    return Fits(self, seen: points, after: first).levels(of: self)
  }

  /// The least sum of errors and pull, and where it is.
  func fit(
    _ members: [Point],
    speculating: Set<MeasuredRun>,
    prior: [Double],
    deviation: [Double]
  ) -> LeastSquares.Fit {
    let search = LeastSquares(prior: prior, deviation: deviation, bounds: bounds)
    let surfaces = members.map { point in
      speculating.contains(point.run) ? point.speculativeTime ?? point.time : point.time
    }
    let measured = members.map(\.logTime)
    return search.fit(from: prior) { parameters in
      let (efficiencies, added) = self.split(parameters)
      return surfaces.indices.map { index in
        Self.log(surfaces[index].seconds(efficiencies: efficiencies, added: added))
          - measured[index]
      }
    }
  }

  /// ln (predicted ÷ measured), under the logarithms of constants.
  func error(of point: Point, _ parameters: [Double], speculates: Bool) -> Double {
    let surface = speculates ? point.speculativeTime ?? point.time : point.time
    let (efficiencies, added) = split(parameters)
    return Self.log(surface.seconds(efficiencies: efficiencies, added: added)) - point.logTime
  }

  /// Parameters as time surfaces take them.
  private func split(_ parameters: [Double]) -> (efficiencies: [Double], added: [Double]) {
    let count = TimeSurface.efficiencies.count
    return (Array(parameters[..<count]), parameters[count...].map(DeterministicMath.exp))
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
