import Simulation
import Workload

/// What the cells of a session are written from.
struct SessionRow {
  let record: SessionRecord
  let isMeasured: Bool
  /// Whether all its requests met their targets; nil where it is in no denominator.
  let isMet: Bool?
  /// What its time went into; nil in an open loop, where no turn waits for another.
  let path: SessionPath?

  /// - Parameters:
  ///   - record: The session as it ended.
  ///   - state: How its requests did.
  ///   - window: What is measured; nil measures everything.
  ///   - hasPath: Whether its turns waited for each other.
  init(
    _ record: SessionRecord,
    _ state: SessionMetrics.State,
    window: MeasureWindow?,
    hasPath: Bool = true
  ) {
    self.record = record
    path = hasPath ? record.path : nil
    isMeasured = window?.contains(record.start) ?? true
    isMet = state.with(record.outcome).isMet
  }

  /// In nanoseconds.
  var length: SimTime { record.finish - record.start }

  /// Nil for a session that took no time.
  var turnsPerSecond: Double? {
    length > 0 ? Double(record.completed) / (Double(length) * 1e-9) : nil
  }
}

/// `sessions.csv.zst`: one row per session.
enum SessionTable {
  static let schema = TableSchema(
    name: "sessions",
    file: "sessions.csv.zst",
    summary:
      "One row per session, in the order in which sessions end; in an open loop, where a turn "
      + "comes whatever became of the one before it, by number. The times from queue to other gap "
      + "are those of its critical path, and empty in an open loop: from its last end back through the stages of that request, "
      + "the gap before it, the request that it waited for, and so on. Of a session that is over "
      + "they sum to its finish − its start, else to the last end of a request, or of the run.",
    columns: columns.map(\.schema)
  )

  static let columns = outcomes + path + amounts

  private static let outcomes: [TableColumn<SessionRow>] = [
    .integer("session", "", "Number of the session in the trace.") {
      $1.append(index: $0.record.session)
    },
    .string("outcome", "completed if all its requests are; rejected, failed or unfinished.") {
      $1.append($0.record.outcome)
    },
    .boolean("measured", "Whether it starts in the measured window.") {
      $1.append(isTrue: $0.isMeasured)
    },
    .boolean(
      "slo_met",
      "Whether all its requests completed within their targets; empty where none has one, and for "
        + "an unfinished session that could still meet them."
    ) { $1.append(isTrue: $0.isMet) },
    .integer(
      "requests",
      "requests",
      "Requests that it has in the trace; in an open loop, those whose turn came."
    ) {
      $1.append(integer: $0.record.requests)
    },
    .integer("offered", "requests", "Requests whose turn came.") {
      $1.append(integer: $0.record.offered)
    },
    .integer("completed", "requests", "Requests that completed.") {
      $1.append(integer: $0.record.completed)
    },
    .seconds("start_seconds", "Arrival of its first request.") {
      $1.append(seconds: $0.record.start)
    },
    .seconds("finish_seconds", "End of its last request, or of the run if some were left.") {
      $1.append(seconds: $0.record.finish)
    },
    .seconds("completion_seconds", "From its start to its finish; of a completed session.") {
      $1.append(seconds: $0.record.outcome == .completed ? $0.length : -1)
    },
    .number(
      "turns_per_second",
      "turns/s",
      "Requests that completed ÷ the time from its start to its finish."
    ) { $1.append(number: $0.turnsPerSecond) },
  ]

  private static let path: [TableColumn<SessionRow>] = [
    .seconds("queue_seconds", "At the gateway, in prefill queues and in decode queues.") {
      $1.append(seconds: $0.path?.queue ?? -1)
    },
    .seconds("prefill_seconds", "Prompts are computed.") {
      $1.append(seconds: $0.path?.prefill ?? -1)
    },
    .seconds("transfer_seconds", "From a prompt's end to the landing of its KV.") {
      $1.append(seconds: $0.path?.transfer ?? -1)
    },
    .seconds("decode_seconds", "In decode batches.") {
      $1.append(seconds: $0.path?.decode ?? -1)
    },
    .seconds("stall_seconds", "From preemptions to the next tokens.") {
      $1.append(seconds: $0.path?.stall ?? -1)
    },
    .seconds("tool_seconds", "Gaps in which a tool ran.") {
      $1.append(seconds: $0.path?.tool ?? -1)
    },
    .seconds("human_seconds", "Gaps in which a human was thinking.") {
      $1.append(seconds: $0.path?.human ?? -1)
    },
    .seconds(
      "other_gap_seconds",
      "Gaps of which the trace does not say what they were, and recorded starts of requests that "
        + "wait for nothing."
    ) { $1.append(seconds: $0.path?.otherGap ?? -1) },
  ]

  private static let amounts: [TableColumn<SessionRow>] = [
    .integer("prompt_tokens", "tokens", "Tokens of the prompts of its requests that have left.") {
      $1.append(integer: $0.record.promptTokens)
    },
    .integer("hit_tokens", "tokens", "How many of those were cached when first chunks started.") {
      $1.append(integer: $0.record.hitTokens)
    },
    .integer("output_tokens", "tokens", "Tokens that those requests got.") {
      $1.append(integer: $0.record.outputTokens)
    },
    .number(
      "kv_idle_byte_seconds",
      "byte-seconds",
      "KV that the retention policy held for it while no turn of it ran, over time; shared blocks in "
        + "full, all copies counted."
    ) { $1.append(number: Double($0.record.retainedByteTime) * 1e-9) },
  ]
}
