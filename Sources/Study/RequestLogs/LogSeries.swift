import Workload

/// How an engine's metrics over time compare with those of the replay.
public struct LogSeries: Sendable {
  /// Which of a sample's values.
  public enum Gauge: String, Sendable, CaseIterable {
    case running, waiting
    case generated = "generated tokens/s"

    public func value(_ sample: LogSample) -> Double {
      switch self {
      case .running: sample.running
      case .waiting: sample.waiting
      case .generated: sample.generatedPerSecond
      }
    }
  }

  /// How two series compare.
  public struct Agreement: Sendable, Equatable {
    /// Pearson's; nil where one of them does not vary.
    public var correlation: Double?
    /// The mean of |predicted − measured|, and of measured.
    public var meanDifference: Double
    public var meanMeasured: Double
  }

  /// Samples of the same times; measured ones that the replay did not reach have zeros beside them.
  public var pairs: [(measured: LogSample, predicted: LogSample)]

  /// Pairs every measured sample with that of the replay whose time is nearest.
  ///
  /// - Parameters:
  ///   - measured: In the order of time.
  ///   - predicted: Of a grid of `interval(of: measured)` from 0 on.
  init(measured: [LogSample], predicted: [LogSample]) {
    let interval = Double(Self.interval(of: measured)) * 1e-9
    pairs = measured.map { sample in
      let index = Int((sample.time / interval).rounded()) - 1
      let idle = LogSample(time: sample.time, running: 0, waiting: 0, generatedPerSecond: 0)
      return (sample, predicted.indices.contains(index) ? predicted[index] : idle)
    }
  }

  /// The mean time between samples, in nanoseconds; a second where there are no two.
  static func interval(of samples: [LogSample]) -> SimTime {
    guard let first = samples.first, let last = samples.last, samples.count > 1 else {
      return SimTime.nanosecondsPerSecond
    }
    let seconds = (last.time - first.time) / Double(samples.count - 1)
    return max(1_000_000, SimTime((seconds * 1e9).rounded()))
  }

  /// How a gauge compares; nil without samples.
  public func agreement(_ gauge: Gauge) -> Agreement? {
    guard !pairs.isEmpty else { return nil }
    let count = Double(pairs.count)
    let measured = pairs.map { gauge.value($0.measured) }
    let predicted = pairs.map { gauge.value($0.predicted) }
    let means = (measured.reduce(0, +) / count, predicted.reduce(0, +) / count)
    var (difference, covariance, variances) = (0.0, 0.0, (0.0, 0.0))
    for (x, y) in zip(measured, predicted) {
      difference += (y - x).magnitude
      covariance += (x - means.0) * (y - means.1)
      variances.0 += (x - means.0) * (x - means.0)
      variances.1 += (y - means.1) * (y - means.1)
    }
    let scale = variances.0.squareRoot() * variances.1.squareRoot()
    return Agreement(
      correlation: scale > 0 ? covariance / scale : nil,
      meanDifference: difference / count,
      meanMeasured: means.0
    )
  }
}
