/// What the columns `parents` and `delay_seconds` say, row by row, until the whole file is known.
struct CSVEdges {
  private var edges = ContiguousArray<TurnEdge>()
  private var edgeStart: ContiguousArray<Int32> = [0]
  private var sources = ContiguousArray<Source>()
  /// The delay of the row at hand, and where it stands.
  private var delay: (value: SimTime, position: Int)?

  /// Where an edge was read.
  private struct Source {
    var position: Int32
    var column: CSVColumn
  }

  /// Reads `RECORD[:DELAY_SECONDS[:TRIGGER]]`, any number of them, separated by semicolons.
  mutating func takeParents(_ range: Range<Int>, _ line: Span<UInt8>) throws(Fault) {
    if range.isEmpty { return }
    var start = range.lowerBound
    while start <= range.upperBound {
      let end = line.firstIndex(of: UInt8(ascii: ";"), in: start..<range.upperBound)
      append(try Self.parent(start..<end, line), .parents, at: start)
      start = end + 1
    }
  }

  private static func parent(
    _ range: Range<Int>,
    _ line: Span<UInt8>
  ) throws(Fault) -> TurnEdge {
    let recordEnd = line.firstIndex(of: UInt8(ascii: ":"), in: range)
    guard
      let record = recordEnd > range.lowerBound ? line.digits(range.lowerBound..<recordEnd) : nil
    else { throw notAParent(range, line) }
    var edge = TurnEdge(parentRecord: record, delay: 0, trigger: .completion)
    guard recordEnd < range.upperBound else { return edge }
    let rest = recordEnd + 1..<range.upperBound
    let delayEnd = line.firstIndex(of: UInt8(ascii: ":"), in: rest)
    edge.delay = try line.seconds(rest.lowerBound..<delayEnd, "a delay in parents")
    guard delayEnd < range.upperBound else { return edge }
    let name = delayEnd + 1..<range.upperBound
    if line.spells("dispatch", name) {
      edge.trigger = .dispatch
    } else if !line.spells("completion", name) {
      throw notAParent(range, line)
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
    delay = (try line.seconds(range, CSVColumn.delay.rawValue), range.lowerBound)
  }

  /// Completes the row at hand.
  mutating func endRow(session: Int32) throws(Fault) {
    if let delay {
      guard edgeStart.last.map(Int.init) == edges.count else {
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
      let toTurnBefore = TurnEdge(parentRecord: -1, delay: delay.value, trigger: .completion)
      append(toTurnBefore, .delay, at: delay.position)
      self.delay = nil
    }
    guard let end = Int32(exactly: edges.count) else {
      throw Fault(at: 0, "trace has more than \(Int32.max) edges")
    }
    edgeStart.append(end)
  }

  private mutating func append(_ edge: TurnEdge, _ column: CSVColumn, at position: Int) {
    edges.append(edge)
    sources.append(Source(position: Int32(position), column: column))
  }

  /// Gives the edges to all rows of the file, and checks them.
  func link(_ group: inout RowGroup) throws(RecordFault) {
    group.edges = edges
    group.edgeStart = edgeStart
    try linkTurns(&group)
    do throws(EdgeFault) {
      _ = try ParentTable([group])
    } catch {
      let source = sources[error.edge]
      throw RecordFault(
        record: group.record[error.row],
        fault: Fault(
          at: Int(source.position),
          "\(source.column.rawValue) names \(error.problem)"
        )
      )
    }
  }

  /// Finds the turn before each row that has a delay.
  private func linkTurns(_ group: inout RowGroup) throws(RecordFault) {
    guard sources.contains(where: { $0.column == .delay }) else { return }
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
      let edge = Int(edgeStart[row])
      guard edge < Int(edgeStart[row + 1]), sources[edge].column == .delay else { continue }
      guard before.count == 1, let parent = before.first else {
        let problem =
          before.isEmpty
          ? "is on the first turn of session \(session[row]); expected nothing, since no turn is before"
          : "follows turn \(turn[rows[before.lowerBound]]) of session \(session[row]), which is on "
            + "\(before.count) rows; expected one row, or parents instead of a delay"
        throw RecordFault(
          record: group.record[row],
          fault: Fault(at: Int(sources[edge].position), "delay_seconds \(problem)")
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
