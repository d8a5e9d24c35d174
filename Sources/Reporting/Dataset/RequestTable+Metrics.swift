import Simulation

extension RequestTable {
  static let latencies: [TableColumn<RequestRow>] = [
    .seconds("ttft_seconds", "Time to first token: from its arrival.") {
      $1.append(seconds: $0.ttft)
    },
    .seconds(
      "tpot_seconds",
      "Time per output token: (finish − first token) ÷ (output tokens − 1), rounded up to a "
        + "nanosecond; of a completed request with more than one output token."
    ) { $1.append(seconds: $0.tpot) },
    .seconds("e2e_seconds", "From its arrival to its finish; of a completed request.") {
      $1.append(seconds: $0.e2e)
    },
  ]

  /// By the rules of `Attainment`, so that shares can be counted from the rows.
  static let verdicts: [TableColumn<RequestRow>] = [
    .seconds(
      "ttft_slo_seconds",
      "The time to first token that it was judged by: its own target or that of its class."
    ) { $1.append(seconds: $0.objective.ttft > 0 ? $0.objective.ttft : -1) },
    .seconds(
      "tpot_slo_seconds",
      "The time per output token that it was judged by: its own target or that of its class."
    ) { $1.append(seconds: $0.objective.tpot > 0 ? $0.objective.tpot : -1) },
    .boolean(
      "meets_ttft",
      "Whether it completed within its TTFT target; empty without one, and for an unfinished "
        + "request that has broken no target yet. A one-token output meets any TPOT target."
    ) { $1.append(isTrue: $0.meetsTTFT) },
    .boolean("meets_tpot", "The same for its TPOT target.") { $1.append(isTrue: $0.meetsTPOT) },
    .boolean("meets_slo", "The same for both; empty unless it has both targets.") {
      $1.append(isTrue: $0.meetsBoth)
    },
  ]

  /// They partition the time from arrival to finish.
  static let stages: [TableColumn<RequestRow>] = [
    .seconds("gateway_seconds", "Stage: held at the gateway.") {
      $1.append(seconds: $0.record.stages.gateway)
    },
    .seconds("prefill_queue_seconds", "Stage: waiting for its first chunk.") {
      $1.append(seconds: $0.record.stages.prefillQueue)
    },
    .seconds("prefill_seconds", "Stage: its prompt is computed.") {
      $1.append(seconds: $0.record.stages.prefill)
    },
    .seconds("transfer_seconds", "Stage: from the prompt's end to the landing of its KV.") {
      $1.append(seconds: $0.record.stages.transfer)
    },
    .seconds("decode_queue_seconds", "Stage: landed, and not in the batch yet.") {
      $1.append(seconds: $0.record.stages.decodeQueue)
    },
    .seconds("decode_seconds", "Stage: in the decode batch.") {
      $1.append(seconds: $0.record.stages.decode)
    },
    .seconds("stall_seconds", "Stage: from a preemption to the next token.") {
      $1.append(seconds: $0.record.stages.stall)
    },
  ]
}
