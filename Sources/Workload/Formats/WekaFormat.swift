extension TraceFormat {
  /// Sessions of coding agents, as WEKA's kv-cache-tester records them.
  ///
  /// Source: github.com/callanjfox/kv-cache-tester, traces/*.json, and the same with run lengths
  /// (`hash_runs`) in place of `hash_ids`. What waits for what is said in `traces/README.md`.
  public static let weka = TraceFormat(
    name: "weka",
    summary: "Agent sessions of kv-cache-tester, JSON objects with seconds and 64-token block ids.",
    example: """
      {"id": "a", "models": ["opus", "haiku"], "block_size": 64, "hash_id_scope": "local", \
      "tool_tokens": 64, "system_tokens": 64, "requests": [{"t": 0.0, "type": "n", "model": "opus", \
      "in": 200, "out": 30, "hash_ids": [1, 2, 3], "input_types": ["text"], "output_types": \
      ["tool_use"], "stop": "tool_use", "api_time": 3.1, "think_time": 0.0}, {"t": 9.5, "type": \
      "subagent", "agent_id": "agent_001", "subagent_type": "Explore", "duration_ms": 6150, \
      "status": "completed", "requests": [{"t": 0.0, "type": "n", "model": "haiku", "in": 130, \
      "out": 9, "hash_runs": [[40, 2]], "api_time": 6.0}]}, {"t": 10.0, "type": "s", "model": \
      "opus", "in": 260, "out": 5, "hash_runs": [[1, 3], [7, 1]], "input_types": ["tool_result"], \
      "think_time": 7.0, "ttft": 0.5}]}
      {"id": "b", "block_size": 64, "requests": [
        {"t": 10.5, "type": "n", "model": "opus", "in": 63, "out": 1, "hash_ids": []}
      ]}

      """,
    hasStartTimes: false,
    matches: { head in
      head.contains("\"requests\"")
        && (head.contains("\"hash_id_scope\"") || head.contains("\"block_size\""))
    },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, WekaScanner(options), options)
    }
  )
}

private struct WekaScanner: RecordScanner {
  var format: TraceFormat { .weka }
  var framing: RecordFraming { .objects }
  var hasStartTimes: Bool { false }
  var order: LineOrder { .unsorted }

  private var failureRule: FailureRule
  private let starts: EvenStarts
  private var sessionKeys = JSONKeys<WekaSessionKey>()
  private var fields: WekaFields
  private var trie = BlockRunTrie()
  private var models = NameColumn()
  private var classes = NameColumn()
  private var blockTokens: Int64?
  private var origin = SortedOrigin()
  /// Sessions and rows so far, and turns of the session at hand.
  private var sessions = 0
  private var rows: Int64 = 0
  private var turns: Int32 = 0
  private var sessionStart: SimTime = 0

  /// A sub-agent may have some of its own, and those too, but not without end.
  private static let deepest = 8

  init(_ options: ReadOptions) {
    failureRule = FailureRule(options)
    starts = EvenStarts(options)
    fields = WekaFields(options)
  }

  var failures: FailureCount? { failureRule.count }

  var names: TraceNames {
    var names = TraceNames()
    names.models = models.names
    names.classes = classes.names
    names.blockTokens = trie.isEmpty ? 0 : Int(blockTokens ?? 0)
    return names
  }

  mutating func scan(_ text: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    guard sessions < Int32.max else {
      throw Fault(at: 0, "trace has more than \(Int32.max) sessions")
    }
    sessionStart = try starts.start(of: sessions, at: 0)
    turns = 0
    var cursor = JSONCursor()
    var blockSize: Int64?
    var requests: Int?
    var key = try sessionKeys.first(&cursor, in: text)
    while let found = key {
      switch found {
      case .blockSize: blockSize = try scanBlockSize(&cursor, text)
      case .hashIdScope:
        let scope = try cursor.string(in: text, found.rawValue)
        guard text.spells("local", scope) else {
          throw Fault(
            at: scope.lowerBound,
            "hash_id_scope is \(text.quoted(scope)); expected 'local', ids of this session alone"
          )
        }
      case .requests where blockSize != nil:
        _ = try scanRequests(&cursor, text, Chain(), depth: 0, into: &group)
      case .requests:
        requests = cursor.position
        try cursor.skipBrackets(in: text, found.rawValue)
      default: try cursor.skipAny(in: text, found.rawValue)
      }
      key = try sessionKeys.next(&cursor, in: text)
    }
    try cursor.expectEnd(in: text)
    try sessionKeys.require(.requests, at: cursor.position)
    try sessionKeys.require(.blockSize, at: cursor.position)
    if let requests {
      var cursor = JSONCursor(at: requests)
      _ = try scanRequests(&cursor, text, Chain(), depth: 0, into: &group)
    }
    trie.forgetIds()
    sessions += 1
  }

  private mutating func scanBlockSize(
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>
  ) throws(Fault) -> Int64 {
    let position = cursor.position
    let size = try cursor.whole(in: text, "block_size", 1...Int64(Int32.max))
    guard size == blockTokens ?? size else {
      throw Fault(
        at: position,
        "block_size is \(size), \(blockTokens ?? 0) in the sessions before; expected one of all"
      )
    }
    blockTokens = size
    return size
  }

  /// Scans the requests of a session or a sub-agent; returns what stands for the last of them.
  private mutating func scanRequests(
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    _ start: Chain,
    depth: Int,
    into group: inout RowGroup
  ) throws(Fault) -> TurnWaits {
    var chain = start
    guard try cursor.enterArray(in: text, "requests") else { return chain.last }
    repeat {
      let request = try fields.next(&cursor, in: text)
      if request.subagent == nil {
        try append(request, to: &chain, depth, text, &group)
      } else {
        try appendSubagent(request, to: &chain, depth, text, &group)
      }
    } while try cursor.nextElement(in: text)
    return chain.last
  }

  /// Appends a sub-agent's requests.
  ///
  /// The marker of one that was waited for stands at its end, its duration after its start; the one
  /// of one that was not (`async_launched`) stands at its start and has no duration.
  private mutating func appendSubagent(
    _ marker: WekaRequest,
    to chain: inout Chain,
    _ depth: Int,
    _ text: Span<UInt8>,
    _ group: inout RowGroup
  ) throws(Fault) {
    guard depth < Self.deepest, let requests = marker.subagent else {
      throw Fault(at: marker.position, "subagents are nested deeper than \(Self.deepest) levels")
    }
    let duration = marker.isAsync ? nil : marker.duration
    let start = duration.map { max(0, marker.time - $0) } ?? marker.time
    let waits = try chain.last.later(by: chain.gap(to: start), at: marker.position)
    var inner = Chain(requestClass: marker.subagentType, last: waits)
    inner.base = try Self.sum(chain.base, start, at: marker.position)
    var cursor = JSONCursor(at: requests)
    let end = try scanRequests(&cursor, text, inner, depth: depth + 1, into: &group)
    if duration != nil { chain.joins.append((end, marker.time)) }
  }

  private mutating func append(
    _ request: WekaRequest,
    to chain: inout Chain,
    _ depth: Int,
    _ text: Span<UInt8>,
    _ group: inout RowGroup
  ) throws(Fault) {
    let waits = try chain.waits(of: request)
    chain.previous = request
    chain.joins = []
    if request.output == 0, try !failureRule.keeps(at: request.outputPosition, "out is 0") {
      chain.last = waits
      return
    }
    let arrival = try Self.sum(
      try Self.sum(sessionStart, chain.base, at: request.position),
      request.time,
      at: request.position
    )
    let size = blockTokens ?? 1
    guard request.blocks == request.input / size else {
      throw Fault(
        at: request.blocksPosition,
        "request has \(request.blocks) block ids; \(request.input) tokens fill "
          + "\(request.input / size) blocks of \(size)"
      )
    }
    let path = try trie.insert(fields.runs, at: request.blocksPosition)
    group.arrival.append(arrival)
    group.promptTokens.append(Int32(request.input))
    group.outputTokens.append(max(1, Int32(request.output)))
    group.prefixNode.append(path?.node ?? -1)
    group.prefixBlocks.append(path?.blocks ?? 0)
    group.model.append(try models.index(text, CSVField(range: request.model)))
    group.requestClass.append(try classes.index(text, CSVField(range: chain.requestClass)))
    let isFirst = waits.isEmpty || chain.isStart
    try group.appendTurn(
      session: Int32(sessions),
      turn: turns,
      gap: isFirst ? .none : request.hasToolResult ? .tool : .human,
      waits: waits
    )
    chain.isStart = false
    chain.last = TurnWaits(completionOf: rows)
    rows += 1
    turns += 1
  }

  mutating func finish(_ group: inout RowGroup) {
    if origin.rebase(&group) {
      // Rows were inserted in another order than they come out.
      _ = trie.takeGroup()
    }
    for node in group.prefixNode where node >= 0 { trie.touch(node) }
    group.prefixes = trie.takeGroup()
  }

  fileprivate static func sum(_ a: Int64, _ b: Int64, at position: Int) throws(Fault) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    if overflow || sum == .max {
      throw Fault(at: position, "request is sent more than 292 years after time 0")
    }
    return sum
  }
}

/// The requests of a session or a sub-agent, each of which waits for the one before.
private struct Chain {
  /// Where the name of the class stands that rows get; nowhere for the main thread.
  var requestClass = 0..<0
  /// What stands for the request before.
  var last = TurnWaits()
  var previous: WekaRequest?
  /// Sub-agents that the next request waits for, and when they ended.
  var joins: [(end: TurnWaits, time: Int64)] = []
  /// When the thread started, in nanoseconds since the session did.
  var base: Int64 = 0
  /// Whether no row has been appended.
  var isStart = true

  /// Nanoseconds from the end of the request before to a time of this thread; from its start where
  /// the end is not known.
  func gap(to time: Int64) -> Int64 {
    guard let previous else { return 0 }
    // None of the times is negative, but the end of the request before can be beyond 292 years.
    return max(0, max(0, time - previous.time) - (previous.apiTime ?? 0))
  }

  /// What a request waits for: the sub-agents since the request before, or else that one.
  func waits(of request: WekaRequest) throws(Fault) -> TurnWaits {
    let agents = try joins.map { join throws(Fault) in
      try join.end.later(by: max(0, request.time - join.time), at: request.position)
    }
    let waits = TurnWaits(all: agents)
    if !waits.isEmpty { return waits }
    // A thread's first request waits as long as its start says.
    guard previous != nil else { return last }
    return try last.later(by: request.thinkTime ?? gap(to: request.time), at: request.position)
  }
}
