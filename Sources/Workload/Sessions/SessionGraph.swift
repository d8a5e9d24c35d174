/// A turn that waits for another, seen from the one it waits for.
public struct ChildTurn: Sendable, Equatable {
  /// Nanoseconds between the trigger and the moment the edge has fired, at least 0.
  public var delay: SimTime
  /// The waiting row's position in the trace.
  public var child: Int32
  public var trigger: TurnEdge.Trigger
}

/// Which rows of a trace in memory wait for which, and what session each is of.
///
/// A row is known by its position in the trace, 0 being the first row of the first group. Sessions
/// are numbered anew, from 0, in the order of their first rows; a row that the trace gives no session
/// is one by itself. So a session's number never depends on how large the trace's own are.
public struct SessionGraph: Sendable {
  public let trace: InMemoryTrace
  /// Session by position.
  public private(set) var session = ContiguousArray<Int32>()
  /// Earliest recorded arrival of each session's rows; ascending.
  public private(set) var sessionStart = ContiguousArray<SimTime>()
  /// Rows of each session.
  public private(set) var sessionRows = ContiguousArray<Int32>()
  /// How many rows each row waits for, by position.
  public private(set) var parentCount = ContiguousArray<Int32>()
  /// The children of the row at position `i` are `children[childStart[i] ..< childStart[i + 1]]`, by
  /// position.
  public private(set) var children = ContiguousArray<ChildTurn>()
  public private(set) var childStart = ContiguousArray<Int32>()
  @usableFromInline private(set) var groups = ContiguousArray<Int32>()
  @usableFromInline private(set) var rows = ContiguousArray<Int32>()

  /// The graph of no rows.
  public init() {
    trace = InMemoryTrace(name: "", groups: [])
    childStart = [0]
  }

  /// Builds the graph in time proportional to rows and edges.
  ///
  /// - Throws: `badData` for an edge to a record that the trace does not have, that is of another
  ///   session, the row's own or named twice, and for edges that form a cycle.
  public init(_ trace: InMemoryTrace) throws(TraceError) {
    self.trace = trace
    let parents = try ParentTable(trace.groups, of: trace.name)
    locateRows(parents.rows)
    numberSessions(parents)
    linkChildren(parents)
  }

  /// Rows of the trace.
  public var count: Int { session.count }

  public var sessionCount: Int { sessionStart.count }

  /// The row group that holds the row at a position.
  @inlinable
  public func group(of position: Int) -> Int { Int(groups[position]) }

  /// The row's index in its group.
  @inlinable
  public func row(of position: Int) -> Int { Int(rows[position]) }

  /// The row's session as the trace numbers it; −1 where it gives none.
  public func recordedSession(of position: Int) -> Int32 {
    let column = trace.groups[group(of: position)].session
    return column.isEmpty ? -1 : column[row(of: position)]
  }

  /// The rows that wait for the row at a position.
  @inlinable
  public func children(of position: Int) -> ContiguousArray<ChildTurn>.SubSequence {
    children[Int(childStart[position])..<Int(childStart[position + 1])]
  }
}

extension SessionGraph {
  private mutating func locateRows(_ count: Int) {
    groups.reserveCapacity(count)
    rows.reserveCapacity(count)
    for (index, group) in trace.groups.enumerated() {
      groups.append(contentsOf: repeatElement(Int32(index), count: group.count))
      rows.append(contentsOf: 0..<Int32(group.count))
    }
  }

  private mutating func numberSessions(_ parents: ParentTable) {
    guard !parents.session.isEmpty else {
      session = ContiguousArray(0..<Int32(parents.rows))
      sessionStart.reserveCapacity(parents.rows)
      for group in trace.groups { sessionStart.append(contentsOf: group.arrival) }
      sessionRows = ContiguousArray(repeating: 1, count: parents.rows)
      return
    }
    let largest = parents.session.max() ?? -1
    var numbers = NumberTable(count: parents.rows, largest: Int64(largest))
    session.reserveCapacity(parents.rows)
    for group in trace.groups {
      for row in 0..<group.count {
        let recorded = parents.session[session.count]
        if recorded >= 0, let number = numbers[Int64(recorded)] {
          session.append(number)
          sessionRows[Int(number)] += 1
        } else {
          let number = Int32(sessionStart.count)
          if recorded >= 0 { _ = numbers.insert(Int64(recorded), number) }
          session.append(number)
          sessionStart.append(group.arrival[row])
          sessionRows.append(1)
        }
      }
    }
  }

  /// Turns lists of parents by child into lists of children by parent.
  private mutating func linkChildren(_ parents: ParentTable) {
    parentCount = ContiguousArray(repeating: 0, count: parents.rows)
    guard !parents.parent.isEmpty else {
      childStart = ContiguousArray(repeating: 0, count: parents.rows + 1)
      return
    }
    // Where the next child of the row at `i` goes stands at `i + 1`: when all have gone, that is
    // where the children of `i + 1` start.
    var place = ContiguousArray<Int32>(repeating: 0, count: parents.rows + 2)
    for parent in parents.parent { place[Int(parent) + 2] += 1 }
    for position in 2..<place.count { place[position] += place[position - 1] }
    let none = ChildTurn(delay: 0, child: -1, trigger: .completion)
    var linked = ContiguousArray(repeating: none, count: parents.parent.count)
    var child = 0
    var edge = 0
    for group in trace.groups {
      let end = child + group.count
      let firstEdge = edge
      while child < end {
        parentCount[child] = parents.edgeStart[child + 1] - Int32(edge)
        while edge < parents.edgeStart[child + 1] {
          let turn = group.edges[edge - firstEdge]
          let parent = Int(parents.parent[edge]) + 1
          linked[Int(place[parent])] = ChildTurn(
            delay: turn.delay,
            child: Int32(child),
            trigger: turn.trigger
          )
          place[parent] += 1
          edge += 1
        }
        child += 1
      }
    }
    place.removeLast()
    childStart = place
    children = linked
  }
}
