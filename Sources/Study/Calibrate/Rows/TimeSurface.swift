import Hardware
import Workload

/// Constants as time surfaces take them.
struct SurfaceConstants: Sendable {
  /// Logarithms of the constants in `TimeSurface.efficiencies`.
  var efficiencies: [Double]
  /// The constants in `TimeSurface.added`.
  var added: [Double]
}

/// A row's time per output token as a function of the fitted constants, fast enough for a search.
///
/// Constants that are times add to a step in proportion; the two that are efficiencies act on what
/// overlaps, so that the rest of the time is tabulated over their logarithms, and interpolated
/// linearly between. With 0.15 between the knots that is right to a thousandth.
struct TimeSurface: Sendable {
  /// Logarithms of the time without the added ones, by bandwidth efficiency, then slow-down.
  private let table: [Double]
  /// Seconds per second of each added constant, in the order of `added`.
  private let slopes: [Double]

  /// The efficiencies, over ranges beyond which no engine has been seen.
  static let efficiencies: [(constant: FittedConstant, range: ClosedRange<Double>)] = [
    (.bandwidthEfficiency, 0.2...1.6), (.slowdown, 0.6...12),
  ]
  static let added: [FittedConstant] = [.layerFloor, .requestTime]

  private static let spacing = 0.15
  private static let origins = efficiencies.map { DeterministicMath.log($0.range.lowerBound) }
  private static let counts = efficiencies.map { _, range in
    let length = DeterministicMath.log(range.upperBound / range.lowerBound)
    return Int((length / spacing).rounded(.up)) + 1
  }

  /// Tabulates the closed form of a row; nil where the hardware does not take its deployment.
  init?(_ form: ClosedForm) {
    var constants = FittedConstants()
    for constant in Self.added { constants[constant] = 0 }
    var table: [Double] = []
    for first in 0..<Self.counts[0] {
      constants[Self.efficiencies[0].constant] = Self.value(axis: 0, knot: first)
      for second in 0..<Self.counts[1] {
        constants[Self.efficiencies[1].constant] = Self.value(axis: 1, knot: second)
        guard let time = form.timePerOutputToken(constants) else {
          return nil
        }
        table.append(DeterministicMath.log(time))
      }
    }
    // At the last knots, where constants are as they were left.
    let base = DeterministicMath.exp(table[table.count - 1])
    slopes = Self.added.map { constant in
      var raised = constants
      raised[constant] = 1e-3
      let time = form.timePerOutputToken(raised) ?? base
      return (time - base) / 1e-3
    }
    self.table = table
  }

  private static func value(axis: Int, knot: Int) -> Double {
    DeterministicMath.exp(origins[axis] + spacing * Double(knot))
  }

  /// The time per output token, in seconds.
  ///
  /// - Parameters:
  ///   - constants: The constants.
  ///   - layerFactor: How much longer layers take under a version of the engine, above 0.
  /// - Returns: The time.
  func seconds(_ constants: SurfaceConstants, layerFactor: Double) -> Double {
    let (row, across) = Self.place(constants.efficiencies[0], axis: 0)
    let (column, along) = Self.place(constants.efficiencies[1], axis: 1)
    let corner = row * Self.counts[1] + column
    let below = corner + Self.counts[1]
    let upper = table[corner] + along * (table[corner + 1] - table[corner])
    let lower = table[below] + along * (table[below + 1] - table[below])
    var time = DeterministicMath.exp(upper + across * (lower - upper))
    for index in slopes.indices {
      let factor = Self.added[index] == .layerFloor ? layerFactor : 1
      time += slopes[index] * constants.added[index] * factor
    }
    return time
  }

  /// The knot below a value, and how far the value is on the way to the next.
  private static func place(_ value: Double, axis: Int) -> (knot: Int, share: Double) {
    let position = (value - origins[axis]) / spacing
    let knot = min(max(0, Int(position.rounded(.down))), counts[axis] - 2)
    return (knot, position - Double(knot))
  }
}
