extension TraceFormat {
  /// Dynamo's traces of agents, versions 1 and 2.
  ///
  /// Source: github.com/ai-dynamo/dynamo, the mocker's trace formats. What requests wait for, and what
  /// sessions are, is described in `traces/README.md`.
  public static let dynamoAgentic = TraceFormat(
    name: "dynamo-agentic",
    summary: "Dynamo agentic traces, version 1 or 2, JSON lines of requests that wait for others.",
    example: """
      {"schema": "dynamo.agentic_mooncake", "version": 2, "block_size": 512, \
      "hash_id_scope": "local", "source": {"format": "x", "digest": "y"}}
      {"request_id": "r1", "play_id": "p1", "session_id": "s1", "model": "m", \
      "input_length": 1300, "output_length": 96, "hash_ids": [0, 1, 2], "not_before_ms": 0, \
      "recorded_api_time_ms": 900.5, "dependencies": []}
      {"request_id": "r2", "play_id": "p1", "session_id": "s1", "model": "m", \
      "input_length": 1500, "output_length": 40, "hash_ids": [0, 1, 3], "not_before_ms": 0, \
      "dependencies": [{"request_id": "r1", "trigger": "completion", "delay_ms": 330.5, \
      "relation": "sequence"}]}
      {"request_id": "r1", "play_id": "p2", "session_id": "s2", "model": "m", \
      "input_length": 9, "output_length": 4, "hash_ids": [0], "not_before_ms": 100, \
      "dependencies": []}

      """,
    matches: { line in
      line.contains("{") && DynamoAgenticScanner.telling.contains { line.contains("\"\($0)") }
    },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, DynamoAgenticScanner(options), options)
    }
  )
}

struct DynamoAgenticScanner: RecordScanner {
  var format: TraceFormat { .dynamoAgentic }
  var order: LineOrder { .late }

  /// What no other format has in its first line.
  static let telling = [
    "dynamo.agentic_mooncake", "wait_for\"", "branches\"", "prefix_reset\"", "tool_wait_ms\"",
    "tool_events\"", "play_id\"", "not_before_ms\"",
  ]

  private let options: ReadOptions
  private var keys = AgenticFields.Keys()
  private var header = AgenticHeader()
  private var isFirst = true
  private var rows = 0
  private var graph = RequestGraph()
  private var groups = SessionNumbers()
  /// The record of the last request of each group.
  private var lastOfGroup = ContiguousArray<Int32>()
  private var trie = PrefixTrieBuilder()
  private var ids = ContiguousArray<Int64>()
  private var dependencies = ContiguousArray<AgenticFields.Dependency>()
  private var models = NameColumn()
  private var classes = NameColumn()
  private var tools = NameColumn()
  private var hasPriorities = false
  private var hasGaps = false
  private var origin = SortedOrigin()

  init(_ options: ReadOptions) { self.options = options }

  var names: TraceNames {
    var names = TraceNames()
    // Requests without a name have the empty one.
    if models.names != [""] { names.models = models.names }
    if classes.names != [""] { names.classes = classes.names }
    if hasGaps { names.tools = tools.names }
    names.blockTokens = trie.isEmpty ? 0 : Int(header.blockTokens)
    return names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    defer { isFirst = false }
    if isFirst, let read = try AgenticHeader(line) {
      header = read
      return
    }
    let fields = try AgenticFields(line, &keys, ids: &ids, &dependencies, options)
    let scope = try addRequest(fields, line)
    let path = try path(fields, scope: scope)
    let none = CSVField(range: 0..<0)
    group.model.append(try models.index(line, fields.model.map { CSVField(range: $0) } ?? none))
    group.requestClass.append(
      try classes.index(line, fields.policyClass.map { CSVField(range: $0) } ?? none)
    )
    group.tool.append(try tools.index(line, fields.tool.map { CSVField(range: $0) } ?? none))
    group.gapKind.append(fields.hasTools ? .tool : .none)
    group.priority.append(fields.priority)
    hasGaps = hasGaps || fields.hasTools
    hasPriorities = hasPriorities || fields.priority != 0
    group.arrival.append(0)
    group.promptTokens.append(Int32(fields.prompt))
    group.outputTokens.append(Int32(fields.output))
    group.prefixNode.append(path.node)
    group.prefixBlocks.append(path.blocks)
    rows += 1
  }

  /// Adds a request to the graph and returns the scope of its ids: its play, or 0 for the whole file.
  private mutating func addRequest(
    _ fields: AgenticFields,
    _ line: Span<UInt8>
  ) throws(Fault) -> Int32 {
    var request = RequestGraph.Request()
    var before: Int32?
    if let name = fields.play ?? fields.session {
      let group = try groups.number(of: CSVField(range: name), line, "session_id")
      request.group = group.number
      // As in other Mooncake traces, a line that does not say what it waits for follows the one above.
      if !group.isNew, !fields.hasWaits, fields.timestamp == nil, fields.notBefore == nil {
        before = lastOfGroup[Int(group.number)]
      }
    }
    let scope = fields.play == nil ? 0 : request.group + 1
    request.time = fields.timestamp ?? fields.notBefore
    request.isTimeFixed = fields.timestamp != nil
    request.service = fields.service
    request.delay = try fields.delay()
    try graph.add(request, id: fields.requestId, line, scope: scope)
    if let before { graph.wait(for: before, delay: request.delay) }
    for name in fields.waitFor {
      try graph.wait(for: name, line, scope: scope, delay: request.delay, .completion)
    }
    for dependency in dependencies {
      let delay = dependency.delay
      try graph.wait(for: dependency.id, line, scope: scope, delay: delay, dependency.trigger)
    }
    for name in fields.branches { try graph.branch(to: name, line, scope: scope) }
    if request.group == lastOfGroup.count {
      lastOfGroup.append(graph.last)
    } else if request.group >= 0 {
      lastOfGroup[Int(request.group)] = graph.last
    }
    return scope
  }

  /// Where the prompt ends in the trie. Its last id can be that of a partial block.
  private mutating func path(
    _ fields: AgenticFields,
    scope: Int32
  ) throws(Fault) -> (node: Int32, blocks: Int32) {
    guard let position = fields.idsPosition else { return (-1, 0) }
    let full = fields.prompt / header.blockTokens
    let most = full + (fields.prompt % header.blockTokens == 0 ? 0 : 1)
    guard (full...most).contains(Int64(ids.count)) else {
      throw Fault(
        at: position,
        "hash_ids holds \(ids.count) ids; an input_length of \(fields.prompt) tokens has \(most) "
          + "blocks of \(header.blockTokens)"
      )
    }
    if ids.isEmpty { return (-1, 0) }
    return try trie.insert(ids, in: header.isLocal ? Int(scope) : 0, at: position)
  }

  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault) {
    try graph.complete(&group)
  }

  mutating func finish(_ group: inout RowGroup) {
    // Lines were inserted in another order than rows come out.
    if origin.rebase(&group) { _ = trie.takeGroup() }
    if models.names == [""] { group.model = [] }
    if classes.names == [""] { group.requestClass = [] }
    if !hasPriorities { group.priority = [] }
    if !hasGaps {
      group.tool = []
      group.gapKind = []
    }
    if trie.isEmpty {
      group.prefixNode = []
      group.prefixBlocks = []
    }
    for node in group.prefixNode where node >= 0 { trie.touch(node) }
    group.prefixes = trie.takeGroup()
  }
}

/// What the first line of version 2 says of the file; version 1 has no such line.
private struct AgenticHeader {
  private(set) var blockTokens: Int64 = 512
  /// Whether an id stands for another block in each play.
  private(set) var isLocal = false

  private enum Key: String, CaseIterable {
    case schema, version
    case blockSize = "block_size"
    case scope = "hash_id_scope"
  }

  init() {}

  /// Nil where the line is a request.
  init?(_ line: Span<UInt8>) throws(Fault) {
    var cursor = JSONCursor()
    var keys = JSONKeys<Key>(passingOthers: true)
    var next = try keys.first(&cursor, in: line)
    while let key = next {
      let position = cursor.position
      switch key {
      case .schema, .scope:
        let range = try cursor.label(in: line, key.rawValue)
        isLocal = isLocal || line.spells("local", range)
        let isKnown =
          key == .schema
          ? line.spells("dynamo.agentic_mooncake", range)
          : line.spells("local", range) || line.spells("global", range)
        let expected = key == .schema ? "dynamo.agentic_mooncake" : "local or global"
        guard isKnown else {
          throw Fault(
            at: position,
            "\(key.rawValue) is \(line.quoted(range)); expected \(expected)"
          )
        }
      case .version:
        guard try cursor.whole(in: line, key.rawValue, 0...Int64.max) == 2 else {
          throw Fault(at: position, "version is not 2, the one that has a line of its own for it")
        }
      case .blockSize:
        let most = Int64(ArchiveFormat.mostBlockTokens)
        blockTokens = try cursor.whole(in: line, key.rawValue, 1...most)
      }
      next = try keys.next(&cursor, in: line)
    }
    if !keys.has(.schema) { return nil }
    for key in Key.allCases { try keys.require(key, at: line.count) }
    try cursor.expectEnd(in: line)
  }
}
