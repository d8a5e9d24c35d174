import Hardware
import Simulation
import Workload

extension SummaryMetric<Summary> {
  static let run = description + measured + totals + cacheCounts { $0.cache } + verdicts

  private static let description: [SummaryMetric] = [
    .text("trace", "The trace's name.") { $0.description.trace },
    .text("fleet", "The fleet's name.") { $0.description.fleet },
    .text("policy", "What the policies are called.") { $0.description.policy },
    .text("clairvoyance", "O: what a router could see, H: predictions too, X: the future.") {
      $0.description.clairvoyance.rawValue
    },
    .text("options", "The options of the run that a heading names.") {
      $0.description.options.note
    },
    .text("slo", "The targets of requests that bring none of their own.") { $0.objectives.note },
    .number("rate_scale", "times", "How much faster than recorded sessions start.") {
      $0.description.options.rateScale
    },
    .number("accepted_tokens_per_step", "tokens", "What speculation yields per verified step.") {
      $0.acceptedTokensPerStep
    },
  ]

  /// Of a run with a window.
  private static let measured: [SummaryMetric] = [
    .text("measured", "What part of the run the metrics are of; no row for the whole run.") {
      $0.measured?.note
    },
    .seconds("measured_from", "Start of the measured window.") { $0.measured?.window.start },
    .seconds("measured_to", "Its end; no row where it has none.") {
      $0.measured.flatMap { $0.window.end == .never ? nil : $0.window.end }
    },
    .seconds("measured_time", "The window as far as the run reached.") { $0.measured?.length },
    .integer("measured_output_tokens", "tokens", "Tokens that came in it, of any request.") {
      $0.measured?.tokens
    },
  ]

  private static let totals: [SummaryMetric] = [
    .integer("offered_in_all", "requests", "Requests that were offered, measured or not.") {
      $0.offered
    },
    .integer("not_due", "requests", "Requests of started sessions whose turn did not come.") {
      $0.notDue
    },
    .number("goodput", "requests/s", "Good requests per measured second.") { $0.goodput },
    .number("output_throughput", "tokens/s", "Tokens that came, per measured second.") {
      $0.tokensPerSecond
    },
    .number("energy", "joules", "Energy of all pools, in steps and between them.") {
      $0.cost.joules
    },
    .number("cost", "dollars", "What the chips cost over the time; no row without prices.") {
      $0.cost.dollars
    },
    .number("cost_per_million_output_tokens", "dollars", "The same per million tokens that came.") {
      $0.cost.dollarsPerMillionOutputTokens
    },
    .number(
      "energy_per_million_output_tokens",
      "joules",
      "Energy of all pools per million tokens that came."
    ) { $0.cost.joulesPerMillionOutputTokens },
    .seconds("simulated_time", "First arrival to the last simulated instant.") { $0.span },
    .integer("engine_steps", "steps", "Steps of all instances, in the whole run.") {
      $0.engineSteps
    },
    .integer("boundaries_visited", "boundaries", "Boundaries at which the engine stopped.") {
      $0.boundariesVisited
    },
  ]

  private static let verdicts: [SummaryMetric] = [
    .text("queues", "stable, or unstable where queues kept growing.") { $0.stability.verdict },
    .number("second_quarter_queued_tokens", "tokens", "Mean queue in the second quarter.") {
      $0.stability.secondQuarterTokens
    },
    .number("last_quarter_queued_tokens", "tokens", "Mean queue in the last quarter.") {
      $0.stability.lastQuarterTokens
    },
    .number("tolerated_queued_tokens", "tokens", "A queue that is stable in any case.") {
      $0.stability.toleratedTokens
    },
    .text("result_digest", "Of all requests and instances; no option of output changes it.") {
      $0.resultDigest.hex
    },
    .text("summary_digest", "Of counters and histograms; depends on targets and window.") {
      $0.summaryDigest.hex
    },
  ]
}

extension SummaryMetric<PoolSummary> {
  /// Of each pool, in the measured part of the run.
  static let pools =
    hardware + cacheCounts(prefix: "pool_") { $0.cache } + [
      .number(
        "pool_cache_hit_share",
        "share",
        "Cached ÷ (cached + computed) tokens of contexts that were to be computed."
      ) { $0.cache.hitShare }
    ]

  private static let hardware: [SummaryMetric] = [
    .text("pool_role", "prefill, decode or mixed.") { $0.role.rawValue },
    .integer("pool_instances", "instances", "How many instances it has.") {
      Int64($0.instances)
    },
    .number("pool_busy_share", "share", "Time in which an instance was in a step.") {
      $0.busyShare
    },
    .number("pool_estimated_busy_share", "share", "What the load estimate predicted for it.") {
      $0.estimatedShare
    },
    .number("pool_compute_share", "share", "Model floating-point operations ÷ peak.") {
      $0.computeShare
    },
    .number("pool_bandwidth_share", "share", "Bytes that decode steps read ÷ peak.") {
      $0.bandwidthShare
    },
    .number("pool_mean_kv_share", "share", "KV held or reserved ÷ capacity, over time.") {
      $0.meanKVShare
    },
    .number("pool_peak_kv_share", "share", "The same at its highest, of the fullest instance.") {
      $0.peakKVShare
    },
    .number("pool_link_share", "share", "Bytes handed off ÷ NIC rate, of the busier direction.") {
      $0.linkShare
    },
    .number("pool_mean_batch", "requests", "Requests per decode step.") { $0.meanBatch },
    .number("pool_energy", "joules", "Energy of its steps.") { $0.joules },
    .number("pool_idle_energy", "joules", "Energy between its steps.") { $0.idleJoules },
    .number("pool_cost", "dollars", "What its chips cost over the time.") { $0.dollars },
    .number("pool_tpot_error_p50", "share", "Expected error of its step times, in the median.") {
      $0.expectedError?.tpotMedian
    },
    .number("pool_tpot_error_p90", "share", "The same at the 90th percentile.") {
      $0.expectedError?.tpotNinetieth
    },
    .integer("pool_preemptions", "times", "How often memory was taken from a request.") {
      $0.preemptions
    },
    .integer("pool_swapped_out", "bytes", "KV that preemptions moved to host memory.") {
      $0.bytesSwappedOut
    },
    .integer("pool_swapped_in", "bytes", "KV that came back from there.") { $0.bytesSwappedIn },
  ]
}

extension Summary {
  /// The rows of `summary.csv`: the same for the same run, whatever machine it ran on.
  public var metricRows: [MetricRow] {
    var rows = SummaryMetric.run.compactMap { $0.row(self) }
    for (name, metrics) in [("", overall)] + classes {
      rows += SummaryMetric.requests.compactMap { $0.row(metrics, requestClass: name) }
    }
    rows += reasons.map { reason, count in
      MetricRow(
        metric: SummaryMetric.reason.name,
        value: .integer(count),
        unit: SummaryMetric.reason.unit,
        reason: reason
      )
    }
    if let startedSessions {
      rows += SummaryMetric.sessions.compactMap { $0.row(startedSessions) }
    }
    for pool in pools { rows += SummaryMetric.pools.compactMap { $0.row(pool, pool: pool.name) } }
    return rows
  }
}

extension SummaryMetric<Int64> {
  /// One row per reason, which stands in the column `text`.
  static let reason = SummaryMetric.integer(
    "turned_away",
    "requests",
    "Requests that were rejected or failed for the reason in the column `text`."
  ) { $0 }
}
