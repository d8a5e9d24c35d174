extension TraceFormat {
  /// Workloads of LLMServingSim 2: requests, and sessions of requests with tools in between.
  ///
  /// Source: github.com/casys-kaist/LLMServingSim, workloads. Where lines have `input_tok_ids` the
  /// prefixes that prompts share are known exactly, in blocks of 16 tokens.
  public static let llmservingsim = TraceFormat(
    name: "llmservingsim",
    summary: "LLMServingSim workloads, JSON lines with nanoseconds, single requests and sessions.",
    example: """
      {"input_toks": 17, "output_toks": 4, "arrival_time_ns": 4059740, "input_tok_ids": [1, 2, 3, 4, \
      5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17], "output_tok_ids": [5, 6, 7, 8]}
      {"session_id": "s1", "arrival_time_ns": 5059740, "sub_requests": [{"input_toks": 1472, \
      "output_toks": 133, "tool_duration_ns": 127348767}, {"input_toks": 16, "output_toks": 125, \
      "tool_duration_ns": 0, "input_tok_ids": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]}]}
      {"input_toks":1072,"output_toks":379,"arrival_time_ns":990070432000}

      """,
    matches: { $0.contains("\"input_toks\"") || $0.contains("\"sub_requests\"") },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, LLMServingSimScanner(options), options)
    }
  )
}

/// The keys of a line, and of a request of a session.
private enum LineKey: String, CaseIterable {
  case inputTokens = "input_toks"
  case outputTokens = "output_toks"
  case arrival = "arrival_time_ns"
  case inputIds = "input_tok_ids"
  case outputIds = "output_tok_ids"
  case sessionId = "session_id"
  case subRequests = "sub_requests"
  case toolDuration = "tool_duration_ns"
}

private struct LLMServingSimScanner: RecordScanner {
  var format: TraceFormat { .llmservingsim }
  /// A session's later requests arrive behind those of other lines.
  var order: LineOrder { .unsorted }

  private var failureRule: FailureRule
  private var keys = JSONKeys<LineKey>()
  private var namer = BlockNamer()
  private var trie = PrefixTrieBuilder()
  private var origin = SortedOrigin()
  private var sessionIds: Set<String> = []
  private var sessions: Int32 = 0
  private var rows: Int64 = 0
  private var blocks = ContiguousArray<Int64>()

  private struct Request {
    var input: Int64 = 0
    var output: Int64 = 0
    var outputPosition = 0
    var arrival: Int64 = 0
    var toolDuration: Int64 = 0
    var session = 0..<0
    var subRequests: Int?
    var inputIds: (count: Int64, position: Int)?
  }

  init(_ options: ReadOptions) { failureRule = FailureRule(options) }

  var failures: FailureCount? { failureRule.count }

  var names: TraceNames {
    var names = TraceNames()
    names.blockTokens = trie.isEmpty ? 0 : BlockNamer.blockTokens
    return names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    var cursor = JSONCursor()
    let request = try scanRequest(&cursor, line)
    try cursor.expectEnd(in: line)
    try keys.require(.arrival, at: line.count)
    if keys.has(.toolDuration) {
      throw Fault(at: 0, "tool_duration_ns stands outside sub_requests; expected it in them alone")
    }
    guard sessions < .max else { throw Fault(at: 0, "trace has more than \(Int32.max) sessions") }
    guard let subRequests = request.subRequests else {
      if keys.has(.sessionId) {
        throw Fault(at: request.session.lowerBound, "session_id stands without sub_requests")
      }
      let waits = try append(request, at: request.arrival, TurnWaits(), to: &group)
      if !waits.isEmpty { try appendTurn(-1, 0, TurnWaits(), to: &group) }
      return
    }
    try keys.require(.sessionId, at: line.count)
    if keys.has(.inputTokens) || keys.has(.outputTokens) || keys.has(.inputIds) {
      throw Fault(at: subRequests, "sub_requests stand beside tokens of the line's own; keep one")
    }
    let name = line.text(CSVField(range: request.session))
    guard let name, sessionIds.insert(name).inserted else {
      throw Fault(
        at: request.session.lowerBound,
        "session_id \(line.quoted(request.session)) is on an earlier line too, or not UTF-8; "
          + "write a session on one line"
      )
    }
    try scanSession(request, subRequests, line, into: &group)
    sessions += 1
  }

  private mutating func scanSession(
    _ session: Request,
    _ subRequests: Int,
    _ line: Span<UInt8>,
    into group: inout RowGroup
  ) throws(Fault) {
    var cursor = JSONCursor(at: subRequests)
    guard try cursor.enterArray(in: line, "sub_requests") else { return }
    var last = TurnWaits()
    var arrival = session.arrival
    var turn: Int32 = 0
    repeat {
      let position = cursor.position
      let request = try scanRequest(&cursor, line)
      if keys.has(.sessionId) || keys.has(.subRequests) || keys.has(.arrival) {
        throw Fault(at: position, "sub_requests hold a key of a line; expected tokens and a tool")
      }
      let waits = last
      let done = try append(request, at: arrival, waits, to: &group)
      if group.arrival.count > group.session.count {
        try appendTurn(sessions, turn, waits, to: &group)
        turn += 1
      }
      last = try done.later(by: request.toolDuration, at: position)
      let (next, overflow) = arrival.addingReportingOverflow(request.toolDuration)
      if overflow || next == .max {
        throw Fault(at: position, "tool_duration_ns ends more than 292 years after time 0")
      }
      arrival = next
    } while try cursor.nextElement(in: line)
  }

  private mutating func scanRequest(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>
  ) throws(Fault) -> Request {
    var request = Request()
    blocks.removeAll(keepingCapacity: true)
    var key = try keys.first(&cursor, in: line)
    while let found = key {
      let name = found.rawValue
      switch found {
      case .inputTokens: request.input = try cursor.whole(in: line, name, 1...Int64(Int32.max))
      case .outputTokens:
        request.outputPosition = cursor.position
        request.output = try cursor.whole(in: line, name, 0...Int64(Int32.max))
      case .arrival: request.arrival = try cursor.whole(in: line, name, 0...Int64.max - 1)
      case .toolDuration: request.toolDuration = try cursor.whole(in: line, name, 0...Int64.max - 1)
      case .inputIds:
        let position = cursor.position
        request.inputIds = (try scanTokens(&cursor, line, name, isPrompt: true), position)
      case .outputIds: _ = try scanTokens(&cursor, line, name, isPrompt: false)
      case .sessionId: request.session = try cursor.label(in: line, name)
      case .subRequests:
        request.subRequests = cursor.position
        try cursor.skipBrackets(in: line, name)
      }
      key = try keys.next(&cursor, in: line)
    }
    if request.subRequests == nil {
      try keys.require(.inputTokens, at: cursor.position)
      try keys.require(.outputTokens, at: cursor.position)
    }
    if let ids = request.inputIds, ids.count != request.input {
      throw Fault(
        at: ids.position,
        "input_tok_ids holds \(ids.count) ids; input_toks is \(request.input)"
      )
    }
    return request
  }

  /// Scans token ids and returns how many there are; those of a prompt become its blocks.
  private mutating func scanTokens(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ name: String,
    isPrompt: Bool
  ) throws(Fault) -> Int64 {
    var count: Int64 = 0
    guard try cursor.enterArray(in: line, name) else { return 0 }
    var digest = Digest128()
    repeat {
      let id = try cursor.whole(in: line, name, 0...Int64.max)
      count += 1
      guard isPrompt else { continue }
      digest.add(id)
      if count % Int64(BlockNamer.blockTokens) == 0 { blocks.append(namer.id(of: digest)) }
    } while try cursor.nextElement(in: line)
    return count
  }

  /// Appends a request that does not lack output, and returns what stands for it.
  private mutating func append(
    _ request: Request,
    at arrival: Int64,
    _ waits: TurnWaits,
    to group: inout RowGroup
  ) throws(Fault) -> TurnWaits {
    if request.output == 0, try !failureRule.keeps(at: request.outputPosition, "output_toks is 0") {
      return waits
    }
    let path = blocks.isEmpty ? nil : try trie.insert(blocks, at: request.inputIds?.position ?? 0)
    group.arrival.append(arrival)
    group.promptTokens.append(Int32(request.input))
    group.outputTokens.append(max(1, Int32(request.output)))
    group.prefixNode.append(path?.node ?? -1)
    group.prefixBlocks.append(path?.blocks ?? 0)
    defer { rows += 1 }
    return TurnWaits(completionOf: rows)
  }

  private func appendTurn(
    _ session: Int32,
    _ turn: Int32,
    _ waits: TurnWaits,
    to group: inout RowGroup
  ) throws(Fault) {
    try group.appendTurn(
      session: session,
      turn: turn,
      gap: waits.isEmpty ? .none : .tool,
      waits: waits
    )
  }

  mutating func finish(_ group: inout RowGroup) {
    if origin.rebase(&group) {
      // Rows were inserted in another order than they come out.
      _ = trie.takeGroup()
    }
    for node in group.prefixNode where node >= 0 { trie.touch(node) }
    group.prefixes = trie.takeGroup()
    group.dropColumnsWithoutContent(hasSessions: sessions > 0, hasPrefixes: !trie.isEmpty)
  }
}

extension RowGroup {
  /// Empties the columns of sessions or of prefixes where the trace turned out to have none.
  mutating func dropColumnsWithoutContent(hasSessions: Bool, hasPrefixes: Bool) {
    if !hasSessions { (session, turn, gapKind, edgeStart) = ([], [], [], []) }
    if !hasPrefixes { (prefixNode, prefixBlocks) = ([], []) }
  }
}
