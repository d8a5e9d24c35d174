extension TraceFormat {
  /// A university's questions to a chatbot with retrieval, with the ids of what prompts consist of.
  ///
  /// Source: github.com/flashserve/RAGPulse, data/0_trace.jsonl, beside which 1_*.jsonl to 5_*.jsonl
  /// hold the token lengths of the components. The published file joins two weeks, of which the
  /// second counts from 0 again.
  public static let ragpulse = TraceFormat(
    name: "ragpulse",
    summary: "RAGPulse, JSON lines with seconds and prompt components, lengths in files beside it.",
    example: """
      {"timestamp": "82", "input_length": 50, "output_length": 9, "hash_ids": {"sys_prompt": [1], \
      "passages_ids": [4, 5], "history": [], "web_search": [], "user_input": [9]}, "session_id": "a"}
      {"timestamp": "93", "input_length": 60, "output_length": 8, "hash_ids": {"sys_prompt": [1], \
      "passages_ids": [4], "history": [2], "web_search": [3], "user_input": []}, "session_id": "b"}
      {"timestamp": "604453", "input_length": 33, "output_length": 7, "hash_ids": {"sys_prompt": [1],\
       "passages_ids": [], "history": [], "web_search": [], "user_input": [9]}, "session_id": "a"}
      {"timestamp": "0", "input_length": 31, "output_length": 6, "hash_ids": {"sys_prompt": [1], \
      "passages_ids": [], "history": [], "web_search": [], "user_input": [9]}, "session_id": "b"}


      """,
    exampleName: "0_trace.jsonl",
    companions: [
      "1_sys_prompt.jsonl": "{\"sys_prompt_id\": 1, \"token_length\": 20}\n\n",
      "2_passages.jsonl": """
      {"passage_id": 4, "token_length": 12}
      {"passage_id": 5, "token_length": 3}
      """,
      "3_history.jsonl": "{\"history_id\": 2, \"token_length\": 12}\n",
      "4_user_input.jsonl": "{\"user_input_id\": 9, \"token_length\": 11}\n",
      "5_web_search.jsonl": "{\"web_search_id\": 3, \"token_length\": 15}\n",
    ],
    matches: { $0.contains("\"hash_ids\"") && $0.contains("\"sys_prompt\"") },
    open: { lines, options throws(TraceError) in
      let components = try RAGPulseComponents(besides: lines.file)
      return try LineTraceReader(lines, RAGPulseScanner(components, options), options)
    }
  )
}

private enum RAGPulseKey: String, CaseIterable {
  case timestamp
  case inputLength = "input_length"
  case outputLength = "output_length"
  case hashIds = "hash_ids"
  case sessionId = "session_id"
}

private struct RAGPulseScanner: RecordScanner {
  var format: TraceFormat { .ragpulse }

  private let options: ReadOptions
  private let components: RAGPulseComponents
  private var keys = JSONKeys<RAGPulseKey>()
  private var componentKeys = JSONKeys<RAGPulseComponent>()
  private var clock = ArrivalClock()
  private var lastTime: Int64 = 0
  /// What is added to the times behind a restart.
  private var restart: Int64?
  private var namer = BlockNamer()
  private var trie = PrefixTrieBuilder()
  private var sessions: [String: Turn] = [:]
  private var rows: Int64 = 0
  /// Ids of the row at hand by component.
  private var ids: [ContiguousArray<Int64>]

  /// The last turn of a session so far.
  private struct Turn {
    var session: Int32
    var turn: Int32
    var record: Int64
    var arrival: SimTime
  }

  /// A line as it is scanned.
  private struct Row {
    var time: Int64 = 0
    var timePosition = 0
    var input: Int64 = 0
    var output: Int64 = 0
    var idsPosition = 0
    var session = 0..<0
  }

  private static let week: Int64 = 604_800 * SimTime.nanosecondsPerSecond

  init(_ components: RAGPulseComponents, _ options: ReadOptions) {
    self.components = components
    self.options = options
    ids = RAGPulseComponent.allCases.map { _ in [] }
  }

  var names: TraceNames {
    var names = TraceNames()
    names.blockTokens = BlockNamer.blockTokens
    return names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    let row = try scanFields(line)
    let arrival = try clock.arrival(try time(of: row), at: row.timePosition)
    let path = try path(of: row)
    group.arrival.append(arrival)
    group.promptTokens.append(Int32(row.input))
    group.outputTokens.append(Int32(row.output))
    group.prefixNode.append(path?.node ?? -1)
    group.prefixBlocks.append(path?.blocks ?? 0)
    try appendTurn(row, arrival, line, to: &group)
    rows += 1
  }

  mutating func finish(_ group: inout RowGroup) { group.prefixes = trie.takeGroup() }

  private mutating func scanFields(_ line: Span<UInt8>) throws(Fault) -> Row {
    var row = Row()
    var cursor = JSONCursor()
    var key = try keys.first(&cursor, in: line)
    while let found = key {
      let name = found.rawValue
      switch found {
      case .timestamp:
        row.timePosition = cursor.position
        row.time = try line.seconds(try cursor.label(in: line, name), name, options)
      case .inputLength: row.input = try cursor.whole(in: line, name, 1...Int64(Int32.max))
      case .outputLength: row.output = try cursor.whole(in: line, name, 1...Int64(Int32.max))
      case .hashIds:
        row.idsPosition = cursor.position
        try scanComponents(&cursor, line)
      case .sessionId: row.session = try cursor.label(in: line, name)
      }
      key = try keys.next(&cursor, in: line)
    }
    try cursor.expectEnd(in: line)
    for key in RAGPulseKey.allCases { try keys.require(key, at: line.count) }
    return row
  }

  private mutating func scanComponents(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>
  ) throws(Fault) {
    for index in ids.indices { ids[index].removeAll(keepingCapacity: true) }
    var key = try componentKeys.first(&cursor, in: line, "hash_ids")
    while let component = key {
      if try cursor.enterArray(in: line, component.rawValue) {
        repeat {
          let position = cursor.position
          let id = try cursor.whole(in: line, component.rawValue, 0...Int64.max)
          guard components.tokens(of: id, component) != nil else {
            throw Fault(
              at: position,
              "\(component.rawValue) holds \(id), which \(component.file) does not have"
            )
          }
          ids[component.index].append(id)
        } while try cursor.nextElement(in: line)
      }
      key = try componentKeys.next(&cursor, in: line)
    }
  }

  /// The time of a row in the first week's count.
  private mutating func time(of row: Row) throws(Fault) -> Int64 {
    // A week that counts from 0 again is days earlier; a line out of order is not.
    let isRestart = restart == nil && lastTime - row.time > Self.week / 2
    if isRestart {
      // The part behind starts on the week after that of the row before.
      let (weeks, overflow) = (lastTime / Self.week + 1).multipliedReportingOverflow(by: Self.week)
      if overflow { throw Fault(at: row.timePosition, "timestamp is beyond 292 years") }
      restart = weeks
    } else if row.time < lastTime {
      throw Fault(
        at: row.timePosition,
        "timestamp is earlier than on the line before; sort the lines: only a second week may "
          + "count from 0 again"
      )
    }
    lastTime = row.time
    let (time, overflow) = row.time.addingReportingOverflow(restart ?? 0)
    if overflow { throw Fault(at: row.timePosition, "timestamp is beyond 292 years") }
    return time
  }

  /// Where the full blocks of the components end in the trie.
  private mutating func path(of row: Row) throws(Fault) -> (node: Int32, blocks: Int32)? {
    let size = Int64(BlockNamer.blockTokens)
    var blocks = ContiguousArray<Int64>()
    var digest = Digest128()
    var tokens: Int64 = 0
    for component in RAGPulseComponent.allCases {
      for id in ids[component.index] {
        let length = Int64(components.tokens(of: id, component) ?? 0)
        guard tokens + length <= row.input else {
          throw Fault(
            at: row.idsPosition,
            "components are longer than the input_length of \(row.input) tokens"
          )
        }
        // A block that ends inside a component holds so many of its tokens.
        var end = (tokens / size + 1) * size
        while end <= tokens + length {
          var inside = digest
          inside.add(component.index)
          inside.add(id)
          inside.add(end - tokens)
          blocks.append(namer.id(of: inside))
          end += size
        }
        digest.add(component.index)
        digest.add(id)
        digest.add(length)
        tokens += length
      }
    }
    return blocks.isEmpty ? nil : try trie.insert(blocks, at: row.idsPosition)
  }

  private mutating func appendTurn(
    _ row: Row,
    _ arrival: SimTime,
    _ line: Span<UInt8>,
    to group: inout RowGroup
  ) throws(Fault) {
    guard let name = line.text(CSVField(range: row.session)) else {
      throw Fault(at: row.session.lowerBound, "session_id is not UTF-8 text")
    }
    guard sessions.count < Int32.max else {
      throw Fault(at: row.session.lowerBound, "trace has more than \(Int32.max) sessions")
    }
    let number = Int32(sessions.count)
    var turn = Turn(session: number, turn: 0, record: rows, arrival: arrival)
    var waits = TurnWaits()
    if let before = sessions[name] {
      turn.session = before.session
      turn.turn = before.turn + 1
      waits = try TurnWaits(dispatchOf: before.record)
        .later(by: arrival - before.arrival, at: row.timePosition)
    }
    sessions[name] = turn
    try group.appendTurn(
      session: turn.session,
      turn: turn.turn,
      gap: waits.isEmpty ? .none : .human,
      waits: waits
    )
  }
}
