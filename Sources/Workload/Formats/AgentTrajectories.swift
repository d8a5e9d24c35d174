/// The trajectories of agents: in each, one request after another, with tools between them.
///
/// A request waits for the one before it in its trajectory, for the trajectories that were started from
/// there and have ended since, and, if it is the first, for the trajectory that it was started from.
struct AgentTrajectories {
  private var sessions = SessionNumbers()
  private var turns = ContiguousArray<Int32>()
  private var numbers = SessionNumbers()
  private var trajectories = ContiguousArray<Trajectory>()

  private struct Trajectory {
    var session: Int32
    var last: Request?
    /// Trajectories that were started from this one and made requests since its last.
    var started: [Int32] = []
    /// The tools since the last request: the longest, and when the last one ended.
    var tool: UInt16?
    var toolTime: SimTime = -1
    var toolEnd: SimTime = 0
  }

  private struct Request {
    var record: Int64
    var start: SimTime
    var end: SimTime
  }

  mutating func takeTool(_ event: AgentEvent, name: UInt16, _ line: Span<UInt8>) throws(Fault) {
    guard let number = try number(of: event, line) else { return }
    let end = event.toolEnd ?? event.time
    let time = event.toolDuration ?? end - min(end, event.toolStart ?? end)
    if time > trajectories[number].toolTime {
      trajectories[number].tool = name
      trajectories[number].toolTime = time
    }
    trajectories[number].toolEnd = max(trajectories[number].toolEnd, end)
  }

  /// Appends a request's arrival, session, turn, gap, tool and edges.
  mutating func append(
    _ event: AgentEvent,
    record: Int64,
    noTool: UInt16,
    _ line: Span<UInt8>,
    to group: inout RowGroup
  ) throws(Fault) {
    guard let number = try number(of: event, line) else {
      group.arrival.append(try start(of: event, in: nil))
      group.session.append(-1)
      group.turn.append(0)
      group.gapKind.append(.none)
      group.tool.append(noTool)
      group.endEdges()
      return
    }
    let own = trajectories[number]
    let start = try start(of: event, in: own)
    let request = Request(record: record, start: start, end: max(start, event.time))
    let parent = try parent(of: event, number, line)
    if let last = own.last {
      group.edges.append(Self.edge(from: last, to: start))
    } else if let parent, let spawning = trajectories[parent].last {
      group.edges.append(Self.edge(from: spawning, to: start))
    }
    for child in own.started where own.last != nil || Int(child) != parent {
      if let last = trajectories[Int(child)].last, last.end <= start {
        group.edges.append(Self.edge(from: last, to: start))
      }
    }
    if let parent, !trajectories[parent].started.contains(Int32(number)) {
      trajectories[parent].started.append(Int32(number))
    }
    trajectories[number] = Trajectory(session: own.session, last: request)
    group.arrival.append(start)
    group.session.append(own.session)
    group.turn.append(turns[Int(own.session)])
    group.gapKind.append(own.tool == nil ? .none : .tool)
    group.tool.append(own.tool ?? noTool)
    group.endEdges()
    turns[Int(own.session)] += 1
  }

  /// When a request was sent, as far as the source tells: at the latest when the tools before it had
  /// ended, or the request before it.
  private func start(of event: AgentEvent, in own: Trajectory?) throws(Fault) -> SimTime {
    if let received = event.received { return received }
    if let total = event.total, total <= event.time { return event.time - total }
    guard let last = own?.last else { return event.time }
    return min(event.time, max(last.end, own?.toolEnd ?? 0))
  }

  /// The index of an event's trajectory; nil for one of no session.
  private mutating func number(
    of event: AgentEvent,
    _ line: Span<UInt8>
  ) throws(Fault) -> Int? {
    guard let id = event.session else { return nil }
    let session = try sessions.number(of: CSVField(range: id), line, "session_id")
    if session.isNew { turns.append(0) }
    let name = CSVField(range: event.trajectory ?? id)
    let found = try numbers.number(of: name, line, "trajectory_id")
    if found.isNew { trajectories.append(Trajectory(session: session.number)) }
    guard trajectories[Int(found.number)].session == session.number else {
      throw Fault(
        at: name.range.lowerBound,
        "trajectory_id is of another session on an earlier line; expected one session for it"
      )
    }
    return Int(found.number)
  }

  /// The index of the trajectory from which another one was started; nil where it has made no request
  /// of this session so far.
  private mutating func parent(
    of event: AgentEvent,
    _ number: Int,
    _ line: Span<UInt8>
  ) throws(Fault) -> Int? {
    guard let name = event.parentTrajectory else { return nil }
    let found = try numbers.number(of: CSVField(range: name), line, "parent_trajectory_id")
    if found.isNew { trajectories.append(Trajectory(session: trajectories[number].session)) }
    let parent = Int(found.number)
    let isOther =
      parent != number && trajectories[parent].session == trajectories[number].session
    return isOther ? parent : nil
  }

  private static func edge(from parent: Request, to start: SimTime) -> TurnEdge {
    if parent.end <= start {
      return TurnEdge(
        parentRecord: parent.record,
        delay: start - parent.end,
        trigger: .completion
      )
    }
    return TurnEdge(
      parentRecord: parent.record,
      delay: max(0, start - parent.start),
      trigger: .dispatch
    )
  }
}
