/// TraceLab's replay files: CSV, a line per round, with the tokens that are new in each.
///
/// A prompt is `prefix_len` + `input_len` tokens. The first of them, at most as many as the session's
/// context has after the round before, prompt and output, are that context's; the rest is new.
struct TraceLabReplayScanner: RecordScanner {
  var format: TraceFormat { .traceLab }
  var hasHeader: Bool { true }
  var order: LineOrder { .unsorted }
  private(set) var hasStartTimes = true

  private var columns = NamedColumns<Column>()
  private let options: ReadOptions
  private let starts: EvenStarts
  private var sessions = SessionNumbers()
  /// The last round of each session.
  private var rounds = ContiguousArray<Round>()
  private var contexts = GrowingContexts()
  private var origin = SortedOrigin()
  private var rows: Int64 = 0

  private enum Column: String, CaseIterable {
    case id
    case sessionId = "session_id"
    case arrivalTime = "arrival_time"
    case roundIndex = "round_idx"
    case prefixLength = "prefix_len"
    case inputLength = "input_len"
    case outputLength = "output_len"
    case toolWait = "tool_wait_after_ms"
  }

  private struct Round {
    var record: Int64
    var index: Int64
    /// What the session's lines say, which its later ones repeat.
    var start: SimTime
    var arrival: SimTime
    var toolWait: SimTime
    var context = GrowingContexts.Context()
  }

  /// One line, with the byte at which each value stands.
  private struct Line {
    var session = CSVField(range: 0..<0)
    var start: SimTime = 0
    var startPosition = 0
    var index: Int64 = 0
    var indexPosition = 0
    var prefix: Int64 = 0
    var input: Int64 = 0
    var inputPosition = 0
    var output: Int32 = 0
    var toolWait: SimTime = 0
  }

  init(_ options: ReadOptions) {
    self.options = options
    starts = EvenStarts(options)
  }

  var names: TraceNames {
    var names = TraceNames()
    names.blockTokens = contexts.isEmpty ? 0 : Int(GrowingContexts.blockTokens)
    return names
  }

  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {
    // The simulator calls the session `id`.
    try columns.scanHeader(
      line,
      required: [.roundIndex, .prefixLength, .inputLength, .outputLength, .toolWait]
    )
    guard columns.contains(.sessionId) != columns.contains(.id) else {
      throw Fault(at: line.count, "expected one of the columns session_id and id")
    }
    hasStartTimes = columns.contains(.arrivalTime)
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let fields = try fields(line)
    let prompt = fields.prefix + fields.input
    guard (1...Int64(Int32.max)).contains(prompt) else {
      throw Fault(
        at: fields.inputPosition,
        "prefix_len and input_len sum to \(prompt); expected a prompt of 1 to \(Int32.max) tokens"
      )
    }
    let session = try sessions.number(of: fields.session, line, Column.sessionId.rawValue)
    var round = Round(
      record: rows,
      index: fields.index,
      start: fields.start,
      arrival: fields.start,
      toolWait: fields.toolWait
    )
    var turn: Int32 = 0
    var context = GrowingContexts.Context()
    var gap = GapKind.none
    if session.isNew {
      if !hasStartTimes {
        round.arrival = try starts.start(of: Int(session.number), at: 0)
      }
    } else {
      let before = rounds[Int(session.number)]
      try expect(fields, toFollow: before)
      round.arrival = try before.arrival.later(by: before.toolWait, at: fields.indexPosition)
      context = before.context
      turn = context.rounds
      if before.toolWait > 0 { gap = .tool }
      group.edges.append(
        TurnEdge(parentRecord: before.record, delay: before.toolWait, trigger: .completion)
      )
    }
    round.context = try contexts.append(
      prompt: Int32(prompt),
      output: fields.output,
      sharing: fields.prefix,
      with: context,
      at: fields.inputPosition,
      to: &group
    )
    if session.isNew { rounds.append(round) } else { rounds[Int(session.number)] = round }
    group.arrival.append(round.arrival)
    group.promptTokens.append(Int32(prompt))
    group.outputTokens.append(fields.output)
    group.session.append(session.number)
    group.turn.append(turn)
    group.gapKind.append(gap)
    group.endEdges()
    rows += 1
  }

  private func fields(_ line: Span<UInt8>) throws(Fault) -> Line {
    var cursor = CSVCursor()
    var fields = Line()
    let count = 0...Int64(Int32.max)
    for column in columns.all {
      let field = try cursor.next(of: line, column.rawValue)
      let range = field.range
      // Asked for by errors alone.
      var name: String { column.rawValue }
      switch column {
      case .sessionId, .id: fields.session = field
      case .arrivalTime:
        fields.start = try line.time(range, name, in: .milliseconds, options)
        fields.startPosition = range.lowerBound
      case .roundIndex:
        fields.index = try line.whole(range, name, in: count)
        fields.indexPosition = range.lowerBound
      case .prefixLength: fields.prefix = try line.whole(range, name, in: count)
      case .inputLength:
        fields.input = try line.whole(range, name, in: count)
        fields.inputPosition = range.lowerBound
      case .outputLength: fields.output = try line.tokens(range, name)
      case .toolWait:
        fields.toolWait = try line.time(range, name, in: .milliseconds, options)
      }
    }
    try cursor.finish(line)
    return fields
  }

  private func expect(_ fields: Line, toFollow before: Round) throws(Fault) {
    guard fields.index > before.index else {
      throw Fault(
        at: fields.indexPosition,
        "round_idx is \(fields.index) behind round \(before.index) of its session; write rounds in "
          + "order"
      )
    }
    guard fields.start == before.start else {
      throw Fault(
        at: fields.startPosition,
        "arrival_time differs from that of the session's first round; expected when the session "
          + "starts, on all of its lines"
      )
    }
  }

  mutating func finish(_ group: inout RowGroup) {
    _ = origin.rebase(&group)
    contexts.finish(&group)
  }
}
