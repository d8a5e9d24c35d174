import Simulation
import Workload

/// What the cells of a session are written from.
struct SessionRow {
  var record: SessionRecord
  var isMeasured: Bool

  init(_ record: SessionRecord, window: MeasureWindow?) {
    self.record = record
    isMeasured = window?.contains(record.start) ?? true
  }
}

/// `sessions.csv.zst`: one row per session of a closed-loop run.
enum SessionTable {
  static let schema = TableSchema(
    name: "sessions",
    file: "sessions.csv.zst",
    summary: "One row per session of a closed-loop run, in the order in which sessions end; no "
      + "rows for an open loop, where sessions have no outcome.",
    columns: columns.map(\.schema)
  )

  static let columns: [TableColumn<SessionRow>] = [
    .integer("session", "", "Number of the session in the trace.") {
      $1.append(index: $0.record.session)
    },
    .string("outcome", "completed if all its requests are; rejected, failed or unfinished.") {
      $1.append($0.record.outcome)
    },
    .boolean("measured", "Whether it starts in the measured window.") {
      $1.append(isTrue: $0.isMeasured)
    },
    .integer("requests", "requests", "Requests that it has in the trace.") {
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
      let isComplete = $0.record.outcome == .completed
      $1.append(seconds: isComplete ? $0.record.finish - $0.record.start : -1)
    },
  ]
}
