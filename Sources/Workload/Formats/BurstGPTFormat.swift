extension TraceFormat {
  /// BurstGPT's traces of a campus gateway, in all of their headers.
  ///
  /// Source: github.com/HPMLL/BurstGPT, data; AIPerf reads files of three of the columns. How rows
  /// of one session depend on each other is described in `traces/README.md`.
  public static let burstGPT = TraceFormat(
    name: "burstgpt",
    summary: "BurstGPT traces, CSV with seconds, token counts, models and sessions.",
    example: """
      Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
      19440110.0,1722ac82-0a46,43,GPT-4,906,446,1352,Conversation log
      19440161.0,,2,ChatGPT,36,29,65,API log
      19440192.5,1722ac82-0a46,8,GPT-4,1779,123,1902,Conversation log
      19440254,1722ac82-0a46,3,GPT-4,935,178,1113,Conversation log

      """,
    matches: { line in
      !line.contains("{") && (line.contains("Request tokens") || line.contains("Response tokens"))
    },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, BurstGPTScanner(options), options)
    }
  )
}

private enum BurstGPTColumn: String, CaseIterable {
  case timestamp = "Timestamp"
  case sessionId = "Session ID"
  case elapsedTime = "Elapsed time"
  case model = "Model"
  case requestTokens = "Request tokens"
  case responseTokens = "Response tokens"
  case totalTokens = "Total tokens"
  case logType = "Log Type"
}

private struct BurstGPTScanner: RecordScanner {
  var format: TraceFormat { .burstGPT }
  var hasHeader: Bool { true }
  var failures: FailureCount? { failed.count }

  private var columns = NamedColumns<BurstGPTColumn>()
  private let options: ReadOptions
  private var failed: FailureRule
  private var clock = ArrivalClock()
  private var models = NameColumn()
  private var logs = NameColumn()
  private var sessions = SessionNumbers()
  /// The last row of each session.
  private var turns = ContiguousArray<Turn>()
  /// Rows so far.
  private var rows: Int64 = 0

  /// Classes by the log type that stands for them.
  private static let classes = ["Conversation log": "chat", "API log": "api"]

  private struct Turn {
    var record: Int64
    var number: Int32
    /// On the source's clock.
    var arrival: SimTime
    /// When the response was complete; nil where the source does not say.
    var finish: SimTime?
  }

  /// One line, with the byte at which each value stands.
  private struct Line {
    var time: SimTime = 0
    var timePosition = 0
    var session: CSVField?
    var elapsed: SimTime?
    var elapsedPosition = 0
    var model: CSVField?
    var log: CSVField?
    var prompt: Int64 = 0
    var output: Int64 = 0
    var outputPosition = 0
    var total: (tokens: Int64, position: Int)?
  }

  init(_ options: ReadOptions) {
    self.options = options
    failed = FailureRule(options)
  }

  var names: TraceNames {
    var names = TraceNames()
    names.classes = logs.names.compactMap { Self.classes[$0] }
    names.models = models.names
    return names
  }

  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {
    try columns.scanHeader(line, required: [.timestamp, .requestTokens, .responseTokens])
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let fields = try fields(line)
    if fields.prompt == 0 || fields.output == 0 {
      let isKept = try failed.keeps(
        at: fields.outputPosition,
        "the request has \(fields.prompt) prompt and \(fields.output) output tokens"
      )
      if !isKept { return }
    }
    let arrival = try clock.arrival(fields.time, at: fields.timePosition)
    if let model = fields.model { group.model.append(try models.index(line, model)) }
    if let log = fields.log { group.requestClass.append(try requestClass(line, log)) }
    if columns.contains(.sessionId) { try appendTurn(fields, line, to: &group) }
    group.arrival.append(arrival)
    group.promptTokens.append(Int32(max(1, fields.prompt)))
    group.outputTokens.append(Int32(max(1, fields.output)))
    rows += 1
  }

  private func fields(_ line: Span<UInt8>) throws(Fault) -> Line {
    var cursor = CSVCursor()
    var fields = Line()
    let tokens = 0...Int64(Int32.max)
    for column in columns.all {
      let field = try cursor.next(of: line, column.rawValue)
      let range = field.range
      switch column {
      case .timestamp:
        fields.time = try line.seconds(range, column.rawValue, options, exponents: true)
        fields.timePosition = range.lowerBound
      case .sessionId: fields.session = range.isEmpty ? nil : field
      case .elapsedTime:
        if range.isEmpty { continue }
        fields.elapsed = try line.seconds(range, column.rawValue, options, exponents: true)
        fields.elapsedPosition = range.lowerBound
      case .model: fields.model = field
      case .requestTokens: fields.prompt = try line.whole(range, column.rawValue, in: tokens)
      case .responseTokens:
        fields.output = try line.whole(range, column.rawValue, in: tokens)
        fields.outputPosition = range.lowerBound
      case .totalTokens:
        fields.total = (try line.whole(range, column.rawValue, in: 0...(.max)), range.lowerBound)
      case .logType: fields.log = field
      }
    }
    try cursor.finish(line)
    if let total = fields.total, total.tokens != fields.prompt + fields.output {
      throw Fault(
        at: total.position,
        "Total tokens is \(total.tokens); request and response tokens sum to "
          + "\(fields.prompt + fields.output)"
      )
    }
    return fields
  }

  private mutating func requestClass(
    _ line: Span<UInt8>,
    _ log: CSVField
  ) throws(Fault) -> UInt16 {
    let known = logs.names.count
    let index = try logs.index(line, log)
    if logs.names.count > known, Self.classes[logs.names[known]] == nil {
      throw Fault(
        at: log.range.lowerBound,
        "Log Type is \(line.quoted(log.range)); expected "
          + Self.classes.keys.sorted().joined(separator: " or ")
      )
    }
    return index
  }

  /// Appends session, turn, gap and the edge to the session's row before.
  ///
  /// The recorded response of that row tells how long the user took, where it is known and had come;
  /// else only the time between the two requests is.
  private mutating func appendTurn(
    _ fields: Line,
    _ line: Span<UInt8>,
    to group: inout RowGroup
  ) throws(Fault) {
    var turn = Turn(record: rows, number: 0, arrival: fields.time)
    if let elapsed = fields.elapsed {
      turn.finish = try fields.time.later(by: elapsed, at: fields.elapsedPosition)
    }
    var gap = GapKind.none
    if let id = fields.session {
      let session = try sessions.number(of: id, line, BurstGPTColumn.sessionId.rawValue)
      group.session.append(session.number)
      if session.isNew {
        turns.append(turn)
      } else {
        let before = turns[Int(session.number)]
        turn.number = before.number + 1
        gap = .human
        group.edges.append(edge(from: before, to: turn))
        turns[Int(session.number)] = turn
      }
    } else {
      group.session.append(-1)
    }
    group.turn.append(turn.number)
    group.gapKind.append(gap)
    group.endEdges()
  }

  private func edge(from before: Turn, to turn: Turn) -> TurnEdge {
    if let finish = before.finish, finish <= turn.arrival {
      return TurnEdge(
        parentRecord: before.record,
        delay: turn.arrival - finish,
        trigger: .completion
      )
    }
    return TurnEdge(
      parentRecord: before.record,
      delay: turn.arrival - before.arrival,
      trigger: .dispatch
    )
  }
}
