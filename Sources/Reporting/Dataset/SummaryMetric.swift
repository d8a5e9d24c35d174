import Workload

/// A metric of a summary: its name and meaning, and where its value comes from.
struct SummaryMetric<Source>: Sendable {
  let name: String
  /// What the value counts; empty for a text.
  let unit: String
  let summary: String
  /// Nil where the metric has no value.
  let value: @Sendable (Source) -> MetricValue?

  func row(_ source: Source, requestClass: String = "", pool: String = "") -> MetricRow? {
    value(source).map {
      MetricRow(metric: name, requestClass: requestClass, pool: pool, value: $0, unit: unit)
    }
  }

  static func integer(
    _ name: String,
    _ unit: String,
    _ summary: String,
    _ value: @escaping @Sendable (Source) -> Int64?
  ) -> SummaryMetric {
    SummaryMetric(name: name, unit: unit, summary: summary) { value($0).map { .integer($0) } }
  }

  static func number(
    _ name: String,
    _ unit: String,
    _ summary: String,
    _ value: @escaping @Sendable (Source) -> Double?
  ) -> SummaryMetric {
    SummaryMetric(name: name, unit: unit, summary: summary) {
      value($0).flatMap { $0.isFinite ? .number($0) : nil }
    }
  }

  static func seconds(
    _ name: String,
    _ summary: String,
    _ value: @escaping @Sendable (Source) -> SimTime?
  ) -> SummaryMetric {
    SummaryMetric(name: name, unit: "seconds", summary: summary) {
      value($0).map { .seconds($0) }
    }
  }

  static func text(
    _ name: String,
    _ summary: String,
    _ value: @escaping @Sendable (Source) -> String?
  ) -> SummaryMetric {
    SummaryMetric(name: name, unit: "", summary: summary) { value($0).map { .text($0) } }
  }

  /// The share, the met and the counted of an attainment.
  static func attainment(
    _ name: String,
    _ unit: String,
    _ summary: String,
    _ value: @escaping @Sendable (Source) -> Attainment
  ) -> [SummaryMetric] {
    [
      .number(name, "share", summary) { value($0).share },
      .integer("\(name)_met", unit, "The numerator of `\(name)`.") { value($0).met },
      .integer("\(name)_counted", unit, "Its denominator.") { value($0).counted },
    ]
  }

  /// What caches did, a metric per count.
  static func cacheCounts(
    prefix: String = "",
    _ totals: @escaping @Sendable (Source) -> CacheTotals
  ) -> [SummaryMetric] {
    CacheCount.all.map { count in
      .integer(prefix + count.name, count.unit, count.summary) { count.value(totals($0)) }
    }
  }

  /// The quantiles, the mean and the count of a latency.
  static func latency(
    _ name: String,
    _ summary: String,
    _ value: @escaping @Sendable (Source) -> LatencyDistribution
  ) -> [SummaryMetric] {
    let quantiles = LatencyQuantile.all.map { quantile in
      let suffix = quantile.name.replacing(".", with: "_")
      return SummaryMetric.seconds("\(name)_\(suffix)", "\(summary) To 3 digits.") {
        value($0).quantile(percent: quantile.percent)
      }
    }
    return quantiles + [
      .seconds("\(name)_mean", "\(summary) To the nearest nanosecond.") { value($0).mean },
      .integer("\(name)_count", "values", "Values of `\(name)`.") { Int64(value($0).count) },
    ]
  }
}
