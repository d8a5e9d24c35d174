public import Workload

/// A distribution of a recipe, in whatever unit its key has.
///
/// Draws are the same on every machine: by inversion of one uniform each, but for `gamma` and
/// `zeta`, which reject.
public struct RandomVariable: Sendable, Equatable {
  /// A family of distributions with its parameters.
  public enum Shape: Sendable, Equatable {
    /// Always the same.
    case constant(Double)
    /// Between two bounds.
    case uniform(low: Double, high: Double)
    /// Of this mean and standard deviation.
    case normal(mean: Double, deviation: Double)
    /// Of this mean, above 0.
    case exponential(mean: Double)
    /// Of mean `shape × scale`.
    case gamma(shape: Double, scale: Double)
    /// Of the distribution function `1 − exp(−(x ÷ scale)^shape)`.
    case weibull(shape: Double, scale: Double)
    /// Lognormals with shares; `mu` and `sigma` are of the natural logarithm.
    case lognormals(ContiguousArray<Lognormal>)
    /// The whole number nearest to a lognormal, at least 1.
    case discreteLognormal(mu: Double, sigma: Double)
    /// Trials up to the first success, from 1 on.
    case geometric(success: Double)
    /// 1, 2, 3 … with probabilities in proportion to k^−exponent.
    case zeta(exponent: Double)
    /// A distribution function that is linear between points, the first of share 0, the last of 1.
    case quantiles(ContiguousArray<QuantilePoint>)
  }

  /// A part of a mixture of lognormals.
  public struct Lognormal: Sendable, Equatable {
    /// 0 to 1; those of all parts sum to 1.
    public var share: Double
    /// Mean of the natural logarithm.
    public var mu: Double
    /// Standard deviation of the natural logarithm, from 0 on.
    public var sigma: Double

    /// Takes the parameters as they are; recipe files check them.
    public init(share: Double, mu: Double, sigma: Double) {
      self.share = share
      self.mu = mu
      self.sigma = sigma
    }
  }

  /// A point of a distribution function.
  public struct QuantilePoint: Sendable, Equatable {
    /// Of the values, so many are at most `value`: 0 to 1.
    public var share: Double
    /// In the unit of the variable.
    public var value: Double

    /// Takes the coordinates as they are; recipe files check them.
    public init(share: Double, value: Double) {
      self.share = share
      self.value = value
    }
  }

  /// Where draws come from.
  public var shape: Shape
  /// Smaller and larger draws become the nearest of these.
  public var clip: ClosedRange<Double>

  /// Takes a shape, whose draws are not clipped unless bounds are given.
  public init(_ shape: Shape, clip: ClosedRange<Double> = -1e18...1e18) {
    self.shape = shape
    self.clip = clip
  }

  /// Draws a value.
  public func draw(_ random: inout SplitMix64) -> Double {
    min(max(unclipped(&random), clip.lowerBound), clip.upperBound)
  }

  private func unclipped(_ random: inout SplitMix64) -> Double {
    switch shape {
    case .constant(let value): value
    case .uniform(let low, let high): low + (high - low) * random.uniform()
    case .normal(let mean, let deviation): mean + deviation * random.invertedNormal()
    case .exponential(let mean): mean * random.exponential()
    case .gamma(let shape, let scale): shape * scale * random.fastGamma(shape: shape)
    case .weibull(let shape, let scale):
      scale * FastMath.pow(random.exponential(), 1 / shape)
    case .lognormals(let parts): Self.lognormal(parts, &random)
    case .discreteLognormal(let mu, let sigma):
      max(1, FastMath.exp(mu + sigma * random.invertedNormal()).rounded())
    case .geometric(let success):
      success >= 1
        ? 1 : max(1, (random.exponential() / -DeterministicMath.log(1 - success)).rounded(.up))
    case .zeta(let exponent): random.zeta(exponent)
    case .quantiles(let points): Self.quantile(points, random.uniform())
    }
  }

  private static func lognormal(
    _ parts: borrowing ContiguousArray<Lognormal>,
    _ random: inout SplitMix64
  ) -> Double {
    let last = parts.count - 1
    var index = 0
    if last > 0 {
      var rest = random.uniform()
      while index < last, rest >= parts[index].share {
        rest -= parts[index].share
        index += 1
      }
    }
    return FastMath.exp(parts[index].mu + parts[index].sigma * random.invertedNormal())
  }

  private static func quantile(
    _ points: borrowing ContiguousArray<QuantilePoint>,
    _ share: Double
  ) -> Double {
    var index = 1
    while index < points.count - 1, points[index].share < share { index += 1 }
    let (below, above) = (points[index - 1], points[index])
    let part = (share - below.share) / (above.share - below.share)
    return below.value + (above.value - below.value) * part
  }
}
