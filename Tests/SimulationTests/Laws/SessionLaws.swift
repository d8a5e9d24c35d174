import Simulation
import Workload

/// Laws 1 and 2 of sessions: requests come when what they wait for has happened, neither earlier nor
/// later, and none is lost.
///
/// Given when the parents of a request came and ended, its own time follows; so every request is
/// checked by itself, whatever the engine made of the rest.
struct SessionLaws {
  private let test: Case
  private let run: LawRun
  /// Rows by record, and records of the run by record.
  private let rows: [Int64: Int]
  private let ended: [Int64: RequestRecord]
  /// Recorded arrival of the first row of each session.
  private let starts: [Int32: SimTime]

  /// The first request or session of a run that is not as it has to be, or nil.
  static func violation(in run: LawRun, of test: Case) -> String? {
    let laws = SessionLaws(run, test)
    return laws.wrongArrival() ?? laws.wrongSession()
  }

  private init(_ run: LawRun, _ test: Case) {
    self.test = test
    self.run = run
    rows = Dictionary(uniqueKeysWithValues: zip(test.rows.record, test.rows.record.indices))
    ended = Dictionary(uniqueKeysWithValues: run.records.map { ($0.record, $0) })
    starts = Dictionary(
      zip(test.rows.session, test.rows.arrival),
      uniquingKeysWith: { min($0, $1) }
    )
  }

  /// What the law says of a request.
  private enum Fate: Equatable {
    case due(SimTime)
    case cancelled(SimTime)
    /// Something that it waits for has not happened.
    case waits
  }

  private func wrongArrival() -> String? {
    var notDue: Int64 = 0
    let started = Set(run.records.map(\.session))
    for row in limitedRows {
      let fate = fate(of: row)
      guard let record = ended[test.rows.record[row]] else {
        if case .due(let time) = fate, time <= test.options.horizon { return "lost: row \(row)" }
        if case .cancelled = fate { return "not cancelled: row \(row)" }
        let session = session(of: row)
        if test.options.loop == .closed, session >= 0, started.contains(session) { notDue += 1 }
        continue
      }
      let isCancelled = record.outcome == .cancelled
      let actual: Fate = isCancelled ? .cancelled(record.finish) : .due(record.arrival)
      if actual != fate { return "\(fate) expected: \(record)" }
      let start = session(of: row) < 0 ? record.arrival : sessionStart(of: row)
      if record.sessionStart != start { return "session starts at \(start): \(record)" }
      if record.session != session(of: row) { return "session of another: \(record)" }
    }
    if run.result.notDue != notDue { return "\(notDue) not due, not \(run.result.notDue)" }
    return nil
  }

  /// The rows of the first sessions, a row of none counting as one.
  private var limitedRows: [Int] {
    var sessions = SessionLimit(test.options.limit)
    return test.rows.record.indices.filter { sessions.admits(row: $0, of: test.rows) }
  }

  private func fate(of row: Int) -> Fate {
    let all = test.rows
    let edges =
      all.edgeStart.isEmpty ? [] : all.edges[Int(all.edgeStart[row])..<Int(all.edgeStart[row + 1])]
    guard test.options.loop == .closed, !edges.isEmpty else { return .due(recordedArrival(row)) }
    let fates = edges.map(fate(over:))
    let cancellations = fates.compactMap { fate in
      if case .cancelled(let time) = fate { time } else { nil }
    }
    if let first = cancellations.min() { return .cancelled(first) }
    if fates.contains(.waits) { return .waits }
    let times = fates.compactMap { fate in if case .due(let time) = fate { time } else { nil } }
    return .due(times.max() ?? .never)
  }

  /// What one edge alone makes of its child.
  private func fate(over edge: TurnEdge) -> Fate {
    guard let parent = ended[edge.parentRecord] else { return .waits }
    if parent.outcome == .cancelled { return .cancelled(parent.finish) }
    switch edge.trigger {
    case .dispatch: return .due(parent.arrival + edge.delay)
    case .completion:
      switch parent.outcome {
      case .completed: return .due(parent.finish + edge.delay)
      case .rejected, .failed, .cancelled: return .cancelled(parent.finish)
      case .unfinished: return .waits
      }
    }
  }

  private func session(of row: Int) -> Int32 {
    test.rows.session.isEmpty ? -1 : test.rows.session[row]
  }

  private func scaled(_ time: SimTime) -> SimTime {
    test.options.rateScale == 1 ? time : SimTime(Double(time) / test.options.rateScale)
  }

  private func sessionStart(of row: Int) -> SimTime { scaled(starts[session(of: row)] ?? 0) }

  private func recordedArrival(_ row: Int) -> SimTime {
    let recorded = test.rows.arrival[row]
    guard session(of: row) >= 0, let start = starts[session(of: row)] else {
      return scaled(recorded)
    }
    return scaled(start) + recorded - start
  }

  private func wrongSession() -> String? {
    guard test.options.loop == .closed else {
      return run.sessions.isEmpty ? nil : "sessions of an open loop"
    }
    let limited = limitedRows
    for (session, start) in starts.sorted(by: { $0.key < $1.key }) where session >= 0 {
      let records = run.records.filter { $0.session == session }
      let told = run.sessions.filter { $0.session == session }
      if told.count != (records.isEmpty ? 0 : 1) { return "session \(session) is told of \(told)" }
      guard let told = told.first else { continue }
      let count = Int32(limited.count { test.rows.session[$0] == session })
      let isRight =
        told.start == scaled(start) && told.requests == count
        && Int(told.offered) == records.count
        && Int(told.completed) == records.count { $0.outcome == .completed }
        && isRight(told, of: records)
      if !isRight { return "\(told) of \(records)" }
    }
    return nil
  }

  private func isRight(_ told: SessionRecord, of records: [RequestRecord]) -> Bool {
    let isOpen = told.offered < told.requests || records.contains { $0.outcome == .unfinished }
    if isOpen { return told.outcome == .unfinished && told.finish == run.result.end }
    let outcomes = Set(records.map(\.outcome))
    let worst = [Outcome.failed, .rejected].first { outcomes.contains($0) }
    // What the time along the critical path went into is all of the session's time.
    guard told.path.total == told.finish - told.start else { return false }
    guard told.finish == records.map(\.finish).max() else { return false }
    return told.outcome == worst ?? .completed
  }
}
