/// TraceLab's dataset: JSON lines, one per round of a session, with wall-clock events.
///
/// A round arrives with the last message or tool result that it was given, and its response is
/// complete with its last event.
struct TraceLabRoundScanner: RecordScanner {
  var format: TraceFormat { .traceLab }
  var order: LineOrder { .unsorted }
  var failures: FailureCount? { failed.count }
  private(set) var epoch: String?

  private let options: ReadOptions
  private var failed: FailureRule
  private var keys = TraceLabRound.Keys()
  private var sessions = SessionNumbers()
  /// The last round of each session.
  private var rounds = ContiguousArray<Round>()
  private var contexts = GrowingContexts()
  private var models = NameColumn()
  private var tools = NameColumn()
  private var origin = SortedOrigin()
  private var earliest = SimTime.max
  private var rows: Int64 = 0

  private struct Round {
    var record: Int64
    var index: Int64
    var start: SimTime
    var finish: SimTime
    /// Index of the tool that took longest; that of no tool where none did.
    var tool: UInt16
    var context: GrowingContexts.Context
  }

  init(_ options: ReadOptions) {
    self.options = options
    failed = FailureRule(options)
  }

  var names: TraceNames {
    var names = TraceNames()
    names.models = models.names
    names.tools = tools.names
    names.blockTokens = contexts.isEmpty ? 0 : Int(GrowingContexts.blockTokens)
    return names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let fields = try TraceLabRound(line, &keys, options)
    if fields.prompt == 0 || fields.output == 0 {
      let isKept = try failed.keeps(
        at: fields.outputPosition,
        "the round has \(fields.prompt) prompt and \(fields.output) output tokens"
      )
      if !isKept { return }
    }
    let id = CSVField(range: fields.session)
    let session = try sessions.number(of: id, line, "session_id")
    let before = session.isNew ? nil : rounds[Int(session.number)]
    if let before { try expect(fields, toFollow: before) }
    let model = try models.index(line, CSVField(range: fields.model))
    let noTool = try tools.index(line, CSVField(range: 0..<0))
    var tool = noTool
    if let name = fields.tool { tool = try tools.index(line, CSVField(range: name)) }
    let prompt = Int32(max(1, fields.prompt))
    let output = Int32(max(1, fields.output))
    let context = try contexts.append(
      prompt: prompt,
      output: output,
      sharing: fields.prefix,
      with: before?.context ?? GrowingContexts.Context(),
      at: fields.promptPosition,
      to: &group
    )
    let round = Round(
      record: rows,
      index: fields.index,
      start: fields.start,
      finish: fields.finish,
      tool: tool,
      context: context
    )
    if session.isNew { rounds.append(round) } else { rounds[Int(session.number)] = round }
    if fields.start < earliest {
      earliest = fields.start
      epoch = line.text(CSVField(range: fields.startText))
    }
    group.arrival.append(fields.start)
    group.promptTokens.append(prompt)
    group.outputTokens.append(output)
    group.reasoningTokens.append(Int32(fields.reasoning))
    group.model.append(model)
    group.session.append(session.number)
    group.turn.append(context.rounds - 1)
    appendGap(before, fields, noTool, to: &group)
    rows += 1
  }

  private func expect(_ fields: TraceLabRound, toFollow before: Round) throws(Fault) {
    guard fields.index > before.index else {
      throw Fault(
        at: fields.indexPosition,
        "round_index is \(fields.index) behind round \(before.index) of its session; write rounds in "
          + "order"
      )
    }
    guard fields.start >= before.start else {
      throw Fault(
        at: fields.eventsPosition,
        "timing_events start earlier than those of the round before of the session; write rounds in "
          + "order"
      )
    }
  }

  /// Appends what the gap before the round was spent on, and the edge to the round before.
  private func appendGap(
    _ before: Round?,
    _ fields: TraceLabRound,
    _ noTool: UInt16,
    to group: inout RowGroup
  ) {
    if let before {
      // A round can start while the one before still reports, such as after a quick tool.
      let delay = max(0, fields.start - before.finish)
      group.edges.append(
        TurnEdge(parentRecord: before.record, delay: delay, trigger: .completion)
      )
      group.gapKind.append(fields.isHuman ? .human : .tool)
      group.tool.append(fields.isHuman ? noTool : before.tool)
    } else {
      group.gapKind.append(.none)
      group.tool.append(noTool)
    }
    group.endEdges()
  }

  mutating func finish(_ group: inout RowGroup) {
    _ = origin.rebase(&group)
    contexts.finish(&group)
  }
}
