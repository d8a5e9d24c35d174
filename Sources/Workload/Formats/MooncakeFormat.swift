extension TraceFormat {
  /// Mooncake's FAST'25 traces, and those of AIPerf and Dynamo with sessions.
  ///
  /// Source: github.com/kvcache-ai/Mooncake, FAST25-release/traces. The last block of a prompt may
  /// be partial; ids are chained, so that an id stands for the whole prompt up to its block's end.
  /// For `session_id` and `delay` see `traces/README.md`.
  public static let mooncake = TraceFormat(
    name: "mooncake",
    summary: "Mooncake traces, JSON lines with milliseconds and ids of 512-token prompt blocks.",
    example: """
      {"timestamp": 0, "input_length": 1300, "output_length": 96, "hash_ids": [0, 1, 2]}
      {"timestamp": 0, "input_length": 1025, "output_length": 40, "hash_ids": [0, 1, 3]}
      {"input_length":1600,"output_length":7,"timestamp":2999,"hash_ids":[ 0,1,2,4 ],"session_id":7}
      {"session_id": 7, "delay": 9501, "input_length": 512, "output_length": 1, "hash_ids": [0]}
      {"session_id": "7", "delay": 0.5, "input_length": 9, "output_length": 8, "hash_ids": [0]}

      """,
    matches: { line in
      line.contains("{")
        && ["\"timestamp\"", "\"input_length\"", "\"hash_ids\""].contains { line.contains($0) }
    },
    open: { lines throws(TraceError) in try LineTraceReader(lines, MooncakeScanner()) }
  )
}

private struct MooncakeScanner: RecordScanner {
  static let blockTokens: Int64 = 512

  private var clock = ArrivalClock()
  private var trie = PrefixTrieBuilder()
  private var ids = ContiguousArray<Int64>()
  /// Where the trace has sessions; then its last line can arrive before its first, and it is read
  /// whole.
  private var sessions: MooncakeSessions?
  private var groups = 0

  var names: TraceNames {
    var names = TraceNames()
    names.blockTokens = sessions != nil && trie.isEmpty ? 0 : Int(Self.blockTokens)
    return names
  }

  var needsAllLines: Bool { sessions != nil }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let fields = try MooncakeFields(line, ids: &ids)
    if sessions == nil, fields.has(.sessionId) || fields.has(.delay) {
      try startSessions(&group, line)
    }
    let stamp = try stamp(fields, line)
    let path = try path(fields, line, of: group)
    if sessions == nil {
      group.arrival.append(try clock.arrival(stamp ?? 0, at: fields.timestampPosition))
    } else {
      try sessions?.append(fields, stamp: stamp, line, to: &group)
    }
    group.promptTokens.append(Int32(fields.inputLength))
    group.outputTokens.append(Int32(fields.outputLength))
    if let path {
      group.prefixNode.append(path.node)
      group.prefixBlocks.append(path.blocks)
    }
  }

  private mutating func startSessions(
    _ group: inout RowGroup,
    _ line: Span<UInt8>
  ) throws(Fault) {
    guard groups == 0 else {
      throw Fault(
        at: 0,
        "session_id or delay appears first here; in a trace with sessions one of the first "
          + "\(RowGroup.preferredRows) lines has it"
      )
    }
    sessions = MooncakeSessions(&group, origin: clock.first ?? 0)
  }

  /// The time stamp in nanoseconds, or nil where a trace with sessions has none.
  private func stamp(_ fields: MooncakeFields, _ line: Span<UInt8>) throws(Fault) -> Int64? {
    guard fields.has(.timestamp) else {
      if sessions != nil { return nil }
      throw Fault(at: line.count, "timestamp is missing; only a later turn of a session needs none")
    }
    let (time, overflow) = fields.timestamp.multipliedReportingOverflow(by: 1_000_000)
    if overflow {
      throw Fault(at: fields.timestampPosition, "timestamp is beyond 292 years in milliseconds")
    }
    return time
  }

  /// Where the prompt ends in the trie, or nil in a trace with sessions and without hash ids.
  private mutating func path(
    _ fields: MooncakeFields,
    _ line: Span<UInt8>,
    of group: borrowing RowGroup
  ) throws(Fault) -> (node: Int32, blocks: Int32)? {
    let isFirst = group.arrival.isEmpty
    guard fields.has(.hashIds) else {
      if sessions != nil, isFirst || group.prefixNode.isEmpty { return nil }
      throw Fault(
        at: line.count,
        "hash_ids is missing; only a trace with sessions can leave it out, and then of every line"
      )
    }
    guard isFirst || !group.prefixNode.isEmpty else {
      throw Fault(at: fields.hashIdsPosition, "hash_ids is not on the lines before; give it to all")
    }
    let blocks = (fields.inputLength + Self.blockTokens - 1) / Self.blockTokens
    guard ids.count == blocks else {
      throw Fault(
        at: fields.hashIdsPosition,
        "hash_ids holds \(ids.count) ids; an input_length of \(fields.inputLength) tokens "
          + "has \(blocks) blocks of \(Self.blockTokens)"
      )
    }
    return try trie.insert(ids, at: fields.hashIdsPosition)
  }

  mutating func finish(_ group: consuming RowGroup) throws(RecordFault) -> [RowGroup] {
    groups += 1
    var group = group
    guard sessions != nil else {
      group.prefixes = trie.takeGroup()
      return [group]
    }
    var sorted = MooncakeSessions.sorted(group)
    _ = trie.takeGroup()
    for index in sorted.indices {
      for node in sorted[index].prefixNode { trie.touch(node) }
      sorted[index].prefixes = trie.takeGroup()
    }
    return sorted
  }
}
