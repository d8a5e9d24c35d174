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
  /// Edges of the row at position `i`, counted over all groups, are those from `edgeStart[i]` up to
  /// `edgeStart[i + 1]`; empty in a trace without edges.
  private(set) var edgeStart = ContiguousArray<Int32>()
  /// The position of each edge's parent.
  private(set) var parent = ContiguousArray<Int32>()
  private let groups: [RowGroup]

  /// Checks the edges of some groups of a trace; `elsewhere` is the session of a record that they do
  /// not have, −1 for none and nil where the trace does not have it.
  ///
  /// - Throws: The first edge that names no other record of its session, or one twice, or that
  ///   closes a cycle.
  init(
    _ groups: [RowGroup],
    elsewhere: (Int64) -> Int32? = { _ in nil }
  ) throws(EdgeFault) {
    self.groups = groups
    rows = groups.reduce(0) { $0 + $1.count }
    let edges = groups.reduce(0) { $0 + $1.edges.count }
    guard rows < Int32.max, edges < Int32.max else {
      throw EdgeFault(row: 0, edge: 0, problem: "more than \(Int32.max) rows or edges")
    }
    if groups.contains(where: { !$0.session.isEmpty }) {
      session.reserveCapacity(rows)
      for group in groups {
        session.append(contentsOf: group.session)
        if group.session.isEmpty {
          session.append(contentsOf: repeatElement(-1, count: group.count))
        }
      }
    }
    guard edges > 0 else { return }
    edgeStart.reserveCapacity(rows + 1)
    edgeStart.append(0)
    parent.reserveCapacity(edges)
    for group in groups { try appendEdgeStarts(of: group) }
    let isAscending = try findParents(try positionsByRecord(), elsewhere)
    // Where every parent stands before its children there can be no cycle.
    if !isAscending { try expectNoCycle() }
  }

  private mutating func appendEdgeStarts(of group: RowGroup) throws(EdgeFault) {
    let first = edgeStart.last ?? 0
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
        edge: Int(first),
        problem: "parents in a column edgeStart that does not ascend from 0 to their number"
      )
    }
    edgeStart.append(contentsOf: group.edgeStart.dropFirst().lazy.map { first + $0 })
  }

  /// Returns whether every parent stands before its children.
  private mutating func findParents(
    _ positions: NumberTable,
    _ elsewhere: (Int64) -> Int32?
  ) throws(EdgeFault) -> Bool {
    var isAscending = true
    var row = 0
    for group in groups {
      let end = row + group.count
      var local = 0
      while row < end {
        let first = parent.count
        while parent.count < edgeStart[row + 1] {
          let edge = group.edges[local]
          local += 1
          guard let position = positions[edge.parentRecord] else {
            let place =
              elsewhere(edge.parentRecord).map(Self.belonging(to:)) ?? "the trace does not have"
            throw fault(row, edge, ", which \(place); expected \(expected(row))")
          }
          let named = Int(position)
          if named == row {
            throw fault(row, edge, ", which is itself; expected \(expected(row))")
          }
          if session.isEmpty || session[row] < 0 || session[row] != session[named] {
            let place = Self.belonging(to: session.isEmpty ? -1 : session[named])
            throw fault(row, edge, ", which \(place); expected \(expected(row))")
          }
          if edge.delay < 0 {
            throw fault(row, edge, " with a negative delay; expected one of at least 0")
          }
          isAscending = isAscending && named < row
          parent.append(position)
        }
        if parent.count > first + 1, let twice = firstTwice(in: first..<parent.count) {
          let edge = group.edges[local - parent.count + twice]
          throw EdgeFault(
            row: row,
            edge: twice,
            problem: "record \(edge.parentRecord) twice; name each parent once"
          )
        }
        row += 1
      }
    }
    return isAscending
  }

  /// The first edge whose parent an earlier one names too.
  private func firstTwice(in edges: Range<Int>) -> Int? {
    if edges.count <= 8 {
      return edges.first { edge in parent[edges.lowerBound..<edge].contains(parent[edge]) }
    }
    var seen: Set<Int32> = []
    return edges.first { !seen.insert(parent[$0]).inserted }
  }

  private func positionsByRecord() throws(EdgeFault) -> NumberTable {
    var isIdentity = true
    var row: Int64 = 0
    for group in groups {
      for record in group.record {
        isIdentity = isIdentity && record == row
        row += 1
      }
    }
    // Most traces come as their source numbers them.
    if isIdentity { return NumberTable(identityBelow: rows) }
    var positions = NumberTable(count: rows)
    var position = 0
    for group in groups {
      for record in group.record {
        guard positions.insert(record, Int32(position)) else {
          throw EdgeFault(
            row: position,
            edge: Int(edgeStart[position]),
            problem: "parents in a trace that has record \(record) twice; number its rows anew"
          )
        }
        position += 1
      }
    }
    return positions
  }
}

extension ParentTable {
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
    var names = members.prefix(8).map { String(record(of: $0)) }
    if members.count > names.count { names.append("…") }
    return EdgeFault(
      row: path.last ?? named,
      edge: edge,
      problem: "record \(record(of: named)), which waits for it in turn: "
        + "\(names.joined(separator: " waits for ")); expected no cycle"
    )
  }

  /// A fault of the edge whose parent is to be found next.
  private func fault(_ row: Int, _ edge: TurnEdge, _ problem: String) -> EdgeFault {
    EdgeFault(row: row, edge: parent.count, problem: "record \(edge.parentRecord)\(problem)")
  }

  private func record(of position: Int) -> Int64 {
    let (group, row) = groups.place(of: position)
    return group.record[row]
  }

  private func expected(_ row: Int) -> String {
    if session.isEmpty || session[row] < 0 { return "no parent, since the row has no session" }
    return "another record of session \(session[row])"
  }

  private static func belonging(to session: Int32) -> String {
    session < 0 ? "belongs to no session" : "belongs to session \(session)"
  }

  /// Checks a trace by its name, which errors call the file.
  init(_ groups: [RowGroup], of name: String) throws(TraceError) {
    do throws(EdgeFault) {
      try self.init(groups)
    } catch {
      let (group, row) = groups.place(of: error.row)
      let session = group.session.isEmpty ? -1 : group.session[row]
      let owner = session < 0 ? "of no session" : "of session \(session)"
      throw TraceError(
        .badData,
        file: name,
        problem: "record \(group.record[row]) \(owner) names \(error.problem)"
      )
    }
  }
}

extension [RowGroup] {
  /// The group that holds the row at a position, and its index there; for errors, being slow.
  fileprivate func place(of position: Int) -> (group: RowGroup, row: Int) {
    var row = position
    for group in self {
      if row < group.count { return (group, row) }
      row -= group.count
    }
    preconditionFailure("position \(position) is beyond the last row")
  }
}
