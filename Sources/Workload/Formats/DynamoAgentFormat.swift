extension TraceFormat {
  /// Dynamo's traces of what its servers did for agents: ends of requests, and events of tools.
  ///
  /// Source: github.com/ai-dynamo/dynamo, agent tracing. What requests wait for is described in
  /// `traces/README.md`.
  public static let dynamoAgent = TraceFormat(
    name: "dynamo-agent",
    summary: "Dynamo agent traces, JSON lines of request and tool events, wrapped or not.",
    example: """
      {"schema": "dynamo.agent.trace.v1", "event_type": "request_end", \
      "event_time_unix_ms": 1790000001000, "event_source": "dynamo", \
      "agent_context": {"session_id": "s1", "trajectory_id": "s1:a"}, \
      "request": {"request_id": "r1", "model": "m", "output_tokens": 96, \
      "request_received_ms": 1790000000000, \
      "replay": {"trace_block_size": 64, "input_length": 130, "input_sequence_hashes": [11, 12]}}}
      {"timestamp": 3, "event": {"schema": "dynamo.agent.trace.v1", "event_type": "tool_end", \
      "event_time_unix_ms": 1790000001500, \
      "agent_context": {"session_id": "s1", "trajectory_id": "s1:a"}, \
      "tool": {"tool_call_id": "c1", "tool_class": "Bash", "duration_ms": 400.5}}}
      {"schema": "dynamo.agent.trace.v1", "event_type": "request_end", \
      "event_time_unix_ms": 1790000003000, "event_source": "dynamo", \
      "agent_context": {"session_id": "s1", "trajectory_id": "s1:a"}, \
      "request": {"request_id": "r2", "model": "m", "output_tokens": 40, \
      "replay": {"trace_block_size": 64, "input_length": 200, \
      "input_sequence_hashes": [11, 12, 18446744073709551615]}}}

      """,
    matches: { line in
      line.contains("dynamo.agent.trace.v") || line.contains("dynamo.request.trace.v")
    },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, DynamoAgentScanner(options), options)
    }
  )
}

private struct DynamoAgentScanner: RecordScanner {
  var format: TraceFormat { .dynamoAgent }
  var order: LineOrder { .unsorted }
  var failures: FailureCount? { failed.count }

  private let options: ReadOptions
  private var failed: FailureRule
  private var keys = AgentEvent.Keys()
  private var hashes = ContiguousArray<UInt64>()
  private var ids = ContiguousArray<Int64>()
  /// Hashes by order of first appearance, which the trie takes for ids.
  private var idByHash: [UInt64: Int64] = [:]
  private var blockTokens: Int64 = 0
  private var trie = PrefixTrieBuilder()
  private var trajectories = AgentTrajectories()
  private var models = NameColumn()
  private var tools = NameColumn()
  private var origin = SortedOrigin()
  private var rows: Int64 = 0

  init(_ options: ReadOptions) {
    self.options = options
    failed = FailureRule(options)
  }

  var names: TraceNames {
    var names = TraceNames()
    names.models = models.names
    names.tools = tools.names
    names.blockTokens = Int(blockTokens)
    return names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let event = try AgentEvent(line, &keys, hashes: &hashes, options)
    if line.spells("request_end", event.type) {
      try appendRequest(event, line, to: &group)
    } else if line.spells("tool_end", event.type) || line.spells("tool_error", event.type) {
      let name = CSVField(range: event.toolClass ?? 0..<0)
      try trajectories.takeTool(event, name: try tools.index(line, name), line)
    } else if !line.spells("tool_start", event.type) {
      throw Fault(
        at: event.type.lowerBound,
        "event_type is \(line.quoted(event.type)); expected request_end, tool_start, tool_end or "
          + "tool_error"
      )
    }
  }

  private mutating func appendRequest(
    _ event: AgentEvent,
    _ line: Span<UInt8>,
    to group: inout RowGroup
  ) throws(Fault) {
    guard let position = event.requestPosition, let prompt = event.prompt, let output = event.output
    else {
      throw Fault(
        at: event.requestPosition ?? line.count,
        "request lacks output_tokens or its replay's input_length; trace with replay data"
      )
    }
    if prompt == 0 || output == 0 {
      let isKept = try failed.keeps(
        at: position,
        "the request has \(prompt) prompt and \(output) output tokens"
      )
      if !isKept { return }
    }
    let path = try path(event, prompt: prompt)
    let none = CSVField(range: 0..<0)
    group.model.append(try models.index(line, event.model.map { CSVField(range: $0) } ?? none))
    let noTool = try tools.index(line, none)
    try trajectories.append(event, record: rows, noTool: noTool, line, to: &group)
    group.promptTokens.append(Int32(max(1, prompt)))
    group.outputTokens.append(Int32(max(1, output)))
    group.prefixNode.append(path.node)
    group.prefixBlocks.append(path.blocks)
    rows += 1
  }

  /// Where the prompt ends in the trie. Its last hash can be that of a partial block.
  private mutating func path(
    _ event: AgentEvent,
    prompt: Int64
  ) throws(Fault) -> (node: Int32, blocks: Int32) {
    guard let position = event.hashesPosition, !hashes.isEmpty else { return (-1, 0) }
    if blockTokens == 0 { blockTokens = event.blockTokens }
    guard event.blockTokens > 0, event.blockTokens == blockTokens else {
      throw Fault(
        at: position,
        "trace_block_size is \(event.blockTokens); expected \(max(1, blockTokens)), one size for all"
      )
    }
    let full = prompt / blockTokens
    let most = full + (prompt % blockTokens == 0 ? 0 : 1)
    guard (full...most).contains(Int64(hashes.count)) else {
      throw Fault(
        at: position,
        "input_sequence_hashes holds \(hashes.count) hashes; an input_length of \(prompt) tokens has "
          + "\(most) blocks of \(blockTokens)"
      )
    }
    ids.removeAll(keepingCapacity: true)
    for hash in hashes {
      if let id = idByHash[hash] {
        ids.append(id)
      } else {
        ids.append(Int64(idByHash.count))
        idByHash[hash] = Int64(idByHash.count)
      }
    }
    return try trie.insert(ids, at: position)
  }

  mutating func finish(_ group: inout RowGroup) {
    // Lines were inserted in another order than rows come out.
    if origin.rebase(&group) { _ = trie.takeGroup() }
    for node in group.prefixNode where node >= 0 { trie.touch(node) }
    group.prefixes = trie.takeGroup()
  }
}
