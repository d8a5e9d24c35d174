/// What is wrong with an edge, or with a row's edges as a whole.
struct EdgeFault: Error {
  /// Position of the row in the trace, and of the edge among all edges.
  var row: Int
  var edge: Int
  /// What the row names as its parent, and what was expected.
  var problem: String
}

/// The rows of a trace in memory by position, 0 being the first row of the first group, and the
/// positions of the rows that each waits for, checked.
struct ParentTable {
  let rows: Int
  /// Session as the trace numbers it, by position; −1 for none. Empty if no row has one.
  private(set) var session = ContiguousArray<Int32>()
  /// Edges of the row at position `i` are those from `edgeStart[i]` up to `edgeStart[i + 1]`; empty
  /// in a trace without edges.
  private(set) var edgeStart = ContiguousArray<Int32>()
  private(set) var edges = ContiguousArray<TurnEdge>()
  /// The position of each edge's parent.
  private(set) var parent = ContiguousArray<Int32>()
  private var record = ContiguousArray<Int64>()

  /// - Throws: The first edge that names no other record of its session, or one twice, or that
  ///   closes a cycle.
  init(_ groups: [RowGroup]) throws(EdgeFault) {
    rows = groups.reduce(0) { $0 + $1.count }
    let edgeCount = groups.reduce(0) { $0 + $1.edges.count }
    guard rows < Int32.max, edgeCount < Int32.max else {
      throw EdgeFault(row: 0, edge: 0, problem: "more than \(Int32.max) rows or edges")
    }
    if groups.contains(where: { !$0.session.isEmpty }) {
      session = groups.joined(\.session, absent: -1)
    }
    guard edgeCount > 0 else { return }
    record = groups.joined(\.record, absent: 0)
    edgeStart.reserveCapacity(rows + 1)
    edgeStart.append(0)
    for group in groups { try append(group) }
    try findParents()
  }

  private mutating func append(_ group: RowGroup) throws(EdgeFault) {
    let first = Int32(edges.count)
    if group.edgeStart.isEmpty {
      edgeStart.append(contentsOf: repeatElement(first, count: group.count))
      return
    }
    let isSound =
      group.edgeStart.count == group.count + 1 && group.edgeStart.first == 0
      && group.edgeStart.last.map(Int.init) == group.edges.count
      && zip(group.edgeStart, group.edgeStart.dropFirst()).allSatisfy { $0 <= $1 }
    guard isSound else {
      throw EdgeFault(
        row: edgeStart.count - 1,
        edge: edges.count,
        problem: "edges in a column edgeStart that does not ascend from 0 to their number"
      )
    }
    for end in group.edgeStart.dropFirst() { edgeStart.append(first + end) }
    edges.append(contentsOf: group.edges)
  }

  private mutating func findParents() throws(EdgeFault) {
    let positions = try positionsByRecord()
    // The row that named this one as its parent last.
    var namedBy = ContiguousArray<Int32>(repeating: -1, count: rows)
    var isAscending = true
    parent.reserveCapacity(edges.count)
    for row in 0..<rows {
      for edge in Int(edgeStart[row])..<Int(edgeStart[row + 1]) {
        guard let position = positions[edges[edge].parentRecord] else {
          throw fault(row, edge, "which the trace does not have; expected \(expected(row))")
        }
        let named = Int(position)
        if named == row { throw fault(row, edge, "which is itself; expected \(expected(row))") }
        if session.isEmpty || session[row] < 0 || session[row] != session[named] {
          throw fault(row, edge, "which \(inSession(named)); expected \(expected(row))")
        }
        if namedBy[named] == row { throw fault(row, edge, "twice; name each parent once") }
        if edges[edge].delay < 0 {
          throw fault(row, edge, "with a negative delay; expected one of at least 0")
        }
        namedBy[named] = Int32(row)
        isAscending = isAscending && named < row
        parent.append(position)
      }
    }
    // Where every parent stands before its children there can be no cycle.
    if !isAscending { try expectNoCycle() }
  }

  private func positionsByRecord() throws(EdgeFault) -> NumberTable {
    var positions = NumberTable(count: rows)
    for row in 0..<rows where !positions.insert(record[row], Int32(row)) {
      throw EdgeFault(
        row: row,
        edge: Int(edgeStart[row]),
        problem: "parents in a trace that has record \(record[row]) twice; number its rows anew"
      )
    }
    return positions
  }

  /// Walks from every row to its parents, depth first; `path` are the rows from the start to here.
  private func expectNoCycle() throws(EdgeFault) {
    enum Mark: UInt8 { case new, onPath, done }
    var marks = ContiguousArray(repeating: Mark.new, count: rows)
    var path: [Int] = []
    // The next edge to follow, by row.
    var next = edgeStart
    for start in 0..<rows where marks[start] == .new {
      path.append(start)
      while let row = path.last {
        marks[row] = .onPath
        let edge = Int(next[row])
        guard edge < Int(edgeStart[row + 1]) else {
          marks[row] = .done
          path.removeLast()
          continue
        }
        next[row] += 1
        let named = Int(parent[edge])
        switch marks[named] {
        case .new: path.append(named)
        case .done: break
        case .onPath: throw cycle(path, from: named, edge)
        }
      }
    }
  }

  private func cycle(_ path: [Int], from named: Int, _ edge: Int) -> EdgeFault {
    let members = path[(path.firstIndex(of: named) ?? 0)...]
    var names = members.prefix(8).map { String(record[$0]) }
    if members.count > names.count { names.append("…") }
    return fault(
      path.last ?? named,
      edge,
      "which waits for it in turn: \(names.joined(separator: " waits for ")); expected no cycle"
    )
  }

  private func fault(_ row: Int, _ edge: Int, _ problem: String) -> EdgeFault {
    let named = "record \(edges[edge].parentRecord)"
    let comma = problem.hasPrefix("which") ? "," : ""
    return EdgeFault(row: row, edge: edge, problem: "\(named)\(comma) \(problem)")
  }

  private func expected(_ row: Int) -> String {
    if session.isEmpty || session[row] < 0 { return "no parent, since the row has no session" }
    return "another record of session \(session[row])"
  }

  private func inSession(_ row: Int) -> String {
    if session.isEmpty || session[row] < 0 { return "belongs to no session" }
    return "belongs to session \(session[row])"
  }
}

extension ParentTable {
  /// Checks a trace by its name, which errors call the file.
  init(_ groups: [RowGroup], of name: String) throws(TraceError) {
    do throws(EdgeFault) {
      try self.init(groups)
    } catch {
      throw TraceError(.badData, file: name, problem: error.located(in: groups))
    }
  }
}

extension EdgeFault {
  /// The problem behind the record and session of the row.
  fileprivate func located(in groups: [RowGroup]) -> String {
    var row = row
    for group in groups {
      guard row >= group.count else {
        let session = group.session.isEmpty ? -1 : group.session[row]
        let place = session < 0 ? "of no session" : "of session \(session)"
        return "record \(group.record[row]) \(place) names \(problem)"
      }
      row -= group.count
    }
    return problem
  }
}
