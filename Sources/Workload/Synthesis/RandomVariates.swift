/// Random variates with the same bits on every machine.
extension SplitMix64 {
  /// Uniform in (0, 1): 53 random bits and a half, so that a logarithm of it is finite.
  public mutating func uniform() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }

  /// Standard normal, by Marsaglia's polar method; the second variate of each pair is dropped to
  /// keep the generator's state its only state.
  public mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square < 1, square > 0 {
        return x * (-2 * DeterministicMath.log(square) / square).squareRoot()
      }
    }
  }

  /// Gamma with the given shape and mean 1.
  ///
  /// Source: Marsaglia, Tsang, "A simple method for generating gamma variables", 2000.
  public mutating func gamma(shape: Double) -> Double {
    // Below 1 the method needs a shape above it and a power of a uniform to come back.
    let boosted = shape < 1 ? shape + 1 : shape
    let d = boosted - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let cube = root * root * root
      let logU = DeterministicMath.log(uniform())
      guard logU < 0.5 * x * x + d * (1 - cube + DeterministicMath.log(cube)) else { continue }
      let value = d * cube / shape
      return shape < 1 ? value * DeterministicMath.pow(uniform(), 1 / shape) : value
    }
  }

  /// Lognormal with the given mean; `sigma` is the deviation of its natural logarithm.
  public mutating func lognormal(mean: Double, sigma: Double) -> Double {
    mean * DeterministicMath.exp(sigma * normal() - 0.5 * sigma * sigma)
  }
}
