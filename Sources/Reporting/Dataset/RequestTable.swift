import Simulation
import Workload

/// `requests.csv.zst`: one row per offered request.
enum RequestTable {
  static let schema = TableSchema(
    name: "requests",
    file: "requests.csv.zst",
    summary: "One row per offered request, in the order in which requests leave the engine. "
      + "Instants are in seconds since the first arrival of the trace; a cell is empty where the "
      + "request did not get that far.",
    columns: columns.map(\.schema)
  )

  static let columns: [TableColumn<RequestRow>] =
    identity + amounts + times + latencies + verdicts + stages

  private static let identity: [TableColumn<RequestRow>] = [
    .integer("record", "", "Number of the request in the trace, from 0.") {
      $1.append(integer: $0.record.record)
    },
    .integer("session", "", "Number of its session in the trace; empty if it is in none.") {
      $1.append(index: $0.record.session)
    },
    .string("class", "Its class; empty where the trace names none.") {
      $1.append(name: $0.className)
    },
    .string("outcome", "completed, rejected, failed, cancelled or unfinished.") {
      $1.append($0.record.outcome)
    },
    .string("reason", "Why it was rejected or failed; else empty.") {
      if $0.record.reason > 0 { $1.append(name: $0.reason) }
    },
    .boolean("measured", "Whether its session starts in the measured window.") {
      $1.append(isTrue: $0.isMeasured)
    },
    .integer("prefill_instance", "", "Number of the instance that computed its prompt.") {
      $1.append(index: $0.record.prefillInstance)
    },
    .integer("decode_instance", "", "Number of the instance that decoded it.") {
      $1.append(index: $0.record.decodeInstance)
    },
    .string("handoff", "How its KV was handed off: none, blocking, layerWise, fellBack.") {
      $1.append($0.record.handoff)
    },
  ]

  private static let amounts: [TableColumn<RequestRow>] = [
    .integer("prompt_tokens", "tokens", "Tokens of its prompt.") {
      $1.append(integer: $0.record.promptTokens)
    },
    .integer("output_tokens", "tokens", "Tokens that it asked for.") {
      $1.append(integer: $0.record.outputTokens)
    },
    .integer("emitted_tokens", "tokens", "Tokens that it got.") {
      $1.append(integer: $0.record.emittedTokens)
    },
    .integer(
      "hit_tokens",
      "tokens",
      "Tokens of its prompt that were cached when its first chunk started."
    ) { $1.append(index: $0.record.hitTokens) },
    .integer(
      "decode_hit_tokens",
      "tokens",
      "Tokens that its decode instance had cached when it first reserved memory for it."
    ) { $1.append(index: $0.record.decodeHitTokens) },
    .integer(
      "loaded_tokens",
      "tokens",
      "Tokens that came from tiers below the memory of the instance that computed its prompt."
    ) { $1.append(integer: $0.record.loadedTokens) },
    .integer("preemptions", "times", "How often it lost its memory while it ran.") {
      $1.append(integer: $0.record.preemptions)
    },
    .integer("swaps", "times", "How many of those moved its KV to host memory.") {
      $1.append(integer: $0.record.swaps)
    },
    .integer("transfer_bytes", "bytes", "KV handed off, over all its hand-offs.") {
      $1.append(integer: $0.record.transferBytes)
    },
  ]

  private static let times: [TableColumn<RequestRow>] = [
    .seconds("arrival_seconds", "Its arrival.") { $1.append(seconds: $0.record.arrival) },
    .seconds(
      "session_start_seconds",
      "Arrival of its session's first request, or its own."
    ) { $1.append(seconds: $0.record.sessionStart) },
    .seconds("prefill_start_seconds", "Start of the step with its first chunk.") {
      $1.append(seconds: $0.record.prefillStart)
    },
    .seconds("prefill_end_seconds", "End of the step with its last chunk.") {
      $1.append(seconds: $0.record.prefillEnd)
    },
    .seconds("transfer_end_seconds", "End of its first hand-off.") {
      $1.append(seconds: $0.record.transferEnd)
    },
    .seconds("decode_start_seconds", "Start of its first decode step.") {
      $1.append(seconds: $0.record.decodeStart)
    },
    .seconds("first_token_seconds", "Its first token.") {
      $1.append(seconds: $0.record.firstToken)
    },
    .seconds(
      "finish_seconds",
      "Its last token, rejection or failure, or the end of the run."
    ) { $1.append(seconds: $0.record.finish) },
  ]
}
