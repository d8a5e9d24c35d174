extension TraceFormat {
  /// Conversations as text, as the ShareGPT dataset has them.
  ///
  /// Source: the files that vLLM's and SGLang's benchmarks read, an array of conversations. Tokens
  /// are characters by a ratio, since no tokenizer is at hand.
  public static let sharegpt = TraceFormat(
    name: "sharegpt",
    summary:
      "ShareGPT conversations, a JSON array of texts, whose tokens are characters by a ratio.",
    example: """
      [{"id": "a", "conversations": [{"from": "human", "value": "Why is the sky blue? Be brief."},
        {"from": "gpt", "value": "It scatters short waves most: \\u00e9, \\"blue\\"."},
        {"from": "human", "value": "And at dusk, when the sun stands low over the land and the sea?"},
        {"from": "gpt", "value": "Red."}]},
       {"id": "b", "conversations": [{"from": "human", "value": "Hello"},
        {"from": "gpt", "value": "Hi"}, {"from": "human", "value": "Bye"}]}]

      """,
    hasStartTimes: false,
    matches: { $0.contains("\"conversations\"") },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, ShareGPTScanner(options), options)
    }
  )
}

private enum ConversationKey: String, CaseIterable {
  case id, conversations, model, system, source, lang, tags, items
}

private enum MessageKey: String, CaseIterable {
  case from, value, markdown, text, weight
}

private struct ShareGPTScanner: RecordScanner {
  var format: TraceFormat { .sharegpt }
  var framing: RecordFraming { .objects }
  var hasStartTimes: Bool { false }

  private let options: ReadOptions
  private let starts: EvenStarts
  private var failureRule: FailureRule
  private var keys = JSONKeys<ConversationKey>()
  private var messageKeys = JSONKeys<MessageKey>()
  private var trie = BlockRunTrie()
  private var clock = ArrivalClock()
  private var sessions = 0
  private var rows: Int64 = 0

  /// A conversation as far as it has gone.
  private struct Talk {
    var session: Int32
    var arrival: SimTime
    var turn: Int32 = 0
    /// Characters of all messages so far.
    var characters: Int64 = 0
    /// Whether somebody has asked since the last answer.
    var isAsked = false
    var last = TurnWaits()
  }

  init(_ options: ReadOptions) {
    self.options = options
    starts = EvenStarts(options)
    failureRule = FailureRule(options)
  }

  var names: TraceNames {
    var names = TraceNames()
    names.blockTokens = BlockNamer.blockTokens
    return names
  }

  var failures: FailureCount? { failureRule.count }

  var note: String { "Tokens are characters of text ÷ \(options.charactersPerToken), rounded up." }

  mutating func scan(_ text: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    guard sessions < Int32.max else {
      throw Fault(at: 0, "trace has more than \(Int32.max) conversations")
    }
    let arrival = try clock.arrival(try starts.start(of: sessions, at: 0), at: 0)
    var cursor = JSONCursor()
    var key = try keys.first(&cursor, in: text)
    while let found = key {
      if found == .conversations {
        let talk = Talk(session: Int32(sessions), arrival: arrival)
        try scanMessages(&cursor, text, talk, into: &group)
      } else {
        try cursor.skipValue(in: text, found.rawValue)
      }
      key = try keys.next(&cursor, in: text)
    }
    try cursor.expectEnd(in: text)
    try keys.require(.conversations, at: cursor.position)
    trie.forgetIds()
    sessions += 1
  }

  mutating func finish(_ group: inout RowGroup) { group.prefixes = trie.takeGroup() }

  private mutating func scanMessages(
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    _ start: Talk,
    into group: inout RowGroup
  ) throws(Fault) {
    var talk = start
    guard try cursor.enterArray(in: text, "conversations") else { return }
    repeat {
      let position = cursor.position
      var (author, length): (Range<Int>, Int64) = (0..<0, 0)
      var key = try messageKeys.first(&cursor, in: text, "an item of conversations")
      while let found = key {
        switch found {
        case .from: author = try cursor.string(in: text, "from")
        case .value: length = try cursor.characters(in: text, "value")
        default: try cursor.skipValue(in: text, found.rawValue)
        }
        key = try messageKeys.next(&cursor, in: text)
      }
      try messageKeys.require(.from, at: cursor.position)
      try messageKeys.require(.value, at: cursor.position)
      if try isAnswer(author, text) {
        if talk.isAsked { try append(length, to: &talk, at: position, &group) }
        talk.isAsked = false
      } else {
        talk.isAsked = talk.isAsked || length > 0
      }
      talk.characters += length
    } while try cursor.nextElement(in: text)
  }

  private func isAnswer(_ author: Range<Int>, _ text: Span<UInt8>) throws(Fault) -> Bool {
    let name = text.text(CSVField(range: author)) ?? ""
    if ["gpt", "assistant", "chatgpt", "bing", "bard"].contains(name) { return true }
    guard ["human", "user", "system", "tool", "function"].contains(name) else {
      throw Fault(
        at: author.lowerBound,
        "from is \(text.quoted(author)); expected human, user, system, tool, function, gpt, "
          + "assistant, chatgpt, bing or bard"
      )
    }
    return false
  }

  /// Appends the turn that an answer of so many characters ends.
  private mutating func append(
    _ length: Int64,
    to talk: inout Talk,
    at position: Int,
    _ group: inout RowGroup
  ) throws(Fault) {
    if length == 0, try !failureRule.keeps(at: position, "value of an answer is empty") { return }
    let prompt = try tokens(talk.characters, at: position)
    let blocks = prompt / Int32(BlockNamer.blockTokens)
    let runs = blocks == 0 ? [] : [BlockRun(first: 0, count: blocks)]
    let path = try trie.insert(ContiguousArray(runs), at: position)
    group.arrival.append(talk.arrival)
    group.promptTokens.append(prompt)
    group.outputTokens.append(try tokens(length, at: position))
    group.prefixNode.append(path?.node ?? -1)
    group.prefixBlocks.append(path?.blocks ?? 0)
    try group.appendTurn(
      session: talk.session,
      turn: talk.turn,
      gap: talk.last.isEmpty ? .none : .human,
      waits: talk.last
    )
    talk.last = TurnWaits(completionOf: rows)
    talk.turn += 1
    rows += 1
  }

  private func tokens(_ characters: Int64, at position: Int) throws(Fault) -> Int32 {
    let tokens = max(1, (Double(characters) / options.charactersPerToken).rounded(.up))
    guard tokens <= Double(Int32.max) else {
      throw Fault(
        at: position,
        "text has more than \(Int32.max) tokens; raise --characters-per-token"
      )
    }
    return Int32(tokens)
  }
}

extension JSONCursor {
  /// Moves past a string and returns its length in Unicode scalars, as Python counts characters.
  fileprivate mutating func characters(
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> Int64 {
    let range = try string(in: text, name())
    var count: Int64 = 0
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = text[position]
      position += 1
      if byte == UInt8(ascii: "\\") {
        // A surrogate pair is two escapes; the second one, of DC00 to DFFF, does not count.
        let isUnicode = text[position] == UInt8(ascii: "u")
        let isLow =
          isUnicode && position + 2 < range.upperBound
          && text[position + 1] | 0x20 == UInt8(ascii: "d")
          && (UInt8(ascii: "c")...UInt8(ascii: "f")).contains(text[position + 2] | 0x20)
        position += isUnicode ? 5 : 1
        if position > range.upperBound {
          throw Fault(at: range.lowerBound, "\(name()) ends inside an escape")
        }
        count += isLow ? 0 : 1
      } else if byte & 0xC0 != 0x80 {
        count += 1
      }
    }
    return count
  }
}
