import Hardware
import Simulation
public import Workload

extension Summary {
  /// The summary as one JSON object. Times are in seconds.
  public var json: JSONValue {
    .object(
      [
        ("trace", .string(description.trace)),
        ("fleet", .string(description.fleet)),
        ("policy", .string(description.policy)),
        ("clairvoyance", .string(description.clairvoyance.rawValue)),
        ("seed", .unsigned(description.options.seed)),
        ("rateScale", .number(description.options.rateScale)),
        ("horizonSeconds", Self.horizon(description.options.horizon)),
        ("limit", description.options.limit == .max ? .null : .integer(description.options.limit)),
        ("engine", .string(description.options.engine.rawValue)),
        ("consultsEveryBoundary", .bool(description.options.consultsEveryBoundary)),
        ("loop", .string(description.options.loop.rawValue)),
        ("viewLagSeconds", .seconds(description.options.viewLag)),
        ("spreadTiesSeconds", .seconds(description.options.spreadTies)),
        ("acceptedTokensPerStep", .number(acceptedTokensPerStep)),
        ("measured", measured.map(\.json) ?? .null),
        ("slo", .string(objectives.description)),
        ("resultDigest", .hex(resultDigest)),
        ("summaryDigest", .hex(summaryDigest)),
        (
          "summaryDigestDependsOn",
          .array([.string("slo")] + (measured == nil ? [] : [.string("measured")]))
        ),
        ("stability", .string(stability.verdict)),
        ("simulatedSeconds", .seconds(span)),
        ("engineSteps", .integer(engineSteps)),
        ("boundariesVisited", .integer(boundariesVisited)),
        ("wallSeconds", .number(timings.wallSeconds)),
        ("replaySeconds", .number(timings.replaySeconds)),
        ("importSeconds", .number(timings.importSeconds)),
        ("requestsPerSecond", .optional(requestsPerSecond)),
        ("stepsPerSecond", .optional(stepsPerSecond)),
        ("goodputRequestsPerSecond", .optional(goodput)),
        ("outputTokensPerSecond", .optional(tokensPerSecond)),
        ("dollars", .optional(cost.dollars)),
        ("joules", .number(cost.joules)),
        ("dollarsPerMillionOutputTokens", .optional(cost.dollarsPerMillionOutputTokens)),
        ("joulesPerMillionOutputTokens", .optional(cost.joulesPerMillionOutputTokens)),
      ] + Self.fields(overall) + [
        (
          "classes",
          .object(classes.map { ($0.name, .object(Self.fields($0.metrics))) })
        ),
        ("notDue", .integer(notDue)),
        ("sessions", sessions.map(Self.object) ?? .null),
        ("reasons", .object(reasons.map { ($0.reason, .integer($0.count)) })),
        ("reasonNames", .array(reasonNames.map { .string($0) })),
        ("caches", cache.json),
        ("pools", .array(pools.map(\.json))),
        ("life", life.map(\.json) ?? .null),
      ]
    )
  }

  private static func horizon(_ horizon: SimTime) -> JSONValue {
    horizon == .never ? .null : .seconds(horizon)
  }

  private static func fields(_ metrics: RequestMetrics) -> [(String, JSONValue)] {
    [
      ("offered", .integer(metrics.offered)),
      ("completed", .integer(metrics.completed)),
      ("rejected", .integer(metrics.rejected)),
      ("failed", .integer(metrics.failed)),
      ("cancelled", .integer(metrics.cancelled)),
      ("unfinished", .integer(metrics.unfinished)),
      ("outputTokens", .integer(metrics.outputTokens)),
      ("preemptions", .integer(metrics.preemptions)),
      ("swaps", .integer(metrics.swaps)),
      ("held", .integer(metrics.held)),
      ("layerWiseHandOffs", .integer(metrics.layerWiseHandOffs)),
      ("fallenBackHandOffs", .integer(metrics.fallenBackHandOffs)),
      (
        "attainment",
        .object([
          ("ttft", attainment(metrics.ttftAttainment)),
          ("tpot", attainment(metrics.tpotAttainment)),
          ("joint", attainment(metrics.jointAttainment)),
        ])
      ),
      (
        "quantiles",
        .object(metrics.latencies.map { ($0.key, quantiles($0.distribution)) })
      ),
      (
        "stageSeconds",
        .object(metrics.stages.named.map { ($0.name, mean($0.sum, metrics.completed)) })
      ),
      ("prefixHits", metrics.prefixHits.json),
    ]
  }

  private static func object(_ sessions: SessionMetrics) -> JSONValue {
    .object(
      [("started", .integer(sessions.started))]
        + Outcome.allCases.map { ("\($0)", .integer(sessions.outcome($0))) }
        + [
          ("attainment", attainment(sessions.attainment)),
          ("completionSeconds", quantiles(sessions.completion)),
          (
            "pathSeconds",
            .object(
              sessions.sums.path.named.map {
                ($0.name, mean($0.sum, Int64(sessions.completion.count)))
              }
            )
          ),
          ("turnsPerSecond", .optional(sessions.sums.turnsPerSecond)),
          ("retainedByteSeconds", .number(sessions.sums.retainedByteSeconds)),
        ]
    )
  }

  private static func attainment(_ attainment: Attainment) -> JSONValue {
    .object([
      ("met", .integer(attainment.met)),
      ("counted", .integer(attainment.counted)),
      ("share", .optional(attainment.share)),
    ])
  }

  private static func quantiles(_ distribution: LatencyDistribution) -> JSONValue {
    let quantiles = LatencyQuantile.all.map { quantile -> (String, JSONValue) in
      (
        quantile.name,
        distribution.quantile(percent: quantile.percent).map(JSONValue.seconds) ?? .null
      )
    }
    return .object(
      [("count", .unsigned(distribution.count))] + quantiles + [
        ("mean", distribution.mean.map(JSONValue.seconds) ?? .null)
      ]
    )
  }

  /// Mean time per completed request or session.
  private static func mean(_ sum: Int128, _ completed: Int64) -> JSONValue {
    guard completed > 0 else { return .null }
    return .seconds(SimTime((sum + Int128(completed) / 2) / Int128(completed)))
  }
}

extension MeasuredPart {
  fileprivate var json: JSONValue {
    .object([
      ("fromSeconds", .seconds(window.start)),
      ("toSeconds", window.end == .never ? .null : .seconds(window.end)),
      ("simulatedSeconds", .seconds(length)),
      ("offeredInAll", .integer(offeredInAll)),
      ("outputTokens", .integer(tokens)),
    ])
  }
}

extension PoolSummary {
  fileprivate var json: JSONValue {
    .object([
      ("name", .string(name)),
      ("role", .string(role.rawValue)),
      ("instances", .integer(Int64(instances))),
      ("busyShare", .number(busyShare)),
      ("estimatedShare", .optional(estimatedShare)),
      ("computeShare", .number(computeShare)),
      ("bandwidthShare", .optional(bandwidthShare)),
      ("meanKVShare", .number(meanKVShare)),
      ("peakKVShare", .optional(peakKVShare)),
      ("linkShare", .number(linkShare)),
      ("meanBatch", .optional(meanBatch)),
      ("joules", .number(joules)),
      ("idleJoules", .number(idleJoules)),
      ("dollars", .optional(dollars)),
      ("expectedError", expectedError.map(\.json) ?? .null),
      ("preemptions", .integer(preemptions)),
      ("bytesSwappedOut", .integer(bytesSwappedOut)),
      ("bytesSwappedIn", .integer(bytesSwappedIn)),
      ("caches", cache.json),
    ])
  }
}

extension ExpectedError {
  fileprivate var json: JSONValue {
    .object([
      ("profile", .string(profile)),
      ("level", .string(level)),
      ("tpotMedian", .number(tpotMedian)),
      ("tpotNinetieth", .number(tpotNinetieth)),
    ])
  }
}

extension PrefixHits {
  fileprivate var json: JSONValue {
    .object([
      ("startedPromptTokens", .integer(startedTokens)),
      ("hitTokens", .integer(hitTokens)),
      ("hitShare", .optional(hitShare)),
      ("handedOffTokens", .integer(handedOffTokens)),
      ("unsentTokens", .integer(unsentTokens)),
      ("unsentShare", .optional(unsentShare)),
    ])
  }
}

extension CacheTotals {
  fileprivate var json: JSONValue {
    .object([
      ("hitTokens", .integer(hitTokens)),
      ("computedTokens", .integer(computedTokens)),
      ("hitShare", .optional(hitShare)),
      ("unsentTokens", .integer(unsentTokens)),
      ("loadedTokens", .integer(loadedTokens)),
      ("bytesLoaded", .integer(bytesLoaded)),
      ("evictedBlocks", .integer(evictedBlocks)),
      ("retentions", .integer(retentions)),
      ("retentionsYielded", .integer(retentionsYielded)),
      ("retentionsDiscarded", .integer(retentionsDiscarded)),
      ("bytesWrittenBack", .integer(bytesWrittenBack)),
      ("writeBacks", .integer(writeBacks)),
      ("writeBacksDropped", .integer(writeBacksDropped)),
    ])
  }
}
