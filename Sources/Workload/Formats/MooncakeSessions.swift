/// The sessions of a Mooncake trace with `session_id` and `delay`, as AIPerf and Dynamo write them.
///
/// Source: github.com/ai-dynamo/aiperf, the mooncake_trace dataset: a delay is the wait before
/// sending a turn, counted from the completion of the session's turn before, the line above of the
/// same session; the first turn of a session is sent at its time stamp.
struct MooncakeSessions {
  private var numbers = SessionNumbers()
  private var turns = ContiguousArray<Turn>()
  /// Where the source does not say when sessions start.
  private let starts: EvenStarts?
  /// First turns, and requests of no session.
  private var startCount = 0

  /// The last turn of a session so far.
  private struct Turn {
    var record: Int64
    var arrival: Int64
    var number: Int32
  }

  /// Gives the rows that came before the first sign of sessions the columns of sessions.
  ///
  /// Their arrivals get back the origin that was subtracted, since a later line can be earlier.
  init(_ group: inout RowGroup, origin: Int64, starts: EvenStarts? = nil) {
    self.starts = starts
    let count = group.arrival.count
    for row in 0..<count { group.arrival[row] += origin }
    group.session = ContiguousArray(repeating: -1, count: count)
    group.turn = ContiguousArray(repeating: 0, count: count)
    group.edgeStart = ContiguousArray(repeating: 0, count: count + 1)
  }

  /// Appends a row's arrival, on the source's clock, session, turn and edge. Its time stamp, in
  /// nanoseconds, is nil where the line has none.
  mutating func append(
    _ fields: MooncakeFields,
    record: Int64,
    stamp: Int64?,
    _ line: Span<UInt8>,
    to group: inout RowGroup
  ) throws(Fault) {
    let session = try session(of: fields, line) ?? -1
    if session >= 0, session < turns.count {
      try appendLater(fields, record, stamp, session, to: &group)
    } else {
      var start = stamp
      if start == nil, let starts { start = try starts.start(of: startCount, at: 0) }
      guard let stamp = start else {
        throw Fault(
          at: line.count,
          "timestamp is missing; the first turn of every session, and a request of none, needs one"
        )
      }
      guard fields.delay == 0 else {
        throw Fault(
          at: fields.delayPosition,
          "delay is on a first turn, which is sent at its timestamp; expected none, or 0"
        )
      }
      startCount += 1
      if session >= 0 {
        turns.append(Turn(record: record, arrival: stamp, number: 0))
      }
      group.arrival.append(stamp)
      group.turn.append(0)
    }
    group.session.append(session)
    if group.edgeStart.isEmpty { group.edgeStart.append(0) }
    group.edgeStart.append(Int32(group.edges.count))
  }

  private mutating func appendLater(
    _ fields: MooncakeFields,
    _ record: Int64,
    _ stamp: Int64?,
    _ session: Int32,
    to group: inout RowGroup
  ) throws(Fault) {
    let before = turns[Int(session)]
    let (soonest, overflow) = before.arrival.addingReportingOverflow(fields.delay)
    if overflow || soonest == .max {
      throw Fault(at: fields.delayPosition, "delay ends more than 292 years after time 0")
    }
    if let stamp, stamp < before.arrival {
      throw Fault(
        at: fields.timestampPosition,
        "timestamp is earlier than the turn before of its session; write turns in order"
      )
    }
    let turn = Turn(
      record: record,
      arrival: stamp ?? soonest,
      number: before.number + 1
    )
    group.arrival.append(turn.arrival)
    group.turn.append(turn.number)
    group.edges.append(
      TurnEdge(parentRecord: before.record, delay: fields.delay, trigger: .completion)
    )
    turns[Int(session)] = turn
  }

  /// The number of a line's session; nil where it is of none.
  mutating func session(of fields: MooncakeFields, _ line: Span<UInt8>) throws(Fault) -> Int32? {
    guard fields.has(.sessionId) else { return nil }
    let id = fields.sessionId
    guard line.isASCII(id) || line.text(CSVField(range: id)) != nil else {
      throw Fault(at: id.lowerBound, "session_id \(line.quoted(id)) is not UTF-8 text")
    }
    let key = MooncakeKey.sessionId.rawValue
    return try numbers.number(of: CSVField(range: id), line, key).number
  }
}
