import Foundation
import Testing
import Workload

@testable import Synthesis

/// The closed form of a distribution function.
private struct Law: CustomTestStringConvertible {
  let shape: RandomVariable.Shape
  let thresholds: [Double]
  let share: @Sendable (Double) -> Double

  var testDescription: String { "\(shape)" }
}

private func normalShare(_ z: Double) -> Double { 0.5 * (1 + erf(z / 2.0.squareRoot())) }

/// ζ(2.68) by its series and the integral of what is left.
private let zetaSum: Double = {
  let terms = (1..<10_000).reduce(0.0) { $0 + pow(Double($1), -2.68) }
  return terms + pow(9_999.5, -1.68) / 1.68
}()

private let laws: [Law] = [
  Law(shape: .uniform(low: -2, high: 6), thresholds: [-1, 2, 5.5]) { ($0 + 2) / 8 },
  Law(shape: .normal(mean: 10, deviation: 3), thresholds: [4, 10, 12, 17]) {
    normalShare(($0 - 10) / 3)
  },
  Law(shape: .exponential(mean: 5), thresholds: [0.1, 3, 20]) { 1 - exp(-$0 / 5) },
  // Erlang with three stages.
  Law(shape: .gamma(shape: 3, scale: 2), thresholds: [1, 5, 14]) { x in
    1 - exp(-x / 2) * (1 + x / 2 + x * x / 8)
  },
  Law(shape: .weibull(shape: 0.7, scale: 4), thresholds: [0.05, 2, 30]) {
    1 - exp(-pow($0 / 4, 0.7))
  },
  Law(
    shape: .lognormals([
      .init(share: 0.4, mu: 1, sigma: 0.3), .init(share: 0.6, mu: 3, sigma: 1.2),
    ]),
    thresholds: [1.5, 3, 20, 200]
  ) { x in
    0.4 * normalShare((log(x) - 1) / 0.3) + 0.6 * normalShare((log(x) - 3) / 1.2)
  },
  Law(shape: .discreteLognormal(mu: 1.498, sigma: 1.224), thresholds: [1, 4, 27]) {
    normalShare((log($0 + 0.5) - 1.498) / 1.224)
  },
  Law(shape: .geometric(success: 0.3), thresholds: [1, 2, 6]) { 1 - pow(0.7, $0) },
  Law(shape: .zeta(exponent: 2.68), thresholds: [1, 2, 5]) { x in
    (1...Int(x)).reduce(0.0) { $0 + pow(Double($1), -2.68) } / zetaSum
  },
  Law(
    shape: .quantiles([
      .init(share: 0, value: 10), .init(share: 0.25, value: 20), .init(share: 1, value: 50),
    ]),
    thresholds: [15, 20, 40]
  ) { $0 <= 20 ? ($0 - 10) / 40 : 0.25 + ($0 - 20) / 40 },
]

@Suite struct `Distributions of recipes` {
  @Test(arguments: laws)
  fileprivate func `draws follow the closed form`(law: Law) {
    let variable = RandomVariable(law.shape)
    let count = 100_000
    var random = SplitMix64(seed: 5)
    let draws = (0..<count).map { _ in variable.draw(&random) }
    for threshold in law.thresholds {
      let share = law.share(threshold)
      let seen = Double(draws.count { $0 <= threshold }) / Double(count)
      // Four standard errors.
      let error = 4 * (share * (1 - share) / Double(count)).squareRoot()
      #expect(abs(seen - share) < error, "at \(threshold): \(seen), not \(share)")
    }
  }

  @Test func `a clip moves draws to its ends`() {
    let variable = RandomVariable(.normal(mean: 0, deviation: 1), clip: -1...0.5)
    var random = SplitMix64(seed: 6)
    let draws = (0..<2_000).map { _ in variable.draw(&random) }
    #expect(draws.min() == -1 && draws.max() == 0.5)
    #expect(draws.count { $0 > -1 && $0 < 0.5 } > 1_000)
  }

  @Test func `the normal quantile inverts the distribution function`() {
    for share in [1e-12, 1e-6, 0.01, 0.0749, 0.0751, 0.3, 0.5, 0.7, 0.99, 1 - 1e-9] {
      let z = NormalQuantile.value(share)
      // erfc keeps its digits far out.
      let back = z < 0 ? 0.5 * erfc(-z / 2.0.squareRoot()) : 1 - 0.5 * erfc(z / 2.0.squareRoot())
      #expect(abs(back - share) <= 1e-13 * share + 2e-16, "\(share)")
    }
  }

  @Test func `fast exponentials and logarithms have 14 digits`() {
    for step in -699...699 {
      let x = Double(step) + 1e-4
      #expect(abs(FastMath.exp(x) / exp(x) - 1) < 1e-14, "\(x)")
      let y = exp(x)
      #expect(abs(FastMath.log(y) - log(y)) < 1e-14 * max(1, abs(x)), "\(y)")
    }
    #expect(FastMath.exp(800) == .infinity && FastMath.exp(-800) == 0)
    #expect(FastMath.log(0) == -.infinity && abs(FastMath.log(1)) < 1e-16)
  }

  @Test func `the Gamma function has 13 digits`() {
    for x in [1, 1.3, 2, 3.387, 6, 11.5] {
      #expect(abs(Synthesis.gamma(x) / tgamma(x) - 1) < 1e-13, "\(x)")
    }
  }
}
