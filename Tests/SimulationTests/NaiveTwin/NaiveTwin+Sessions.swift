import Simulation
import Workload

/// The requests of a trace as a run offers them, and what they wait for.
enum TwinTrace {
  /// The requests within the limit, in the trace's order. A limit counts sessions, and each row of no
  /// session as its own.
  static func requests(
    of rows: RowGroup,
    blockTokens: Int,
    hasCache: Bool,
    _ options: RunOptions
  ) -> [TwinRequest] {
    var requests: [TwinRequest] = []
    var indices: [Int] = []
    var starts: [Int32: SimTime] = [:]
    var count: Int64 = 0
    for index in 0..<rows.count {
      let session = rows.session.isEmpty ? -1 : rows.session[index]
      let recorded = rows.arrival[index]
      if session < 0 || starts[session] == nil {
        guard count < options.limit else { continue }
        count += 1
        if session >= 0 { starts[session] = recorded }
      }
      // Only the starts of sessions are scaled.
      let start = session < 0 ? recorded : starts[session, default: recorded]
      let scaled = options.rateScale == 1 ? start : SimTime(Double(start) / options.rateScale)
      let arrival = scaled + recorded - start
      var request = TwinRequest(
        rows: rows,
        index: index,
        arrival: arrival,
        sessionStart: scaled
      )
      if hasCache, let path = TwinPaths.path(of: index, in: rows) {
        let full = path.prefix(Int(request.row.promptTokens) / blockTokens)
        if !full.isEmpty { request.path = Array(full) }
      }
      requests.append(request)
      indices.append(index)
    }
    guard options.loop == .closed, !rows.edgeStart.isEmpty else { return requests }
    let records = requests.map(\.row.record)
    for (r, index) in indices.enumerated() {
      let edges = rows.edges[Int(rows.edgeStart[index])..<Int(rows.edgeStart[index + 1])]
      requests[r].edges = edges.map { edge in
        guard let parent = records.firstIndex(of: edge.parentRecord) else {
          preconditionFailure("an edge to a request that is not in the trace")
        }
        return TwinEdge(parent: parent, delay: edge.delay, trigger: edge.trigger)
      }
    }
    return requests
  }
}

extension SessionPath {
  /// With a gap behind it.
  fileprivate func adding(_ delay: SimTime, in gap: GapKind) -> SessionPath {
    var path = self
    switch gap {
    case .tool: path.tool += delay
    case .human: path.human += delay
    case .none: path.otherGap += delay
    }
    return path
  }
}

/// The closed loop: turns that become due, or never will.
extension NaiveTwin {
  /// Something that others wait for has happened to a request.
  mutating func fire(_ trigger: TurnEdge.Trigger, of parent: Int) {
    let way =
      trigger == .dispatch ? requests[parent].pathToArrival : requests[parent].pathToEnd
    for r in requests.indices where !requests[r].isOffered {
      for e in requests[r].edges.indices
      where requests[r].edges[e].parent == parent && requests[r].edges[e].trigger == trigger {
        let delay = requests[r].edges[e].delay
        requests[r].edges[e].end = now + delay
        requests[r].edges[e].path = way.adding(delay, in: requests[r].gap)
        firedEdges += 1
        requests[r].edges[e].place = firedEdges
        due[r] = requests[r].dueAt
      }
    }
  }

  mutating func offer(_ r: Int) {
    requests[r].offer(at: now)
    due[r] = .never
  }

  /// A request was rejected or failed: offers and cancels all that wait for its completion, and all
  /// that wait in any way for one of those.
  mutating func cancelDescendants(of parent: Int) {
    let isCancelled = requests[parent].row.outcome == .cancelled
    for r in requests.indices where !requests[r].isOffered {
      let waits = requests[r].edges.contains {
        $0.parent == parent && (isCancelled || $0.trigger == .completion)
      }
      guard waits else { continue }
      offer(r)
      end(r, .cancelled)
      retentionsNoticeEnd(of: r)
      census.count(.cancelledDescendant)
      cancelDescendants(of: r)
    }
  }

  /// The sessions of a closed loop that have started, and their requests that were not due.
  func endedSessions(at end: SimTime) -> (sessions: [SessionRecord], notDue: Int64) {
    guard options.loop == .closed else { return ([], 0) }
    var sessions: [SessionRecord] = []
    var notDue: Int64 = 0
    for session in Set(requests.map(\.row.session)).sorted() where session >= 0 {
      let members = requests.filter { $0.row.session == session }
      let offered = members.filter(\.isOffered)
      guard !offered.isEmpty else { continue }
      notDue += Int64(members.count - offered.count)
      sessions.append(record(of: session, members, offered.map(\.row), at: end))
    }
    return (sessions, notDue)
  }

  private func record(
    of session: Int32,
    _ members: [TwinRequest],
    _ offered: [RequestRecord],
    at end: SimTime
  ) -> SessionRecord {
    let isCut = offered.count < members.count || offered.contains { $0.outcome == .unfinished }
    let failure = [Outcome.failed, .rejected].first { worst in
      offered.contains { $0.outcome == worst }
    }
    // Up to the one that left last.
    let ended = members.filter { $0.isOffered && $0.row.outcome != .cancelled }
    let last = ended.max { $0.place < $1.place }
    return SessionRecord(
      session: session,
      start: offered[0].sessionStart,
      finish: isCut ? end : offered.map(\.finish).max() ?? end,
      requests: Int32(members.count),
      offered: Int32(offered.count),
      completed: Int32(offered.count { $0.outcome == .completed }),
      outcome: isCut ? .unfinished : failure ?? .completed,
      path: last?.pathToEnd ?? SessionPath(),
      promptTokens: offered.reduce(0) { $0 + Int64($1.promptTokens) },
      hitTokens: offered.reduce(0) { $0 + Int64(max(0, $1.hitTokens)) },
      outputTokens: offered.reduce(0) { $0 + Int64($1.emittedTokens) },
      retainedByteTime: retainedByteTime[session, default: 0]
    )
  }
}
