/// What the columns `parents` and `delay_seconds` say: edges as they are read, and where each stands.
struct CSVEdges {
  private var sources = ContiguousArray<Source>()
  private var record: Int64 = 0
  private let options: ReadOptions
  /// The edges of the row at hand, and where each stands.
  private var edges: [(edge: TurnEdge, column: CSVColumn, position: Int)] = []

  /// Where an edge was read; those of a record stand together, in the order of its edges.
  private struct Source {
    var record: Int64
    var position: Int32
    var column: CSVColumn
  }

  init(_ options: ReadOptions) { self.options = options }

  /// The parent of a delay, until the rows of the session are known.
  private static let turnBefore: Int64 = -1

  /// Reads `RECORD[:DELAY_SECONDS[:TRIGGER]]`, any number of them, separated by semicolons.
  mutating func takeParents(_ range: Range<Int>, _ line: Span<UInt8>) throws(Fault) {
    if range.isEmpty { return }
    var start = range.lowerBound
    while start <= range.upperBound {
      let end = line.firstIndex(of: UInt8(ascii: ";"), in: start..<range.upperBound)
      edges.append((try parent(start..<end, line), .parents, start))
      start = end + 1
    }
  }

  private func parent(
    _ range: Range<Int>,
    _ line: Span<UInt8>
  ) throws(Fault) -> TurnEdge {
    let recordEnd = line.firstIndex(of: UInt8(ascii: ":"), in: range)
    guard
      let record = recordEnd > range.lowerBound ? line.digits(range.lowerBound..<recordEnd) : nil
    else { throw Self.notAParent(range, line) }
    var edge = TurnEdge(parentRecord: record, delay: 0, trigger: .completion)
    guard recordEnd < range.upperBound else { return edge }
    let rest = recordEnd + 1..<range.upperBound
    let delayEnd = line.firstIndex(of: UInt8(ascii: ":"), in: rest)
    edge.delay = try line.seconds(rest.lowerBound..<delayEnd, "a delay in parents", options)
    guard delayEnd < range.upperBound else { return edge }
    let name = delayEnd + 1..<range.upperBound
    if line.spells("dispatch", name) {
      edge.trigger = .dispatch
    } else if !line.spells("completion", name) {
      throw Self.notAParent(range, line)
    }
    return edge
  }

  private static func notAParent(_ range: Range<Int>, _ line: Span<UInt8>) -> Fault {
    Fault(
      at: range.lowerBound,
      "parents holds \(line.quoted(range)); expected RECORD[:DELAY_SECONDS[:completion|dispatch]], "
        + "separated by ';', RECORD being a row's number in the file, from 0"
    )
  }

  mutating func takeDelay(_ range: Range<Int>, _ line: Span<UInt8>) throws(Fault) {
    if range.isEmpty { return }
    let delay = try line.seconds(range, CSVColumn.delay.rawValue, options)
    let edge = TurnEdge(parentRecord: Self.turnBefore, delay: delay, trigger: .completion)
    edges.append((edge, .delay, range.lowerBound))
  }

  /// Gives the row at hand, which is the group's next, its edges.
  mutating func endRow(session: Int32, in group: inout RowGroup) throws(Fault) {
    if let delay = edges.first(where: { $0.column == .delay }) {
      guard edges.count == 1 else {
        throw Fault(
          at: delay.position,
          "delay_seconds stands beside parents; expected one of them: a parent can have a delay"
        )
      }
      guard session >= 0 else {
        throw Fault(
          at: delay.position,
          "delay_seconds is on a row of no session; expected a session and an earlier turn of it"
        )
      }
    }
    if group.edgeStart.isEmpty { group.edgeStart.append(0) }
    for (edge, column, position) in edges {
      group.edges.append(edge)
      sources.append(Source(record: record, position: Int32(position), column: column))
    }
    guard let end = Int32(exactly: group.edges.count) else {
      throw Fault(at: 0, "a group of rows has more than \(Int32.max) edges")
    }
    group.edgeStart.append(end)
    edges.removeAll(keepingCapacity: true)
    record += 1
  }

  /// Completes and checks the edges of whole sessions.
  func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault) {
    try linkTurns(&group)
    do throws(EdgeFault) {
      _ = try ParentTable([group], elsewhere: elsewhere)
    } catch {
      let source = source(of: error.edge, at: error.row, in: group)
      throw RecordFault(
        record: group.record[error.row],
        fault: Fault(
          at: Int(source.position),
          "\(source.column.rawValue) names \(error.problem)"
        )
      )
    }
  }

  private func source(of edge: Int, at row: Int, in group: borrowing RowGroup) -> Source {
    let record = group.record[row]
    var (low, high) = (0, sources.count)
    while low < high {
      let middle = (low + high) / 2
      if sources[middle].record < record { low = middle + 1 } else { high = middle }
    }
    return sources[low + edge - Int(group.edgeStart[row])]
  }

  /// Finds the turn before each row that has a delay.
  private func linkTurns(_ group: inout RowGroup) throws(RecordFault) {
    guard group.edges.contains(where: { $0.parentRecord == Self.turnBefore }) else { return }
    let (session, turn) = (group.session, group.turn)
    let rows = ContiguousArray(0..<group.count).filter { session[$0] >= 0 }
      .sorted { (session[$0], turn[$0], $0) < (session[$1], turn[$1], $1) }
    // The rows of this turn start at `first`; those of the turn before it are `before`.
    var first = 0
    var before = 0..<0
    for (index, row) in rows.enumerated() {
      if session[rows[first]] != session[row] {
        before = index..<index
        first = index
      } else if turn[rows[first]] != turn[row] {
        before = first..<index
        first = index
      }
      let edge = Int(group.edgeStart[row])
      guard edge < Int(group.edgeStart[row + 1]),
        group.edges[edge].parentRecord == Self.turnBefore
      else { continue }
      guard before.count == 1, let parent = before.first else {
        let problem =
          before.isEmpty
          ? "is on the first turn of session \(session[row]); expected nothing, since no turn is before"
          : "follows turn \(turn[rows[before.lowerBound]]) of session \(session[row]), which is on "
            + "\(before.count) rows; expected one row, or parents instead of a delay"
        throw RecordFault(
          record: group.record[row],
          fault: Fault(
            at: Int(source(of: edge, at: row, in: group).position),
            "delay_seconds \(problem)"
          )
        )
      }
      group.edges[edge].parentRecord = group.record[rows[parent]]
    }
  }
}

extension Span<UInt8> {
  /// The first place of a byte in a range, or the range's end.
  fileprivate func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int {
    var position = range.lowerBound
    while position < range.upperBound, self[position] != byte { position += 1 }
    return position
  }
}
