/// What the sessions of a trace look like, and what its turns wait for.
public struct SessionProfile: Sendable, Equatable {
  /// Sessions with at least one request.
  public var sessions: Int64
  /// Requests of no session.
  public var loneRows: Int64
  /// Requests per session.
  public var turns: Distribution
  /// From a request's arrival to that of the next of its session, in nanoseconds; quantiles within
  /// 0.4 % of the exact ones.
  public var gaps: Distribution?
  /// Rows whose gap was spent on a tool, or on a person.
  public var toolGaps: Int64
  public var humanGaps: Int64
  /// Waits of a turn for another.
  public var edges: Int64
  /// Edges that fire when the parent is sent, not when it completes.
  public var dispatchEdges: Int64
  /// The most turns that one turn waits for.
  public var mostParents: Int
  /// Delays of edges, in nanoseconds; quantiles as those of gaps.
  public var delays: Distribution?
}

/// What a session profile needs, in memory for the sessions.
struct SessionSums {
  private var indices = NumberedValues<Int>()
  private var sessions = ContiguousArray<Session>()
  private var loneRows: Int64 = 0
  private var gaps = TimeHistogram()
  private var toolGaps: Int64 = 0
  private var humanGaps: Int64 = 0
  private var dispatchEdges: Int64 = 0
  private var mostParents: Int32 = 0
  private var delays = TimeHistogram()

  private struct Session {
    var turns: Int64
    var last: SimTime
  }

  mutating func add(_ group: borrowing RowGroup) {
    if group.session.isEmpty { loneRows += Int64(group.count) }
    for row in group.session.indices {
      let (number, arrival) = (group.session[row], group.arrival[row])
      guard number >= 0 else {
        loneRows += 1
        continue
      }
      if let index = indices[number] {
        gaps.add(arrival - sessions[index].last)
        sessions[index].turns += 1
        sessions[index].last = arrival
      } else {
        indices.insert(number, sessions.count)
        sessions.append(Session(turns: 1, last: arrival))
      }
    }
    for row in group.gapKind.indices {
      switch group.gapKind[row] {
      case .none: break
      case .tool: toolGaps += 1
      case .human: humanGaps += 1
      }
    }
    for row in group.edgeStart.indices.dropFirst() {
      mostParents = max(mostParents, group.edgeStart[row] - group.edgeStart[row - 1])
    }
    for index in group.edges.indices {
      let edge = group.edges[index]
      if edge.trigger == .dispatch { dispatchEdges += 1 }
      delays.add(edge.delay)
    }
  }

  /// nil in a trace without sessions.
  var profile: SessionProfile? {
    var turns = CountHistogram()
    for session in sessions { turns.add(session.turns) }
    guard let distribution = turns.distribution else { return nil }
    return SessionProfile(
      sessions: Int64(sessions.count),
      loneRows: loneRows,
      turns: distribution,
      gaps: gaps.distribution,
      toolGaps: toolGaps,
      humanGaps: humanGaps,
      edges: delays.count,
      dispatchEdges: dispatchEdges,
      mostParents: Int(mostParents),
      delays: delays.distribution
    )
  }
}
