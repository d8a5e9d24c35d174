extension TraceFormat {
  /// Spans of OpenTelemetry's conventions for generative AI.
  ///
  /// Source: opentelemetry.io, semantic conventions for generative AI; the files of inference-perf.
  /// What waits for what is not recorded: it is concluded from the times, see `traces/README.md`.
  public static let otel = TraceFormat(
    name: "otel",
    summary: "OpenTelemetry spans of generative AI, JSON, with the tokens that calls used.",
    example: """
      {"trace_id": "t", "spans": [
        {"trace_id": "t", "span_id": "r", "parent_span_id": null, "name": "invoke_agent coder",
         "start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T00:00:09.5Z",
         "attributes": {"gen_ai.operation.name": "invoke_agent", "gen_ai.conversation.id": "c1"}},
        {"trace_id": "t", "span_id": "a", "parent_span_id": "r", "name": "chat m",
         "start_time": "2026-01-01T00:00:00.25Z", "end_time": "2026-01-01T00:00:02Z",
         "attributes": {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m",
          "gen_ai.usage.input_tokens": 70, "gen_ai.usage.output_tokens": 5,
          "gen_ai.usage.cache_read.input_tokens": 0}},
        {"trace_id": "t", "span_id": "b", "parent_span_id": "r", "name": "execute_tool ls",
         "start_time": "2026-01-01T00:00:02Z", "end_time": "2026-01-01T00:00:03Z",
         "attributes": {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ls"}},
        {"trace_id": "t", "span_id": "c", "parent_span_id": "r", "name": "chat m", "kind": 1,
         "start_time": "2026-01-01T00:00:03.5Z", "end_time": "2026-01-01T00:00:04Z",
         "attributes": [
          {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
          {"key": "gen_ai.usage.prompt_tokens", "value": {"intValue": "90"}},
          {"key": "gen_ai.usage.completion_tokens", "value": {"intValue": 6}},
          {"key": "gen_ai.usage.cache_read.input_tokens", "value": {"intValue": 64}}]}]}

      """,
    matches: { head in
      head.contains("\"spans\"")
        || (head.contains("\"span_id\"") && head.contains("\"start_time\""))
    },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, OTelScanner(options), options)
    }
  )
}

private struct OTelScanner: RecordScanner {
  var format: TraceFormat { .otel }
  var framing: RecordFraming { .objects }
  var order: LineOrder { .unsorted }

  private var fields: OTelFields
  private var failureRule: FailureRule
  private var spans = OTelSpans()
  private var models = NameNumbers()
  private var tools = NameNumbers()
  private var trie = BlockRunTrie()
  private var origin = SortedOrigin()
  private var hasMaxTokens = false
  private var hasReasoning = false
  private var hasTools = false
  private(set) var epoch: String?
  private var first = Int64.max

  init(_ options: ReadOptions) {
    fields = OTelFields(options)
    failureRule = FailureRule(options)
  }

  var failures: FailureCount? { failureRule.count }

  var names: TraceNames {
    var names = TraceNames()
    names.models = models.names
    names.tools = hasTools ? tools.names : []
    names.blockTokens = trie.isEmpty ? 0 : BlockNamer.blockTokens
    return names
  }

  mutating func scan(_ text: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    var cursor = JSONCursor()
    let document = try fields.scan(&cursor, in: text)
    try cursor.expectEnd(in: text)
    guard let start = document.spans else {
      return try take(document, of: nil, text, at: 0)
    }
    cursor = JSONCursor(at: start)
    guard try cursor.enterArray(in: text, "spans") else { return }
    repeat {
      let position = cursor.position
      let span = try fields.scan(&cursor, in: text)
      if let inner = span.spans {
        throw Fault(at: inner, "spans stand in a span; expected them in the document alone")
      }
      try take(span, of: document.traceId, text, at: position)
    } while try cursor.nextElement(in: text)
  }

  /// Keeps what matters of a span.
  private mutating func take(
    _ span: OTelSpan,
    of document: String?,
    _ text: Span<UInt8>,
    at position: Int
  ) throws(Fault) {
    guard let id = span.spanId else { throw Fault(at: position, "span_id of a span is missing") }
    guard let trace = span.traceId ?? document else {
      throw Fault(at: position, "trace_id of span '\(id)' is missing")
    }
    guard let start = span.start, let end = span.end else {
      throw Fault(at: position, "start_time or end_time of span '\(id)' is missing")
    }
    guard start <= end else {
      throw Fault(
        at: span.startText.lowerBound,
        "start_time of span '\(id)' is behind its end_time"
      )
    }
    guard spans.count < Int32.max / 2 else { throw Fault(at: position, "trace has too many spans") }
    let kind = OTelSpans.Kind(span)
    var kept = OTelSpans.Span(kind: kind, start: start, end: end)
    kept.trace = spans.traces.number(of: trace)
    kept.conversation = span.conversation.map { spans.conversations.number(of: $0) } ?? -1
    kept.id = spans.ids.number(of: trace + "\u{0}" + id)
    kept.parent = span.parentId.map { spans.ids.number(of: trace + "\u{0}" + $0) } ?? -1
    if kind == .tool {
      kept.tool = tools.number(of: span.tool)
      hasTools = true
    }
    if kind == .request {
      try take(tokensOf: span, id, into: &kept, at: position)
      kept.model = models.number(of: span.model)
      if start < first, !kept.isDropped {
        first = start
        epoch = text.text(CSVField(range: span.startText))
      }
    }
    guard tools.names.count < UInt16.max, models.names.count <= UInt16.max else {
      throw Fault(at: position, "trace has more than 65,535 models or tools")
    }
    guard spans.append(kept) else {
      throw Fault(
        at: position,
        "span_id '\(id)' of trace '\(trace)' is on an earlier span too; keep one of them"
      )
    }
  }

  private mutating func take(
    tokensOf span: OTelSpan,
    _ id: String,
    into kept: inout OTelSpans.Span,
    at position: Int
  ) throws(Fault) {
    guard let input = span.input, let output = span.output else {
      let missing = span.input == nil ? "input" : "output"
      throw Fault(
        at: position,
        "span '\(id)' (\(span.name)) has no gen_ai.usage.\(missing)_tokens; record what calls used, "
          + "since text cannot be counted without the model's tokenizer"
      )
    }
    if input == 0 || output == 0 {
      let isKept = try failureRule.keeps(at: position, "span '\(id)' (\(span.name)) used no tokens")
      kept.isDropped = !isKept
    }
    kept.input = Int32(max(1, input))
    kept.output = Int32(max(1, output))
    let reasoning = span.tokens[.reasoning] ?? 0
    guard reasoning <= kept.output else {
      throw Fault(at: position, "span '\(id)' has more reasoning tokens than output tokens")
    }
    kept.reasoning = Int32(reasoning)
    kept.maxTokens = Int32(span.tokens[.maxTokens] ?? 0)
    hasReasoning = hasReasoning || reasoning > 0
    hasMaxTokens = hasMaxTokens || kept.maxTokens > 0
    if let cached = span.tokens[.cacheRead] {
      guard cached <= kept.input else {
        throw Fault(
          at: position,
          "span '\(id)' has more cache_read tokens than input tokens, which have to count them too"
        )
      }
      kept.cached = Int32(cached)
      spans.hasCacheReads = true
    }
  }

  mutating func scanEnd(into group: inout RowGroup) throws(Fault) {
    let turns = try OTelTurns(spans)
    // Names of tools take their place only where a tool has run.
    let none = hasTools ? tools.number(of: "") : 0
    for turn in turns.bySource {
      let span = spans.all[Int(turn.span)]
      group.arrival.append(span.start)
      group.promptTokens.append(span.input)
      group.outputTokens.append(span.output)
      group.model.append(UInt16(span.model))
      if hasMaxTokens { group.maxOutputTokens.append(span.maxTokens) }
      if hasReasoning { group.reasoningTokens.append(span.reasoning) }
      if hasTools {
        group.tool.append(UInt16(turn.tool < 0 ? none : spans.all[Int(turn.tool)].tool))
      }
      try group.appendTurn(session: turn.session, turn: turn.turn, gap: turn.gap, waits: turn.waits)
      guard spans.hasCacheReads else { continue }
      let path = try trie.insert(turns.path(of: turn), at: 0)
      group.prefixNode.append(path?.node ?? -1)
      group.prefixBlocks.append(path?.blocks ?? 0)
    }
  }

  mutating func finish(_ group: inout RowGroup) {
    if origin.rebase(&group) {
      // Rows were inserted in another order than they come out.
      _ = trie.takeGroup()
    }
    for node in group.prefixNode where node >= 0 { trie.touch(node) }
    group.prefixes = trie.takeGroup()
  }
}
