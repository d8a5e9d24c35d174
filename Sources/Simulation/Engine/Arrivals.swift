import KVCache
import Workload

/// Where the requests of a run come from: a trace that streams by, or one in memory, whose turns may
/// depend on each other.
struct Arrivals: ~Copyable {
  private var stream: ArrivalStream
  private var sessions: SessionArrivals
  let isInMemory: Bool
  /// What errors call the trace.
  let name: String
  /// When the next request arrives; `never` when none is known to.
  private(set) var nextTime: SimTime

  init(_ reader: any TraceReader, _ options: RunOptions) throws(TraceError) {
    stream = try ArrivalStream(reader: reader, options: options)
    sessions = SessionArrivals()
    isInMemory = false
    name = "trace"
    nextTime = stream.nextTime
  }

  init(_ trace: InMemoryTrace, _ options: RunOptions) throws(TraceError) {
    stream = ArrivalStream()
    sessions = try SessionArrivals(trace, options)
    isInMemory = true
    name = trace.name
    nextTime = sessions.nextTime
  }

  /// The prefix nodes of rows that were read since the last call; nil where there are no more.
  mutating func takeNodes() -> LoadedNodes? {
    isInMemory ? sessions.takeNodes() : stream.takeNodes()
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

  /// Positions of the turns that wait for the one at a position and have not been dispatched, in
  /// order; none but in a closed loop.
  func waitingChildren(of position: Int32) -> ContiguousArray<Int32> {
    isInMemory ? sessions.waitingChildren(of: Int(position)) : []
  }

  /// Where the prompt's path of the row at a position ends: node id and blocks, −1 for none.
  func pathEnd(of position: Int32) -> PrefixPoint { sessions.pathEnd(of: Int(position)) }

  func promptTokens(of position: Int32) -> Int64 { sessions.promptTokens(of: Int(position)) }

  /// What the turn at a position waits for: as `RetentionView.tool`.
  func tool(of position: Int32) -> Int32 { sessions.tool(of: Int(position)) }

  /// How long ago the last completed that a turn, which has just arrived, waited for; nil where it
  /// waited for none.
  func gap(of state: borrowing RequestState, at now: SimTime) -> (length: SimTime, tool: Int32)? {
    isInMemory ? sessions.gap(of: Int(state.position), at: now) : nil
  }

  /// A retention has held bytes for a session until now.
  mutating func addRetained(_ held: HeldTurn, _ bytes: Int64, until now: SimTime) {
    sessions.addRetained(Int(held.position), wideProduct(bytes, now - held.countedSince))
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
