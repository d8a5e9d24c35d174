/// The sessions of a BLIS trace: rounds, each waiting for the one before it.
struct BLISSessions {
  private var numbers = SessionNumbers()
  private var rounds = ContiguousArray<Round>()

  /// The last round of a session.
  private struct Round {
    /// −1 where all rounds so far were left out.
    var record: Int64
    var index: Int64
    var turn: Int32
    var arrival: SimTime
    var finish: SimTime
    /// Think times of rounds left out since.
    var pause: SimTime = 0
  }

  /// Appends session, turn, gap and the edge to the session's round before.
  mutating func append(
    _ fields: BLISFields,
    record: Int64,
    _ line: Span<UInt8>,
    hasThinkTimes: Bool,
    to group: inout RowGroup
  ) throws(Fault) {
    var turn: Int32 = 0
    var gap = GapKind.none
    if let id = fields.session {
      let session = try take(id, fields, line)
      let before = rounds[session]
      if before.record >= 0 {
        turn = before.turn + 1
        let edge =
          hasThinkTimes
          ? TurnEdge(
            parentRecord: before.record,
            delay: try before.pause.later(by: fields.thinkTime, at: fields.thinkTimePosition),
            trigger: .completion
          )
          : Self.recorded(from: before, to: fields)
        if edge.delay > 0 { gap = .human }
        group.edges.append(edge)
      }
      rounds[session] = Round(
        record: record,
        index: fields.round,
        turn: turn,
        arrival: fields.arrival,
        finish: fields.finish
      )
      group.session.append(Int32(session))
    } else {
      group.session.append(-1)
    }
    group.turn.append(turn)
    group.gapKind.append(gap)
    group.endEdges()
  }

  /// Passes over a round that is left out: the next one waits for the round before, and longer.
  mutating func drop(_ fields: BLISFields, _ line: Span<UInt8>) throws(Fault) {
    guard let id = fields.session else { return }
    let session = try take(id, fields, line)
    rounds[session].index = fields.round
    rounds[session].pause = try rounds[session].pause.later(
      by: fields.thinkTime,
      at: fields.thinkTimePosition
    )
  }

  /// The index of a round's session, checked to be at an earlier round.
  private mutating func take(
    _ id: CSVField,
    _ fields: BLISFields,
    _ line: Span<UInt8>
  ) throws(Fault) -> Int {
    let session = try numbers.number(of: id, line, BLISColumn.sessionId.rawValue)
    let index = Int(session.number)
    if session.isNew {
      rounds.append(Round(record: -1, index: -1, turn: 0, arrival: fields.arrival, finish: 0))
    }
    guard fields.round > rounds[index].index else {
      throw Fault(
        at: fields.roundPosition,
        "round_index is \(fields.round) behind round \(rounds[index].index) of its session; write "
          + "rounds in order"
      )
    }
    guard fields.arrival >= rounds[index].arrival else {
      throw Fault(
        at: fields.roundPosition,
        "the round arrives earlier than the one before of its session; write rounds in order"
      )
    }
    return index
  }

  /// The edge where a file has no think times: behind the recorded response, or, where that is not
  /// known or had not come, behind the request.
  private static func recorded(from before: Round, to fields: BLISFields) -> TurnEdge {
    if before.finish >= before.arrival, before.finish > 0, before.finish <= fields.arrival {
      return TurnEdge(
        parentRecord: before.record,
        delay: fields.arrival - before.finish,
        trigger: .completion
      )
    }
    return TurnEdge(
      parentRecord: before.record,
      delay: fields.arrival - before.arrival,
      trigger: .dispatch
    )
  }
}

/// The prompts' starts that the requests of a group share, in full blocks.
struct BLISPrefixes {
  private var groups = SessionNumbers()
  /// The longest prefix of each group so far.
  private var paths = ContiguousArray<PrefixChains.Path>()
  private var chains = PrefixChains()

  var isEmpty: Bool { chains.isEmpty }

  /// Appends a row's prefix columns.
  mutating func append(
    _ fields: BLISFields,
    _ line: Span<UInt8>,
    to group: inout RowGroup
  ) throws(Fault) {
    guard let name = fields.prefixGroup else {
      chains.append(PrefixChains.Path(), to: &group)
      return
    }
    let (number, isNew) = try groups.number(of: name, line, BLISColumn.prefixGroup.rawValue)
    if isNew { paths.append(PrefixChains.Path()) }
    let blocks =
      Int32(min(fields.prefixLength, Int64(fields.promptTokens))) / BLISScanner.blockTokens
    let path = try chains.path(
      blocks,
      keeping: blocks,
      of: paths[Int(number)],
      at: fields.prefixPosition
    )
    if path.blocks > paths[Int(number)].blocks { paths[Int(number)] = path }
    chains.append(path, to: &group)
  }

  mutating func finish(_ group: inout RowGroup) { chains.finish(&group) }
}
