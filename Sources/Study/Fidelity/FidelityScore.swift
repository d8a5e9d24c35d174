/// How far predictions are from measurements: over pairs, the relative error e = predicted ÷
/// measured − 1.
public struct FidelityScore: Sendable, Equatable {
  /// Pairs, those without a prediction included.
  public var count: Int
  /// Pairs without a prediction; each counts as an error of 100 %.
  public var missing: Int
  /// Quantiles of |e|; nil without pairs.
  public var median: Double?
  public var ninetieth: Double?
  /// Median of e over the pairs that have a prediction; nil without any.
  public var bias: Double?

  /// Scores measured values with the predictions made for them, nil where there is none.
  public init(_ pairs: [(predicted: Double?, measured: Double)]) {
    count = pairs.count
    missing = pairs.count { $0.predicted == nil }
    let signed = pairs.map { pair in pair.predicted.map { $0 / pair.measured - 1 } }
    let sizes = Quantiles(signed.map { $0?.magnitude ?? 1 })
    median = sizes?.median
    ninetieth = sizes?[0.9]
    bias = Quantiles(signed.compactMap { $0 })?.median
  }
}
