extension TraceFormat {
  /// Mooncake's FAST'25 traces, and those of AIPerf and Dynamo with sessions.
  ///
  /// Source: github.com/kvcache-ai/Mooncake, FAST25-release/traces. The last block of a prompt may
  /// be partial; ids are chained, so that an id stands for the whole prompt up to its block's end.
  /// For the keys that AIPerf and Dynamo add see `traces/README.md`.
  public static let mooncake = TraceFormat(
    name: "mooncake",
    summary: "Mooncake traces, JSON lines with milliseconds and ids of 512-token prompt blocks.",
    example: """
      {"timestamp": 0, "input_length": 1300, "output_length": 96, "hash_ids": [0, 1, 2]}
      {"timestamp": 0, "input_length": 1025, "output_length": 40, "hash_ids": [0, 1, 3]}
      {"input_length":1600,"output_length":7,"timestamp":2999,"hash_ids":[ 0,1,2,4 ],"session_id":7}
      {"session_id": 7, "delay": 9501, "input_length": 512, "output_length": 1, "hash_ids": [0]}
      {"session_id": "7", "delay": 0.5, "input_length": 9, "output_length": 8, "hash_ids": [0]}
      {"created_time": 13000, "input_tokens": 8, "output_tokens": 2, "output_token_ids": [5, 6], \
      "hash_ids": [0], "priority": -1, "policy_class": "gold", "extra": {"top": [1, "}"]}}

      """,
    matches: { MooncakeScanner.recognizes($0) && !MooncakeScanner.isOfAnother($0) },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, MooncakeScanner(options), options)
    }
  )
}

/// Scans Mooncake's lines, and those of formats that differ little from them.
struct MooncakeScanner: RecordScanner {
  var format: TraceFormat {
    switch dialect {
    case .mooncake: .mooncake
    case .aiperf: .aiperf
    case .delta: .mooncakeDelta
    }
  }

  /// The formats whose lines are scanned here.
  enum Dialect {
    case mooncake
    /// Lines can do without hash ids even where the trace has no sessions.
    case aiperf
    /// Later turns hold what is new in them alone.
    case delta
  }

  static let blockTokens: Int64 = 512

  private static let telling = [
    "timestamp", "created_time", "input_length", "input_tokens", "hash_ids", "text_input",
  ]

  /// Whether a line has keys of this format.
  static func recognizes(_ line: String) -> Bool {
    line.contains("{") && telling.contains { line.contains("\"\($0)\"") }
  }

  /// Whether a line is of a format that has grown out of this one and has some of its keys.
  static func isOfAnother(_ line: String) -> Bool {
    TraceFormat.all.contains { $0.name != TraceFormat.mooncake.name && $0.matches(line) }
  }

  private let options: ReadOptions
  private let dialect: Dialect
  private var contexts = DeltaContexts()
  let hasStartTimes: Bool
  private var clock = ArrivalClock()
  private var trie = PrefixTrieBuilder()
  private var ids = ContiguousArray<Int64>()
  /// Where the trace has sessions; then its last line can arrive before its first.
  private var sessions: MooncakeSessions?
  private var classes = NameColumn()
  private var hasPriorities = false
  private var hasClasses = false
  /// Whether lines have hash ids; nil before the first.
  private var hasPrefixes: Bool?
  /// Lines scanned.
  private var rows: Int64 = 0
  /// The first arrival on the source's clock, where rows have not been rebased as they were read.
  private var origin: SimTime?

  init(_ options: ReadOptions, _ dialect: Dialect = .mooncake, hasStartTimes: Bool = true) {
    self.options = options
    self.dialect = dialect
    self.hasStartTimes = hasStartTimes
    if !hasStartTimes {
      var none = RowGroup()
      sessions = MooncakeSessions(&none, origin: 0, starts: EvenStarts(options))
    }
  }

  var names: TraceNames {
    var names = TraceNames()
    names.classes = classes.names
    let canLackPrefixes = sessions != nil || dialect == .aiperf
    names.blockTokens = canLackPrefixes && trie.isEmpty ? 0 : Int(Self.blockTokens)
    return names
  }

  var order: LineOrder { sessions == nil ? .arrivals : .unsorted }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let fields = try MooncakeFields(line, ids: &ids, options)
    if sessions == nil, fields.has(.sessionId) || fields.has(.delay) {
      try expectEarly("session_id or delay")
      sessions = MooncakeSessions(&group, origin: clock.first ?? 0)
    }
    try appendRare(fields, line, &group)
    let stamp = try stamp(fields, line)
    let prompt = try prompt(fields, line)
    if sessions == nil {
      group.arrival.append(try clock.arrival(stamp ?? 0, at: fields.timestampPosition))
    } else {
      try sessions?.append(fields, record: rows, stamp: stamp, line, to: &group)
    }
    group.promptTokens.append(prompt.tokens)
    group.outputTokens.append(Int32(fields.outputLength))
    if let path = prompt.path {
      group.prefixNode.append(path.node)
      group.prefixBlocks.append(path.blocks)
    }
    rows += 1
  }

  /// Appends what few files have: priority and class, once a line has had one.
  @inline(__always)
  private mutating func appendRare(
    _ fields: MooncakeFields,
    _ line: Span<UInt8>,
    _ group: inout RowGroup
  ) throws(Fault) {
    if !hasPriorities, fields.has(.priority) {
      try expectEarly("priority")
      hasPriorities = true
      group.priority = ContiguousArray(repeating: 0, count: Int(rows))
    }
    if !hasClasses, fields.has(.policyClass) {
      try expectEarly("policy_class")
      hasClasses = true
      if rows > 0 {
        let none = try classes.index(line, CSVField(range: 0..<0))
        group.requestClass = ContiguousArray(repeating: none, count: Int(rows))
      }
    }
    if hasPriorities { group.priority.append(fields.priority) }
    if hasClasses {
      group.requestClass.append(try classes.index(line, CSVField(range: fields.policyClass)))
    }
  }

  /// Checks that a key comes up before the first rows have been given out without it.
  private func expectEarly(_ keys: String) throws(Fault) {
    guard rows < RowGroup.preferredRows else {
      throw Fault(
        at: 0,
        "\(keys) appears first here; in a trace that has it one of the first "
          + "\(RowGroup.preferredRows) lines has it"
      )
    }
  }

  /// The time stamp in nanoseconds, or nil where a trace with sessions has none.
  private func stamp(_ fields: MooncakeFields, _ line: Span<UInt8>) throws(Fault) -> Int64? {
    guard fields.has(.timestamp) else {
      if sessions != nil { return nil }
      throw Fault(at: line.count, "timestamp is missing; only a later turn of a session needs none")
    }
    guard hasStartTimes else {
      throw Fault(
        at: fields.timestampPosition,
        "timestamp is not on the first line; give it to the first turn of every session or to none"
      )
    }
    let (time, overflow) = fields.timestamp.multipliedReportingOverflow(by: 1_000_000)
    if overflow {
      throw Fault(at: fields.timestampPosition, "timestamp is beyond 292 years in milliseconds")
    }
    return time
  }

  /// The whole prompt of a line.
  @inline(__always)
  private mutating func prompt(
    _ fields: MooncakeFields,
    _ line: Span<UInt8>
  ) throws(Fault) -> DeltaContexts.Prompt {
    try checkIds(fields, line)
    if dialect == .delta, let session = try sessions?.session(of: fields, line) {
      return try contexts.prompt(fields, ids, of: session, in: &trie)
    }
    let tokens = Int32(fields.inputLength)
    guard fields.has(.hashIds) else { return DeltaContexts.Prompt(tokens: tokens) }
    let path = try trie.insert(ids, at: fields.hashIdsPosition)
    return DeltaContexts.Prompt(tokens: tokens, path: path)
  }

  /// Checks that a line has hash ids where the others do, as many as it has blocks.
  private mutating func checkIds(_ fields: MooncakeFields, _ line: Span<UInt8>) throws(Fault) {
    guard fields.has(.hashIds) else {
      guard sessions != nil || dialect == .aiperf, hasPrefixes != true else {
        throw Fault(
          at: line.count,
          "hash_ids is missing; only a trace with sessions can leave it out, and then of every line"
        )
      }
      hasPrefixes = false
      return
    }
    guard hasPrefixes != false else {
      throw Fault(at: fields.hashIdsPosition, "hash_ids is not on the lines before; give it to all")
    }
    hasPrefixes = true
    let blocks = (fields.inputLength + Self.blockTokens - 1) / Self.blockTokens
    guard ids.count == blocks else {
      throw Fault(
        at: fields.hashIdsPosition,
        "hash_ids holds \(ids.count) ids; an input_length of \(fields.inputLength) tokens "
          + "has \(blocks) blocks of \(Self.blockTokens)"
      )
    }
  }

  mutating func finish(_ group: inout RowGroup) {
    if sessions != nil {
      if origin == nil {
        origin = group.arrival.first
        // Lines were inserted in another order than rows come out.
        _ = trie.takeGroup()
      }
      for row in group.arrival.indices { group.arrival[row] -= origin ?? 0 }
      for node in group.prefixNode { trie.touch(node) }
    }
    group.prefixes = trie.takeGroup()
  }
}
