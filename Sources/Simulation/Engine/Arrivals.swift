import Workload

/// Where the requests of a run come from: a trace that streams by, or one in memory, whose turns may
/// depend on each other.
struct Arrivals: ~Copyable {
  private var stream: ArrivalStream
  private var sessions: SessionArrivals
  let isInMemory: Bool
  /// When the next request arrives; `never` when none is known to.
  private(set) var nextTime: SimTime

  init(_ reader: any TraceReader, _ options: RunOptions) throws(TraceError) {
    stream = try ArrivalStream(reader: reader, options: options)
    sessions = SessionArrivals()
    isInMemory = false
    nextTime = stream.nextTime
  }

  init(_ trace: InMemoryTrace, _ options: RunOptions) throws(TraceError) {
    stream = ArrivalStream()
    sessions = try SessionArrivals(trace, options)
    isInMemory = true
    nextTime = sessions.nextTime
  }

  /// Whether some request arrives after the horizon.
  var isTruncated: Bool { isInMemory ? sessions.isTruncated : stream.isTruncated }

  /// Requests of sessions that have started which were not due.
  var notDue: Int64 { isInMemory ? sessions.notDue : 0 }

  /// Writes the request that arrives now into a fresh state, and finds the next one.
  mutating func take(into state: inout RequestState) throws(TraceError) {
    if isInMemory {
      sessions.take(into: &state)
      nextTime = sessions.nextTime
    } else {
      stream.fill(&state)
      try stream.advance()
      nextTime = stream.nextTime
    }
  }

  /// A request has left the engine: what waits for it becomes due, or will never be.
  mutating func end(_ state: borrowing RequestState, at now: SimTime) {
    sessions.end(state, at: now)
    nextTime = sessions.nextTime
  }

  var hasCancelled: Bool { isInMemory && sessions.hasCancelled }

  /// The next request that was cancelled because one it waits for did not complete.
  ///
  /// - Returns: Whether there was one.
  mutating func takeCancelled(into state: inout RequestState, at now: SimTime) -> Bool {
    sessions.takeCancelled(into: &state, at: now)
  }

  /// - Throws: `badData` where a turn was due beyond the range of time.
  func check() throws(TraceError) { if isInMemory { try sessions.check() } }

  /// Closes the sessions that have started and are not over.
  mutating func finish(at now: SimTime) { if isInMemory { sessions.finish(at: now) } }

  /// Takes the sessions that have ended since the last call.
  mutating func takeEndedSessions() -> ContiguousArray<SessionRecord> {
    isInMemory ? sessions.takeEnded() : []
  }

  var hasEndedSessions: Bool { isInMemory && sessions.hasEnded }
}
