import Foundation
import Testing
import Workload

@Suite struct `Deterministic math` {
  /// Correctly rounded values, computed with 400 bits by mpmath 1.3.
  @Test func `known values have known bits on every machine`() {
    let exponentials: [(Double, Double)] = [
      (1, 0x1.5bf0a8b145769p+1), (-1, 0x1.78b56362cef38p-2), (0.5, 0x1.a61298e1e069cp+0),
      (709.78, 0x1.fe9ce5c4c52b4p+1023), (-745.1, 0x1p-1074), (-708.5, 0x1.cd9eda1112f58p-1023),
      (1e-10, 0x1.000000006df38p+0), (13.37, 0x1.38be25cfaed8ep+19),
    ]
    for (x, expected) in exponentials { #expect(DeterministicMath.exp(x) == expected) }
    let logarithms: [(Double, Double)] = [
      (2, 0x1.62e42fefa39efp-1), (0.5, -0x1.62e42fefa39efp-1), (0.1, -0x1.26bb1bbb55515p+1),
      (1.0.nextUp, 0x1.fffffffffffffp-53), (.leastNonzeroMagnitude, -0x1.74385446d71c3p+9),
      (.greatestFiniteMagnitude, 0x1.62e42fefa39efp+9), (.pi, 0x1.250d048e7a1bdp+0), (1, 0),
    ]
    for (x, expected) in logarithms { #expect(DeterministicMath.log(x) == expected) }
    let powers: [(Double, Double, Double)] = [
      (2, 0.5, 0x1.6a09e667f3bcdp+0), (10, -3, 0x1.0624dd2f1a9fcp-10),
      (0.3, 1 / 0.87, 0x1.009ea13d064ebp-2), (1.0.nextUp, 1e18, 0x1.44a12826f5073p+320),
      (.leastNonzeroMagnitude, 0.1, 0x1.8406003b2ae4p-108), (-3, 33, -0x1.3bfefa65abb83p+52),
      (123.456, -78.9, 0x1.c230621ddeb9fp-549),
    ]
    for (x, y, expected) in powers { #expect(DeterministicMath.pow(x, y) == expected) }
  }

  @Test func `powers of special values follow IEEE 754`() {
    let values: [Double] = [
      0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 2.5, -2.5, .infinity, -.infinity, .nan,
      .leastNonzeroMagnitude,
      -.leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0x1p53,
      0x1p53 - 1, 0x1p63,
      -0x1p63 - 1, 1 - 0x1p-53, 1 + 0x1p-52, 1e300, -1e300, 1e-300,
    ]
    for base in values {
      for exponent in values {
        let ours = DeterministicMath.pow(base, exponent)
        let theirs = Foundation.pow(base, exponent)
        let agrees =
          ours == theirs && ours.sign == theirs.sign || ours.isNaN && theirs.isNaN
          || abs(ours - theirs) <= theirs.ulp
        #expect(agrees, "\(base) ^ \(exponent) is \(ours), not \(theirs)")
      }
    }
  }

  @Test func `limits of exp and log follow IEEE 754`() {
    #expect(DeterministicMath.exp(.infinity) == .infinity)
    #expect(DeterministicMath.exp(-.infinity) == 0)
    #expect(DeterministicMath.exp(.nan).isNaN)
    #expect(DeterministicMath.exp(0) == 1)
    #expect(DeterministicMath.exp(-0.0) == 1)
    #expect(DeterministicMath.exp(709.782712893384) < .infinity)
    #expect(DeterministicMath.exp(709.7827128933841) == .infinity)
    #expect(DeterministicMath.exp(-745.1332191019411) == .leastNonzeroMagnitude)
    #expect(DeterministicMath.exp(-745.1332191019412) == 0)
    #expect(DeterministicMath.log(0) == -.infinity)
    #expect(DeterministicMath.log(-0.0) == -.infinity)
    #expect(DeterministicMath.log(-1).isNaN)
    #expect(DeterministicMath.log(.nan).isNaN)
    #expect(DeterministicMath.log(.infinity) == .infinity)
  }

  // An 80-bit type is the oracle: its functions are good to a thousandth of our last place.
  #if arch(x86_64)
    @Test func `exp is as close as promised`() {
      var random = SplitMix64(seed: 31)
      var worst = Worst()
      for round in 0..<100_000 {
        let width = [745.0, 40, 1, 1e-3, 1e-9][round % 5]
        let x = (2 * random.uniform() - 1) * width
        worst.add(DeterministicMath.exp(x), Foundation.exp(Float80(x)), [x])
      }
      #expect(worst.isAsPromised, "\(worst)")
    }

    @Test func `log is as close as promised`() {
      var random = SplitMix64(seed: 32)
      var worst = Worst()
      for round in 0..<100_000 {
        let x =
          switch round % 3 {
          case 0: Double(bitPattern: 1 + random.next() % 0x7FEF_FFFF_FFFF_FFFF)
          case 1: 0.5 + 1.5 * random.uniform()
          default: 1 + (2 * random.uniform() - 1) * 1e-6
          }
        worst.add(DeterministicMath.log(x), Foundation.log(Float80(x)), [x])
      }
      #expect(worst.isAsPromised, "\(worst)")
    }

    @Test func `pow is as close as promised`() {
      var random = SplitMix64(seed: 33)
      var worst = Worst()
      for round in 0..<100_000 {
        let base =
          round % 2 == 0
          ? Double(bitPattern: 1 + random.next() % 0x7FEF_FFFF_FFFF_FFFF) : 3 * random.uniform()
        // Results from the smallest subnormal to beyond the largest double.
        let result = (2 * random.uniform() - 1) * 740
        let exponent =
          round % 3 == 0 ? (2 * random.uniform() - 1) * 5 : result / Foundation.log(base)
        guard exponent.isFinite else { continue }
        let oracle = Foundation.pow(Float80(base), Float80(exponent))
        worst.add(DeterministicMath.pow(base, exponent), oracle, [base, exponent])
      }
      #expect(worst.isAsPromised, "\(worst)")
    }

    /// The largest errors in units of the last place, and where they were.
    private struct Worst {
      var normal = (error: 0.0, at: [Double]())
      var subnormal = (error: 0.0, at: [Double]())

      var isAsPromised: Bool { normal.error <= 0.51 && subnormal.error <= 0.76 }

      mutating func add(_ value: Double, _ exact: Float80, _ arguments: [Double]) {
        let rounded = Double(exact)
        var error = Double(abs(Float80(value) - exact) / Float80(rounded.ulp))
        if rounded.isInfinite { error = value == rounded ? 0 : .infinity }
        if rounded.isSubnormal || rounded.isZero {
          if !(error <= subnormal.error) { subnormal = (error, arguments) }
        } else {
          if !(error <= normal.error) { normal = (error, arguments) }
        }
      }
    }
  #endif
}
