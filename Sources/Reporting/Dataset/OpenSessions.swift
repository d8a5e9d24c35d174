import Simulation
import Workload

/// The sessions of an open loop. Their turns come whatever became of those before, so nothing ends
/// them; they are put together from their requests.
struct OpenSessions {
  private struct Entry {
    var record: SessionRecord
    var state = SessionMetrics.State()
  }

  /// By the session's number in the trace.
  private var entries: [Int32: Entry] = [:]

  /// A request has left the engine.
  mutating func add(_ row: RequestRow) {
    let request = row.record
    guard request.session >= 0 else { return }
    var entry = entries[request.session] ?? Entry(record: SessionRecord(startOf: request))
    entry.record.add(request)
    entry.state.note(row.judgement, row.objective)
    entries[request.session] = entry
  }

  /// All of them, by number.
  func rows(in window: MeasureWindow?) -> [SessionRow] {
    entries.sorted { $0.key < $1.key }.map { _, entry in
      SessionRow(entry.record, entry.state, window: window, hasPath: false)
    }
  }
}

extension SessionRecord {
  /// A session of which nothing but the start is known.
  fileprivate init(startOf request: RequestRecord) {
    self.init(
      session: request.session,
      start: request.sessionStart,
      finish: request.sessionStart,
      requests: 0,
      offered: 0,
      completed: 0,
      outcome: .completed
    )
  }

  fileprivate mutating func add(_ request: RequestRecord) {
    finish = max(finish, request.finish)
    requests += 1
    offered += 1
    promptTokens += Int64(request.promptTokens)
    hitTokens += Int64(max(0, request.hitTokens))
    outputTokens += Int64(request.emittedTokens)
    switch (outcome, request.outcome) {
    case (_, .completed): completed += 1
    case (_, .unfinished): outcome = .unfinished
    case (.unfinished, _): break
    case (_, .failed): outcome = .failed
    case (.completed, _): outcome = .rejected
    default: break
    }
  }
}
