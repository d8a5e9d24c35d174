import Simulation
import Workload

/// A column of the exported requests: the header, the list of columns and the rows come from here.
public struct RequestColumn: Sendable {
  public let name: String
  /// What its numbers count; empty for names and identities.
  public let unit: String
  public let summary: String
  /// Captures nothing, so that a call costs no reference counting.
  let write: @Sendable (inout RequestRow) -> Void

  /// All columns, in the order of the file.
  public static let all = identity + amounts + times + stages

  private init(
    _ name: String,
    _ unit: String,
    _ summary: String,
    write: @escaping @Sendable (inout RequestRow) -> Void
  ) {
    self.name = name
    self.unit = unit
    self.summary = summary
    self.write = write
  }

  private static let identity = [
    RequestColumn("record", "", "Number of the request in the trace, from 0.") {
      $0.bytes.append(decimal: $0.record.record)
    },
    RequestColumn("session", "", "Number of its session in the trace; empty if it is in none.") {
      $0.appendUnlessNegative($0.record.session)
    },
    RequestColumn("class", "", "Its class; empty where the trace names none.") {
      $0.appendName(ofClass: $0.record.requestClass)
    },
    RequestColumn("outcome", "", "completed, rejected, failed, cancelled or unfinished.") {
      $0.appendName(of: $0.record.outcome)
    },
    RequestColumn("reason", "", "Why it was rejected or failed; else empty.") {
      $0.appendReason($0.record.reason)
    },
    RequestColumn("measured", "", "true if its session starts in the measured window, or false.") {
      $0.append(isTrue: $0.window?.contains($0.record.sessionStart) ?? true)
    },
    RequestColumn("prefill_instance", "", "Number of the instance that computed its prompt.") {
      $0.appendUnlessNegative($0.record.prefillInstance)
    },
    RequestColumn("decode_instance", "", "Number of the instance that decoded it.") {
      $0.appendUnlessNegative($0.record.decodeInstance)
    },
    RequestColumn("handoff", "", "How its KV was handed off: none, blocking, layerWise, fellBack.")
    {
      $0.appendName(of: $0.record.handoff)
    },
  ]

  private static let amounts = [
    RequestColumn("prompt_tokens", "tokens", "Tokens of its prompt.") {
      $0.bytes.append(decimal: Int64($0.record.promptTokens))
    },
    RequestColumn("output_tokens", "tokens", "Tokens that it asked for.") {
      $0.bytes.append(decimal: Int64($0.record.outputTokens))
    },
    RequestColumn("emitted_tokens", "tokens", "Tokens that it got.") {
      $0.bytes.append(decimal: Int64($0.record.emittedTokens))
    },
    RequestColumn("preemptions", "times", "How often it lost its memory while it ran.") {
      $0.bytes.append(decimal: Int64($0.record.preemptions))
    },
    RequestColumn("swaps", "times", "How many of those moved its KV to host memory.") {
      $0.bytes.append(decimal: Int64($0.record.swaps))
    },
    RequestColumn("transfer_bytes", "bytes", "KV handed off, over all its hand-offs.") {
      $0.bytes.append(decimal: $0.record.transferBytes)
    },
  ]

  /// Since the first arrival of the trace; empty where the request did not get that far.
  private static let times = [
    RequestColumn("arrival_seconds", "seconds", "Its arrival.") {
      $0.bytes.append(seconds: $0.record.arrival)
    },
    RequestColumn(
      "session_start_seconds",
      "seconds",
      "Arrival of its session's first request, or its own."
    ) {
      $0.bytes.append(seconds: $0.record.sessionStart)
    },
    RequestColumn("prefill_start_seconds", "seconds", "Start of the step with its first chunk.") {
      $0.bytes.append(seconds: $0.record.prefillStart)
    },
    RequestColumn("prefill_end_seconds", "seconds", "End of the step with its last chunk.") {
      $0.bytes.append(seconds: $0.record.prefillEnd)
    },
    RequestColumn("transfer_end_seconds", "seconds", "End of its first hand-off.") {
      $0.bytes.append(seconds: $0.record.transferEnd)
    },
    RequestColumn("decode_start_seconds", "seconds", "Start of its first decode step.") {
      $0.bytes.append(seconds: $0.record.decodeStart)
    },
    RequestColumn("first_token_seconds", "seconds", "Its first token.") {
      $0.bytes.append(seconds: $0.record.firstToken)
    },
    RequestColumn(
      "finish_seconds",
      "seconds",
      "Its last token, rejection or failure, or the end of the run."
    ) {
      $0.bytes.append(seconds: $0.record.finish)
    },
    RequestColumn("ttft_slo_seconds", "seconds", "Its own target for the time to first token.") {
      $0.bytes.append(seconds: $0.record.ttftSLO > 0 ? $0.record.ttftSLO : -1)
    },
    RequestColumn("tpot_slo_seconds", "seconds", "Its own target for the time per output token.") {
      $0.bytes.append(seconds: $0.record.tpotSLO > 0 ? $0.record.tpotSLO : -1)
    },
  ]

  /// They partition the time from arrival to finish.
  private static let stages = [
    RequestColumn("gateway_seconds", "seconds", "Stage: held at the gateway.") {
      $0.bytes.append(seconds: $0.record.stages.gateway)
    },
    RequestColumn("prefill_queue_seconds", "seconds", "Stage: waiting for its first chunk.") {
      $0.bytes.append(seconds: $0.record.stages.prefillQueue)
    },
    RequestColumn("prefill_seconds", "seconds", "Stage: its prompt is computed.") {
      $0.bytes.append(seconds: $0.record.stages.prefill)
    },
    RequestColumn(
      "transfer_seconds",
      "seconds",
      "Stage: from the prompt's end to the landing of its KV."
    ) {
      $0.bytes.append(seconds: $0.record.stages.transfer)
    },
    RequestColumn("decode_queue_seconds", "seconds", "Stage: landed, and not in the batch yet.") {
      $0.bytes.append(seconds: $0.record.stages.decodeQueue)
    },
    RequestColumn("decode_seconds", "seconds", "Stage: in the decode batch.") {
      $0.bytes.append(seconds: $0.record.stages.decode)
    },
    RequestColumn("stall_seconds", "seconds", "Stage: from a preemption to the next token.") {
      $0.bytes.append(seconds: $0.record.stages.stall)
    },
  ]
}

extension RequestRow {
  fileprivate mutating func appendUnlessNegative(_ value: Int32) {
    if value >= 0 { bytes.append(decimal: Int64(value)) }
  }
}
