/// One latency of some requests, as it was measured and as it was predicted.
public struct LatencyComparison: Sendable, Equatable {
  /// Figures of a distribution, in seconds.
  public struct Spread: Sendable, Equatable {
    public var mean: Double
    public var median: Double
    public var ninetieth: Double
    public var ninetyNinth: Double

    /// Nil without values.
    init?(_ values: [Double]) {
      guard let quantiles = Quantiles(values) else { return nil }
      mean = values.reduce(0, +) / Double(values.count)
      median = quantiles.median
      ninetieth = quantiles[0.9]
      ninetyNinth = quantiles[0.99]
    }

    /// The figures with their names, in the order of tables.
    var all: [(name: String, value: Double)] {
      [("mean", mean), ("p50", median), ("p90", ninetieth), ("p99", ninetyNinth)]
    }
  }

  public var metric: LatencyMetric
  /// Over the requests that have a prediction.
  public var measured: Spread
  public var predicted: Spread
  /// Request by request.
  public var score: FidelityScore

  /// Compares requests in the order of both; nil where none has both latencies.
  public init?(_ metric: LatencyMetric, measured: [Latencies], predicted: [Latencies?]) {
    self.metric = metric
    var pairs: [(predicted: Double?, measured: Double)] = []
    for (measured, predicted) in zip(measured, predicted) {
      // What took no time at all has no relative error.
      guard let value = measured[metric], value > 0 else { continue }
      pairs.append((predicted?[metric], value))
    }
    let complete = pairs.compactMap { pair in pair.predicted.map { ($0, pair.measured) } }
    guard let predicted = Spread(complete.map(\.0)), let measured = Spread(complete.map(\.1))
    else { return nil }
    self.measured = measured
    self.predicted = predicted
    score = FidelityScore(pairs)
  }

  /// predicted ÷ measured − 1 of a figure.
  public func error(_ figure: KeyPath<Spread, Double>) -> Double {
    predicted[keyPath: figure] / measured[keyPath: figure] - 1
  }

  /// All three latencies; those without requests are left out.
  public static func all(
    measured: [Latencies],
    predicted: [Latencies?]
  ) -> [LatencyComparison] {
    LatencyMetric.allCases.compactMap {
      LatencyComparison($0, measured: measured, predicted: predicted)
    }
  }
}
