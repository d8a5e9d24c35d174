/// A row of a comparison: which metric, and how its numbers are printed.
struct ComparisonRow {
  var label: String
  var key: MetricKey
  /// Whether 0 goes without saying, unless another column has more.
  var isRare = false
  var format: (Double) -> String

  /// The rows that a comparison prints, in order.
  ///
  /// - Parameter pools: The names of all pools.
  /// - Returns: The rows, of which some may have no value.
  static func all(pools: [String]) -> [ComparisonRow] {
    outcomes + attainment + latencies + caching + pools.flatMap(uses) + [
      ComparisonRow("energy", "energy") { Quantity.energy(joules: $0) },
      ComparisonRow("energy per M output", "energy_per_million_output_tokens") {
        Quantity.energy(joules: $0)
      },
      ComparisonRow("cost per M output", "cost_per_million_output_tokens") {
        Quantity.dollars($0)
      },
    ]
  }

  private init(
    _ label: String,
    _ metric: String,
    pool: String = "",
    isRare: Bool = false,
    format: @escaping (Double) -> String
  ) {
    self.label = label
    key = MetricKey(metric: metric, pool: pool)
    self.isRare = isRare
    self.format = format
  }

  private static var outcomes: [ComparisonRow] {
    [
      ComparisonRow("offered", "offered", format: count),
      ComparisonRow("completed", "completed", format: count),
      ComparisonRow("rejected", "rejected", format: count),
      ComparisonRow("failed", "failed", isRare: true, format: count),
      ComparisonRow("cancelled", "cancelled", isRare: true, format: count),
      ComparisonRow("unfinished", "unfinished", format: count),
    ]
  }

  private static var attainment: [ComparisonRow] {
    [
      ComparisonRow("TTFT met", "ttft_attainment", format: Quantity.percent),
      ComparisonRow("TPOT met", "tpot_attainment", format: Quantity.percent),
      ComparisonRow("both met", "slo_attainment", format: Quantity.percent),
      ComparisonRow("sessions completed", "sessions_completed", format: count),
      ComparisonRow("sessions met", "session_attainment", format: Quantity.percent),
      ComparisonRow("goodput, requests/s", "goodput", format: Quantity.number),
      ComparisonRow("output, tokens/s", "output_throughput", format: Quantity.number),
    ]
  }

  private static var latencies: [ComparisonRow] {
    [
      ("TTFT", "ttft"), ("TPOT", "tpot"), ("ITL", "itl"), ("E2E", "e2e"),
      ("session", "session_completion"),
    ]
    .flatMap { label, metric in
      (LatencyQuantile.all.map(\.name) + ["mean"]).map { quantile in
        let suffix = quantile.replacing(".", with: "_")
        return ComparisonRow("\(label) \(quantile)", "\(metric)_\(suffix)", format: time)
      }
    }
  }

  /// Nothing of a run that caches nothing.
  private static var caching: [ComparisonRow] {
    [
      ComparisonRow("prompt cached", "hit_share", isRare: true, format: Quantity.percent),
      ComparisonRow("not sent", "unsent_share", isRare: true, format: Quantity.percent),
      ComparisonRow("loaded tokens", "cache_loaded_tokens", isRare: true, format: count),
      ComparisonRow("evicted blocks", "evicted_blocks", isRare: true, format: count),
      ComparisonRow(
        "KV held per session",
        "session_kv_retained_mean",
        isRare: true,
        format: Quantity.byteSeconds
      ),
    ]
  }

  private static func uses(of pool: String) -> [ComparisonRow] {
    [
      ComparisonRow("\(pool) busy", "pool_busy_share", pool: pool, format: Quantity.percent),
      ComparisonRow(
        "\(pool) estimate",
        "pool_estimated_busy_share",
        pool: pool,
        format: Quantity.percent
      ),
      ComparisonRow("\(pool) batch", "pool_mean_batch", pool: pool, format: Quantity.threeDigits),
      ComparisonRow("\(pool) KV mean", "pool_mean_kv_share", pool: pool, format: Quantity.percent),
    ]
  }

  /// A mean of counts need not be whole.
  static func count(_ value: Double) -> String {
    value == value.rounded() ? Quantity.count(Int64(value)) : Quantity.number(value)
  }

  private static func time(_ nanoseconds: Double) -> String {
    Quantity.time(nanoseconds: nanoseconds)
  }

  /// What a column's cell says; a dash where some run lacks the value.
  func text(_ value: ComparedValue?) -> String {
    guard let value else { return "–" }
    guard let halfRange = value.halfRange, halfRange > 0 else { return format(value.mean) }
    return "\(format(value.mean)) ± \(format(halfRange))"
  }

  /// The relative change of the mean; blank where either column lacks the value or the base is 0.
  func change(_ value: ComparedValue?, from base: ComparedValue?) -> String {
    guard let value, let base, base.mean != 0 else { return "" }
    return Quantity.change(value.mean / base.mean - 1)
  }

  func isWorthPrinting(_ values: [ComparedValue?]) -> Bool {
    values.contains { isRare ? $0?.mean ?? 0 != 0 : $0 != nil }
  }
}
