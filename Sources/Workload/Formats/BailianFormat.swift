extension TraceFormat {
  /// Qwen-Bailian's traces of chats, JSON lines.
  ///
  /// Source: github.com/alibaba-edu/qwen-bailian-usagetraces-anon. What the chains of chats become is
  /// described in `traces/README.md`.
  public static let bailian = TraceFormat(
    name: "bailian",
    summary: "Qwen-Bailian traces, JSON lines with seconds, parent chats and 16-token blocks.",
    example: """
      {"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 35, \
      "output_length": 80, "type": "text", "turn": 1, "hash_ids": [7, 8, 9]}
      {"chat_id": 160, "parent_chat_id": 159, "timestamp": 62.5, "input_length": 40, \
      "output_length": 80, "type": "text", "turn": 2, "hash_ids": [7, 8, 10]}
      {"chat_id": 161, "parent_chat_id": -1, "timestamp": 62.5, "input_length": 9, \
      "output_length": 3, "type": "coder", "turn": 1, "hash_ids": [11]}

      """,
    matches: { $0.contains("{") && $0.contains("\"parent_chat_id\"") },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, BailianScanner(options), options)
    }
  )
}

private enum BailianKey: String, CaseIterable {
  case chatId = "chat_id"
  case parentChatId = "parent_chat_id"
  case timestamp
  case inputLength = "input_length"
  case outputLength = "output_length"
  case type, turn
  case hashIds = "hash_ids"
}

private struct BailianScanner: RecordScanner {
  var format: TraceFormat { .bailian }

  private static let blockTokens: Int64 = 16

  /// What the types of chats are called here.
  private static let classes = [
    "text": "chat", "thinking": "reasoning", "coder": "coding", "search": "search",
    "image": "image", "file": "file",
  ]

  private let options: ReadOptions
  private var keys = JSONKeys<BailianKey>()
  private var clock = ArrivalClock()
  private var types = NameColumn()
  private var trie = PrefixTrieBuilder()
  private var ids = ContiguousArray<Int64>()
  /// Chats by id.
  private var chats: [Int64: Chat] = [:]
  private var sessionCount: Int32 = 0

  private struct Chat {
    var record: Int64
    var session: Int32
    var arrival: SimTime
  }

  /// One line, with the byte at which each value stands.
  private struct Line {
    var chat: Int64 = 0
    var chatPosition = 0
    var parent: Int64 = -1
    var parentPosition = 0
    var time: SimTime = 0
    var timePosition = 0
    var prompt: Int64 = 0
    var output: Int64 = 0
    var type = 0..<0
    var turn: Int64 = 1
    var idsPosition = 0
  }

  init(_ options: ReadOptions) { self.options = options }

  var names: TraceNames {
    var names = TraceNames()
    names.classes = types.names.compactMap { Self.classes[$0] }
    names.blockTokens = Int(Self.blockTokens)
    return names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let fields = try fields(line)
    let chatClass = try types.index(line, CSVField(range: fields.type))
    guard let name = Self.classes[types.names[Int(chatClass)]] else {
      throw Fault(
        at: fields.type.lowerBound,
        "type is \(line.quoted(fields.type)); expected "
          + Self.classes.keys.sorted().joined(separator: ", ")
      )
    }
    let arrival = try clock.arrival(fields.time, at: fields.timePosition)
    let path = try path(fields)
    try appendTurn(fields, arrival, isCoding: name == "coding", to: &group)
    group.arrival.append(arrival)
    group.promptTokens.append(Int32(fields.prompt))
    group.outputTokens.append(Int32(fields.output))
    group.requestClass.append(chatClass)
    group.prefixNode.append(path.node)
    group.prefixBlocks.append(path.blocks)
  }

  private mutating func fields(_ line: Span<UInt8>) throws(Fault) -> Line {
    var cursor = JSONCursor()
    var fields = Line()
    var next = try keys.first(&cursor, in: line)
    while let key = next {
      let position = cursor.position
      var name: String { key.rawValue }
      switch key {
      case .chatId:
        fields.chat = try cursor.whole(in: line, name, 0...Int64.max)
        fields.chatPosition = position
      case .parentChatId:
        fields.parent = try cursor.signed(in: line, name, -1...Int64.max)
        fields.parentPosition = position
      case .timestamp:
        fields.time = try cursor.seconds(in: line, name, options)
        fields.timePosition = position
      case .inputLength: fields.prompt = try cursor.whole(in: line, name, 1...Int64(Int32.max))
      case .outputLength: fields.output = try cursor.whole(in: line, name, 1...Int64(Int32.max))
      case .type: fields.type = try cursor.label(in: line, name)
      case .turn: fields.turn = try cursor.whole(in: line, name, 1...Int64(Int32.max))
      case .hashIds:
        try cursor.wholes(in: line, name, into: &ids)
        fields.idsPosition = position
      }
      next = try keys.next(&cursor, in: line)
    }
    for key in BailianKey.allCases { try keys.require(key, at: line.count) }
    try cursor.expectEnd(in: line)
    return fields
  }

  /// Where the full blocks of the prompt end in the trie: the id of a last, padded one stands for no
  /// content that another prompt can share, since decoding fills it.
  private mutating func path(_ fields: Line) throws(Fault) -> (node: Int32, blocks: Int32) {
    let blocks = (fields.prompt + Self.blockTokens - 1) / Self.blockTokens
    guard ids.count == blocks else {
      throw Fault(
        at: fields.idsPosition,
        "hash_ids holds \(ids.count) ids; an input_length of \(fields.prompt) tokens "
          + "has \(blocks) blocks of \(Self.blockTokens)"
      )
    }
    if fields.prompt % Self.blockTokens != 0 { ids.removeLast() }
    return ids.isEmpty ? (-1, 0) : try trie.insert(ids, at: fields.idsPosition)
  }

  /// Appends session, turn, gap and the edge to the parent chat. The source does not say when a
  /// response was complete, so a chat waits for its parent to be sent, and as long as recorded.
  private mutating func appendTurn(
    _ fields: Line,
    _ arrival: SimTime,
    isCoding: Bool,
    to group: inout RowGroup
  ) throws(Fault) {
    var chat = Chat(record: Int64(chats.count), session: sessionCount, arrival: arrival)
    var gap = GapKind.none
    if fields.parent < 0 {
      guard sessionCount < .max else {
        throw Fault(at: fields.chatPosition, "trace has more than \(Int32.max) sessions")
      }
      sessionCount += 1
    } else {
      guard let parent = chats[fields.parent] else {
        throw Fault(
          at: fields.parentPosition,
          "parent_chat_id is \(fields.parent), which no line before has as its chat_id; expected an "
            + "earlier chat, or -1 for none"
        )
      }
      chat.session = parent.session
      // Who goes on with a coding chat, a person or a tool, is not known.
      gap = isCoding ? .none : .human
      group.edges.append(
        TurnEdge(
          parentRecord: parent.record,
          delay: arrival - parent.arrival,
          trigger: .dispatch
        )
      )
    }
    guard chats.updateValue(chat, forKey: fields.chat) == nil else {
      throw Fault(at: fields.chatPosition, "chat_id \(fields.chat) is on an earlier line too")
    }
    group.session.append(chat.session)
    group.turn.append(Int32(fields.turn - 1))
    group.gapKind.append(gap)
    group.endEdges()
  }

  mutating func finish(_ group: inout RowGroup) { group.prefixes = trie.takeGroup() }
}
