extension TraceFormat {
  /// Mooncake's FAST'25 traces.
  ///
  /// Source: github.com/kvcache-ai/Mooncake, FAST25-release/traces. The last block of a prompt may
  /// be partial; ids are chained, so that an id stands for the whole prompt up to its block's end.
  public static let mooncake = TraceFormat(
    name: "mooncake",
    summary: "Mooncake traces, JSON lines with milliseconds and ids of 512-token prompt blocks.",
    example: """
      {"timestamp": 0, "input_length": 1300, "output_length": 96, "hash_ids": [0, 1, 2]}
      {"timestamp": 0, "input_length": 1025, "output_length": 40, "hash_ids": [0, 1, 3]}
      {"input_length":1600,"output_length":7,"timestamp":2999,"hash_ids":[ 0,1,2,4 ]}
      {"timestamp": 12500, "input_length": 512, "output_length": 1, "hash_ids": [0]}

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

  let names: TraceNames
  private var clock = ArrivalClock()
  private var trie = PrefixTrieBuilder()
  private var ids = ContiguousArray<Int64>()

  init() {
    var names = TraceNames()
    names.blockTokens = Int(Self.blockTokens)
    self.names = names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let fields = try MooncakeFields(line, ids: &ids)
    let (time, overflow) = fields.timestamp.multipliedReportingOverflow(by: 1_000_000)
    if overflow {
      throw Fault(at: fields.timestampPosition, "timestamp is beyond 292 years in milliseconds")
    }
    let blocks = (fields.inputLength + Self.blockTokens - 1) / Self.blockTokens
    guard ids.count == blocks else {
      throw Fault(
        at: fields.hashIdsPosition,
        "hash_ids holds \(ids.count) ids; an input_length of \(fields.inputLength) tokens "
          + "has \(blocks) blocks of \(Self.blockTokens)"
      )
    }
    let arrival = try clock.arrival(time, at: fields.timestampPosition)
    let path = try trie.insert(ids, at: fields.hashIdsPosition)
    group.arrival.append(arrival)
    group.promptTokens.append(Int32(fields.inputLength))
    group.outputTokens.append(Int32(fields.outputLength))
    group.prefixNode.append(path.node)
    group.prefixBlocks.append(path.blocks)
  }

  mutating func finish(_ group: inout RowGroup) {
    group.prefixes = trie.takeGroup()
  }
}
