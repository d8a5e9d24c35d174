/// The quantiles that every report prints.
struct LatencyQuantile {
  let name: String
  let percent: Double

  static let all = [
    LatencyQuantile(name: "p50", percent: 50),
    LatencyQuantile(name: "p90", percent: 90),
    LatencyQuantile(name: "p99", percent: 99),
    LatencyQuantile(name: "p99.9", percent: 99.9),
  ]
}

extension RequestMetrics {
  /// The four latencies, in the order in which every report prints them.
  var latencies: [(key: String, label: String, distribution: LatencyDistribution)] {
    [
      ("ttft", "TTFT", ttft), ("tpot", "TPOT", tpot), ("itl", "ITL", itl), ("e2e", "E2E", e2e),
    ]
  }
}
