import Workload

/// Exponential, logarithm and power to about 14 digits, an order of magnitude faster than
/// `DeterministicMath` and, being made of the same exact operations, as reproducible.
enum FastMath {
  private static let steps = 128.0
  private static let stepsOverLn2 = steps * 0x1.71547652b82fep0
  /// ln 2 / 128 in two parts, the first with so few bits that products with step counts are exact.
  private static let stepHigh = 0x1.62e42feep-8
  private static let stepLow = 0x1.a39ef35793c76p-40
  private static let ln2 = 0x1.62e42fefa39efp-1

  /// 2^(i / 128).
  private static let powers = ContiguousArray(
    (0..<128).map { DeterministicMath.pow(2, Double($0) / steps) }
  )

  /// ln(1 + (i + ½) / 128).
  private static let logarithms = ContiguousArray(
    (0..<128).map { DeterministicMath.log(1 + (Double($0) + 0.5) / steps) }
  )

  static func exp(_ x: Double) -> Double {
    guard x.magnitude < 700 else { return DeterministicMath.exp(x) }
    let nearest = (x * stepsOverLn2).rounded()
    let r = x - nearest * stepHigh - nearest * stepLow
    // |r| ≤ ln 2 / 256, where the next term of the series is below 10⁻¹⁷.
    let series = 1 + r * (1 + r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120)))))
    let step = Int(nearest)
    let scale = Double(bitPattern: UInt64(bitPattern: Int64((step >> 7) + 1_023)) << 52)
    return powers[step & 127] * series * scale
  }

  /// To about 10⁻¹⁶ of itself or of 1, whichever is larger.
  static func log(_ x: Double) -> Double {
    guard x >= 0x1p-1022, x < .infinity else { return DeterministicMath.log(x) }
    let bits = x.bitPattern
    let index = Int(bits >> 45 & 127)
    let mantissa = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    let centre = 1 + (Double(index) + 0.5) / steps
    let r = (mantissa - centre) / centre
    // |r| ≤ 1 / 256.
    let series =
      r * (1 - r * (0.5 - r * (1.0 / 3 - r * (0.25 - r * (0.2 - r * (1.0 / 6 - r / 7))))))
    return Double(Int(bits >> 52) - 1_023) * ln2 + (logarithms[index] + series)
  }

  /// - Precondition: `base` is above 0.
  static func pow(_ base: Double, _ exponent: Double) -> Double { exp(exponent * log(base)) }
}

/// Random variates by the fast functions.
extension SplitMix64 {
  /// Standard normal, by inversion of one uniform.
  mutating func invertedNormal() -> Double { NormalQuantile.value(uniform()) }

  /// Exponential of mean 1, above 0.
  mutating func exponential() -> Double { max(0x1p-54, -FastMath.log(uniform())) }

  /// Gamma with the given shape and mean 1.
  ///
  /// Source: Marsaglia, Tsang, "A simple method for generating gamma variables", 2000.
  mutating func fastGamma(shape: Double) -> Double {
    let boosted = shape < 1 ? shape + 1 : shape
    let d = boosted - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = invertedNormal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let cube = root * root * root
      guard FastMath.log(uniform()) < 0.5 * x * x + d * (1 - cube + FastMath.log(cube)) else {
        continue
      }
      let value = d * cube / shape
      // Below 1 the method needs a shape above it and a power of a uniform to come back.
      return shape < 1 ? value * FastMath.pow(uniform(), 1 / shape) : value
    }
  }

  /// A whole number from 1 on with probabilities in proportion to k^−exponent, exponent above 1.
  ///
  /// Source: Devroye, "Non-Uniform Random Variate Generation", 1986, section X.6.1.
  mutating func zeta(_ exponent: Double) -> Double {
    let power = exponent - 1
    let b = FastMath.pow(2, power)
    while true {
      let x = FastMath.pow(uniform(), -1 / power).rounded(.down)
      let v = uniform()
      // Larger numbers have no neighbours among doubles.
      guard x < 0x1p53 else { continue }
      let t = FastMath.pow(1 + 1 / x, power)
      if v * x * (t - 1) / (b - 1) <= t / b { return x }
    }
  }
}
