import Simulation
import Workload

extension SummaryMetric<RequestMetrics> {
  /// Of all requests, and of each class.
  static let requests = counts + attainments + latencies + stages + caching

  private static let counts: [SummaryMetric] = [
    .integer("offered", "requests", "Requests that were offered.") { $0.offered },
    .integer("completed", "requests", "Requests that got all their tokens.") { $0.completed },
    .integer("rejected", "requests", "Requests that a policy or a lack of room turned away.") {
      $0.rejected
    },
    .integer("failed", "requests", "Requests that outgrew the memory of their instance.") {
      $0.failed
    },
    .integer("cancelled", "requests", "Requests of which an ancestor did not complete.") {
      $0.cancelled
    },
    .integer("unfinished", "requests", "Requests that were running or waiting at the end.") {
      $0.unfinished
    },
    .integer("good", "requests", "Completed requests that met every target they have.") {
      $0.good
    },
    .integer("output_tokens", "tokens", "Tokens that these requests got.") { $0.outputTokens },
    .integer("preemptions", "times", "How often they lost their memory.") { $0.preemptions },
    .integer("swaps", "times", "How many of those moved KV to host memory.") { $0.swaps },
    .integer("held", "requests", "Requests that the gateway held for some time.") { $0.held },
    .integer("layer_wise_handoffs", "requests", "Requests handed off layer by layer.") {
      $0.layerWiseHandOffs
    },
    .integer(
      "fallen_back_handoffs",
      "requests",
      "Requests that fell back to a blocking hand-off for want of decode memory."
    ) { $0.fallenBackHandOffs },
  ]

  private static let attainments =
    attainment(
      "ttft_attainment",
      "requests",
      "Requests that met their TTFT target ÷ those that can be judged by one."
    ) { $0.ttftAttainment }
    + attainment("tpot_attainment", "requests", "The same for TPOT.") { $0.tpotAttainment }
    + attainment("slo_attainment", "requests", "The same for both, of requests with both.") {
      $0.jointAttainment
    }

  private static let latencies =
    latency("ttft", "Arrival to first token, of every request that got one.") { $0.ttft }
    + latency(
      "tpot",
      "(Finish − first token) ÷ (output tokens − 1), of completed requests with several tokens."
    ) { $0.tpot }
    + latency("itl", "Time between consecutive tokens of a request.") { $0.itl }
    + latency("e2e", "Arrival to finish, of completed requests.") { $0.e2e }

  private static let stages = StageSums().named.enumerated().flatMap { index, stage in
    let name = stage.name.replacing(" ", with: "_")
    return [
      SummaryMetric.seconds(
        "\(name)_stage_mean",
        "Time that completed requests spent in the stage '\(stage.name)', per request."
      ) { metrics in
        let (sum, count) = (metrics.stages.named[index].sum, Int128(metrics.completed))
        return count > 0 ? SimTime((sum + count / 2) / count) : nil
      },
      .number("\(name)_stage_share", "share", "The same ÷ their time in all stages.") { metrics in
        let total = metrics.stages.total
        return total > 0 ? Double(metrics.stages.named[index].sum) / Double(total) : nil
      },
    ]
  }

  private static let caching: [SummaryMetric] = [
    .integer("started_prompt_tokens", "tokens", "Tokens of prompts of which a chunk started.") {
      $0.prefixHits.startedTokens
    },
    .integer("hit_tokens", "tokens", "How many of those were cached when the first chunk started.")
    {
      $0.prefixHits.hitTokens
    },
    .number("hit_share", "share", "The same as a share of them.") { $0.prefixHits.hitShare },
    .integer(
      "handed_off_tokens",
      "tokens",
      "Tokens of prompts for which a decode instance reserved memory."
    ) { $0.prefixHits.handedOffTokens },
    .integer("unsent_tokens", "tokens", "How many of those were cached there, and not sent.") {
      $0.prefixHits.unsentTokens
    },
    .number("unsent_share", "share", "The same as a share of them.") {
      $0.prefixHits.unsentShare
    },
  ]
}

extension SummaryMetric<SessionMetrics> {
  /// Of a closed-loop run.
  static let sessions =
    [
      .integer("sessions_started", "sessions", "Sessions of which a request was offered.") {
        $0.started
      }
    ]
    + SessionMetrics.outcomes.map { outcome in
      .integer("sessions_\(outcome)", "sessions", "Of those, the \(outcome) ones.") {
        $0.outcome(outcome)
      }
    }
    + attainment(
      "session_attainment",
      "sessions",
      "Sessions whose requests all completed within their targets ÷ those that can be judged."
    ) { $0.attainment }
    + latency(
      "session_completion",
      "Arrival of a session's first request to the end of its last, of completed sessions."
    ) { $0.completion }
    + path + [
      .number(
        "session_turns_per_second",
        "turns/s",
        "Requests of completed sessions ÷ the time that those took."
      ) { $0.sums.turnsPerSecond },
      .number(
        "session_kv_retained",
        "byte-seconds",
        "KV that retention policies held between turns, over time, of all sessions."
      ) { $0.sums.retainedByteSeconds },
      .number("session_kv_retained_mean", "byte-seconds", "The same per session.") {
        $0.meanRetainedByteSeconds
      },
    ]

  private static let path = SessionPathSums().named.enumerated().flatMap { index, part in
    let name = part.name.replacing(" ", with: "_")
    return [
      SummaryMetric.seconds(
        "session_\(name)_mean",
        "Time on the critical path of completed sessions that went into '\(part.name)', per session."
      ) { sessions in
        let count = Int128(sessions.completion.count)
        let sum = sessions.sums.path.named[index].sum
        return count > 0 ? SimTime((sum + count / 2) / count) : nil
      },
      .number("session_\(name)_share", "share", "The same ÷ their completion times.") { sessions in
        let total = sessions.sums.path.total
        return total > 0 ? Double(sessions.sums.path.named[index].sum) / Double(total) : nil
      },
    ]
  }
}
