/// Elementary functions that return the same bits on every machine.
///
/// System libraries differ in the last bit, which is enough to change a synthesized trace or a
/// calibrated cost. These use only `+ - * /`, conversions and bit operations, which IEEE 754
/// prescribes exactly. Errors are below 0.51 units in the last place, and below 0.76 where the
/// result is subnormal, being rounded twice; special values follow IEEE 754-2019, section 9.2.1.
public enum DeterministicMath {
  /// The natural exponential.
  public static func exp(_ x: Double) -> Double {
    x.isNaN ? x : exponential(DoubleDouble(x))
  }

  /// The natural logarithm; NaN for negative arguments, −∞ for zero.
  public static func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    return logarithm(x).high
  }

  /// `base` to the power of `exponent`.
  public static func pow(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0 || base == 1 { return 1 }
    if base.isNaN || exponent.isNaN { return .nan }
    let parity = Parity(exponent)
    let sign: Double = base.sign == .minus && parity == .odd ? -1 : 1
    let size = base.magnitude
    if exponent.isInfinite {
      if size == 1 { return 1 }
      return (size > 1) == (exponent > 0) ? .infinity : 0
    }
    if size == 0 || size == .infinity {
      return sign * ((size == 0) == (exponent > 0) ? 0 : .infinity)
    }
    if base < 0, parity == .fractional { return .nan }
    if size == 1 { return sign }
    // Beyond these the result is 0, 1 or ∞ whatever the base, and the product could overflow.
    let bounded = Swift.max(-0x1p64, Swift.min(exponent, 0x1p64))
    if bounded.magnitude < 0x1p-70 { return sign }
    return sign * exponential(logarithm(size) * DoubleDouble(bounded))
  }

  private enum Parity {
    case even, odd, fractional

    init(_ x: Double) {
      // From 2⁵³ on every double is an even integer.
      guard x.magnitude < 0x1p53 else {
        self = .even
        return
      }
      let whole = Int64(x)
      self = Double(whole) != x ? .fractional : whole & 1 == 0 ? .even : .odd
    }
  }

  private static let ln2 = DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)

  /// e to the sum, for any finite or infinite sum.
  ///
  /// x = k ln 2 + r with |r| ≤ 0.35, and eʳ by its Taylor series: the terms up to r³ in double
  /// double, the others, below 2⁻¹⁰ of the result, in double.
  private static func exponential(_ x: DoubleDouble) -> Double {
    if x.high > 710 { return .infinity }
    if x.high < -746 { return 0 }
    let k = Int(x.high * 0x1.71547652b82fep0 + (x.high < 0 ? -0.5 : 0.5))
    let r = x - ln2 * DoubleDouble(Double(k))
    let square = r * r
    let cube = square * r * DoubleDouble(0x1.5555555555555p-3, 0x1.5555555555555p-57)
    // Σ r^(n−4)/n! for n = 4 ... 18, by Horner's rule with one division per term.
    var tail = 1.0
    for n in stride(from: 18.0, to: 4, by: -1) { tail = 1 + tail * r.high / n }
    tail = square.high * square.high * tail / 24
    let halfSquare = DoubleDouble(0.5 * square.high, 0.5 * square.low)
    let sum = DoubleDouble(1) + (r + (halfSquare + (cube + DoubleDouble(tail))))
    return scale(sum.high, k)
  }

  /// value × 2ᵏ, rounded once.
  private static func scale(_ value: Double, _ k: Int) -> Double {
    if k > 1_000 { return value * powerOfTwo(k - 1_000) * 0x1p1000 }
    if k < -1_000 { return value * powerOfTwo(k + 200) * 0x1p-200 }
    return value * powerOfTwo(k)
  }

  private static func powerOfTwo(_ k: Int) -> Double {
    Double(bitPattern: UInt64(k + 1_023) << 52)
  }

  /// The logarithm of a positive finite double, to about 2⁻⁷² of itself.
  ///
  /// x = 2ᵏ m with m in [√½, √2), and ln m = 2 artanh s, s = (m − 1)/(m + 1), by its series: the
  /// terms up to s⁷ in double double, the others, below 2⁻²³ of the result, in double.
  private static func logarithm(_ x: Double) -> DoubleDouble {
    let isSubnormal = x < 0x1p-1022
    let bits = (isSubnormal ? x * 0x1p54 : x).bitPattern
    var k = Int(bits >> 52) - 1_023 - (isSubnormal ? 54 : 0)
    var m = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if m > 0x1.6a09e667f3bcdp0 {
      m *= 0.5
      k += 1
    }
    let s = DoubleDouble(m - 1) / DoubleDouble.sum(m, 1)
    let z = s * s
    var tail = 1.0 / 31
    for n in stride(from: 29.0, through: 9, by: -2) { tail = 1 / n + z.high * tail }
    var sum = DoubleDouble(0x1.2492492492492p-3, 0x1.2492492492492p-57)
    sum = sum + z * DoubleDouble(tail)
    sum = DoubleDouble(0x1.999999999999ap-3, -0x1.999999999999ap-57) + z * sum
    sum = DoubleDouble(0x1.5555555555555p-2, 0x1.5555555555555p-56) + z * sum
    sum = DoubleDouble(1) + z * sum
    let product = s * sum
    return ln2 * DoubleDouble(Double(k)) + DoubleDouble(2 * product.high, 2 * product.low)
  }
}
