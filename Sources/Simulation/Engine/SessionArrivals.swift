import KVCache
import Workload

/// The arrivals of a trace in memory: of sessions whose starts are scaled and whose delays are not, and
/// in a closed loop of turns that are due when those they depend on have been dispatched or completed.
struct SessionArrivals: ~Copyable {
  let trace: InMemoryTrace
  let graph: SessionGraph
  private let horizon: SimTime
  let isClosed: Bool
  private let delayScale: Double
  /// When each request is due, by position; so far as its edges have fired, in a closed loop.
  private var due: ContiguousArray<SimTime> = []
  /// Edges that have not fired, and whether the request was offered.
  private(set) var missing: ContiguousArray<Int32> = []
  private(set) var isOffered: ContiguousArray<Bool> = []
  /// Requests whose time is known.
  private var queue: EventQueue
  private var cancelled: ContiguousArray<Int32> = []
  /// What the time from a session's start to a request's arrival went into, by request; in a closed
  /// loop.
  private(set) var paths = TurnPaths()
  /// The first group whose prefix nodes have not been taken.
  var nextNodes = 0
  var tallies: ContiguousArray<SessionTally> = []
  private var starts: ContiguousArray<SimTime> = []
  private var endedSessions: ContiguousArray<SessionRecord> = []
  private(set) var isTruncated = false
  /// The first request that is due later than a run without a horizon can reach.
  private var lateRecord: Int64?
  /// Half the range of time: what is left holds all that can happen after an arrival.
  private static let latest = SimTime.max / 2

  /// Arrivals of nothing.
  init() {
    trace = InMemoryTrace(name: "", groups: [])
    graph = SessionGraph()
    horizon = .never
    isClosed = false
    delayScale = 1
    queue = EventQueue(entities: 0)
  }

  init(_ trace: InMemoryTrace, _ options: RunOptions) throws(TraceError) {
    let graph = try SessionGraph(trace)
    let arrivals = try graph.openArrivals(rateScale: options.rateScale)
    self.trace = trace
    self.graph = graph
    due = arrivals
    horizon = options.horizon
    isClosed = options.loop == .closed
    delayScale = defect(.delayScaled) ? options.rateScale : 1
    queue = EventQueue(entities: graph.count)
    isOffered = ContiguousArray(repeating: false, count: graph.count)
    missing = isClosed ? graph.parentCount : ContiguousArray(repeating: 0, count: graph.count)
    tallies = ContiguousArray(repeating: SessionTally(), count: graph.sessionCount)
    starts = ContiguousArray(repeating: .never, count: graph.sessionCount)
    if isClosed { paths = TurnPaths(count: graph.count) }
    start(limit: options.limit)
  }

  /// Queues the requests of the first sessions that wait for nothing.
  private mutating func start(limit: Int64) {
    var sessions = SessionLimit(limit)
    for position in 0..<graph.count {
      let session = Int(graph.session[position])
      guard
        sessions.admits(row: graph.row(of: position), of: trace.groups[graph.group(of: position)])
      else { continue }
      tallies[session].requests += 1
      tallies[session].number = graph.recordedSession(of: position)
      starts[session] = min(starts[session], due[position])
      if missing[position] == 0 { enqueue(position) } else { due[position] = 0 }
    }
  }

  private mutating func enqueue(_ position: Int) {
    guard due[position] <= min(horizon, Self.latest) else {
      if horizon == .never, lateRecord == nil {
        lateRecord = trace.groups[graph.group(of: position)].record[graph.row(of: position)]
      }
      isTruncated = true
      return
    }
    queue.schedule(position, at: due[position], kind: .boundary, owner: Int64(position))
  }

  var nextTime: SimTime { queue.nextTime }

  /// - Throws: `badData` for a request that was due beyond the range of time.
  func check() throws(TraceError) {
    guard let lateRecord else { return }
    throw TraceError(
      .badData,
      file: trace.name,
      problem: "record \(lateRecord) is due more than 146 years after the first one; shorten the "
        + "delays of its session, or set a horizon"
    )
  }

  /// Writes the request that arrives now into a fresh state; what waits for its dispatch may be due.
  mutating func take(into state: inout RequestState) {
    let position = queue.pop().entity
    offer(position, at: due[position], into: &state)
    guard isClosed else { return }
    fire(.dispatch, of: position, at: due[position], paths[position])
  }

  private mutating func offer(_ position: Int, at now: SimTime, into state: inout RequestState) {
    let (group, session) = (graph.group(of: position), Int(graph.session[position]))
    state.fill(from: trace.groups[group], row: graph.row(of: position), arrival: now)
    state.position = Int32(position)
    state.out.sessionStart = starts[session]
    isOffered[position] = true
    tallies[session].offered += 1
    if isClosed { paths.arrive(position, after: now - starts[session]) }
  }

  private mutating func fire(
    _ trigger: TurnEdge.Trigger,
    of parent: Int,
    at now: SimTime,
    _ path: SessionPath
  ) {
    for edge in graph.children(of: parent) {
      let waitsFor = defect(.dispatchAsCompletion) ? TurnEdge.Trigger.completion : edge.trigger
      guard waitsFor == trigger, case let child = Int(edge.child),
        missing[child] > 0, missing[child] < .max
      else { continue }
      let delay = delayScale == 1 ? edge.delay : SimTime(Double(edge.delay) / delayScale)
      let (sum, overflow) = now.addingReportingOverflow(delay)
      let time = overflow ? .never : sum
      if time >= due[child] || !paths.isKnown(child) {
        paths.set(child, path.adding(time - now, gap: gapKind(of: child)))
      }
      due[child] = max(due[child], time)
      if trigger == .completion { paths.note(completionAt: now, before: child) }
      missing[child] -= 1
      if missing[child] == 0 { enqueue(child) }
    }
  }

  /// A request has left the engine.
  mutating func end(_ state: borrowing RequestState, at now: SimTime) {
    guard isClosed else { return }
    let position = Int(state.position)
    let session = Int(graph.session[position])
    guard state.out.outcome != .unfinished else {
      tallies[session].add(state.out)
      // Of several that are under way at the end of the run the last in the trace's order counts.
      if position > tallies[session].lastOpen {
        tallies[session].lastOpen = position
        tallies[session].path = paths[position].adding(state.out.stages)
      }
      return
    }
    tallies[session].ended += 1
    tallies[session].add(state.out)
    let path = paths[position].adding(state.out.stages)
    if state.out.outcome != .cancelled { tallies[session].path = path }
    paths.forget(position)
    switch state.out.outcome {
    case .completed:
      tallies[session].completed += 1
      fire(.completion, of: position, at: now, path)
    case .rejected, .failed:
      if tallies[session].failure != .failed { tallies[session].failure = state.out.outcome }
      if !defect(.descendantsForgotten) { cancelDescendants(of: position) }
    case .cancelled, .unfinished: break
    }
    closeIfOver(session, at: now)
  }

  /// Cancels what waits for the completion of a request, and whatever waits for that.
  private mutating func cancelDescendants(of position: Int) {
    var next = cancelled.count
    for edge in graph.children(of: position) where edge.trigger == .completion {
      cancel(Int(edge.child))
    }
    // The list grows while the children of those on it are looked at.
    while next < cancelled.count {
      for edge in graph.children(of: Int(cancelled[next])) { cancel(Int(edge.child)) }
      next += 1
    }
  }

  /// Cancels a request that waits; once only, since it then waits for more than can happen.
  private mutating func cancel(_ position: Int) {
    guard !isOffered[position], missing[position] > 0, missing[position] < .max else { return }
    missing[position] = .max
    cancelled.append(Int32(position))
  }

  var hasCancelled: Bool { !cancelled.isEmpty }

  /// The next request that was cancelled, if there is one.
  mutating func takeCancelled(into state: inout RequestState, at now: SimTime) -> Bool {
    guard let position = cancelled.popLast() else { return false }
    offer(Int(position), at: now, into: &state)
    return true
  }

  private mutating func closeIfOver(_ session: Int, at now: SimTime) {
    let tally = tallies[session]
    guard tally.ended == tally.requests else { return }
    close(session, at: now, outcome: tally.failure ?? .completed)
  }

  private mutating func close(_ session: Int, at now: SimTime, outcome: Outcome) {
    let tally = tallies[session]
    guard tally.number >= 0 else { return }
    endedSessions.append(
      SessionRecord(
        session: tally.number,
        start: starts[session],
        finish: now,
        requests: tally.requests,
        offered: tally.offered,
        completed: tally.completed,
        outcome: outcome,
        path: tally.path,
        promptTokens: tally.promptTokens,
        hitTokens: tally.hitTokens,
        outputTokens: tally.outputTokens,
        retainedByteTime: tally.retainedByteTime
      )
    )
  }

  /// Closes the sessions that have started and are not over.
  mutating func finish(at now: SimTime) {
    guard isClosed else { return }
    for session in tallies.indices
    where tallies[session].offered > 0 && tallies[session].ended < tallies[session].requests {
      close(session, at: now, outcome: .unfinished)
    }
  }

  var hasEnded: Bool { !endedSessions.isEmpty }

  mutating func takeEnded() -> ContiguousArray<SessionRecord> {
    defer { endedSessions.removeAll(keepingCapacity: true) }
    return endedSessions
  }

  /// Requests of sessions that have started which were not due.
  var notDue: Int64 {
    guard isClosed else { return 0 }
    return tallies.reduce(0) { $0 + ($1.offered > 0 ? Int64($1.requests - $1.offered) : 0) }
  }
}
