/// One line of TraceLab's dataset: a round of a session, with the byte at which each value stands.
///
/// The dataset has some twenty more keys, which say nothing that a replay needs; they are passed
/// over, and all of those here have to be there.
struct TraceLabRound {
  private(set) var session = 0..<0
  private(set) var model = 0..<0
  private(set) var index: Int64 = 0
  private(set) var indexPosition = 0
  private(set) var prompt: Int64 = 0
  private(set) var promptPosition = 0
  private(set) var prefix: Int64 = 0
  private(set) var newTokens: Int64 = 0
  private(set) var output: Int64 = 0
  private(set) var outputPosition = 0
  private(set) var reasoning: Int64 = 0
  private(set) var reasoningPosition = 0
  /// Nanoseconds since 1970 of the last event that the model was given, or of the first event where
  /// it was given none, and of the last event that it gave.
  private(set) var start: SimTime = 0
  private(set) var startText = 0..<0
  private(set) var finish: SimTime = 0
  private(set) var eventsPosition = 0
  /// Whether what started the round came from a person.
  private(set) var isHuman = false
  /// The name of the tool that took longest; nil where the round used none.
  private(set) var tool: Range<Int>?

  fileprivate enum Key: String, CaseIterable {
    case sessionId = "session_id"
    case roundIndex = "round_index"
    case model
    case inputTokens = "input_tokens_total"
    case prefixTokens = "prefix_tokens"
    case newTokens = "newly_append_tokens"
    case outputTokens = "output_tokens"
    case reasoningTokens = "reasoning_output_tokens"
    case timingEvents = "timing_events"
    case tools
  }

  fileprivate enum EventKey: String, CaseIterable {
    case type = "event_type"
    case timestamp
  }

  fileprivate enum ToolKey: String, CaseIterable {
    case name = "tool_name"
    case wallLatency = "tool_wall_latency_ms"
  }

  /// The keys of each kind of object, kept from line to line.
  struct Keys {
    fileprivate var round = JSONKeys<Key>(passingOthers: true)
    fileprivate var event = JSONKeys<EventKey>(passingOthers: true)
    fileprivate var tool = JSONKeys<ToolKey>(passingOthers: true)
  }

  init(_ line: Span<UInt8>, _ keys: inout Keys, _ options: ReadOptions) throws(Fault) {
    var cursor = JSONCursor()
    var next = try keys.round.first(&cursor, in: line)
    while let key = next {
      try take(key, &cursor, line, &keys, options)
      next = try keys.round.next(&cursor, in: line)
    }
    for key in Key.allCases { try keys.round.require(key, at: line.count) }
    try cursor.expectEnd(in: line)
    guard prompt == prefix + newTokens else {
      throw Fault(
        at: promptPosition,
        "input_tokens_total is \(prompt); prefix_tokens and newly_append_tokens sum to "
          + "\(prefix + newTokens)"
      )
    }
    guard reasoning <= output else {
      throw Fault(at: reasoningPosition, "reasoning_output_tokens exceeds output_tokens")
    }
  }

  private mutating func take(
    _ key: Key,
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ keys: inout Keys,
    _ options: ReadOptions
  ) throws(Fault) {
    let position = cursor.position
    let count = 0...Int64(Int32.max)
    var name: String { key.rawValue }
    switch key {
    case .sessionId: session = try cursor.label(in: line, name)
    case .model: model = try cursor.label(in: line, name)
    case .roundIndex:
      index = try cursor.whole(in: line, name, count)
      indexPosition = position
    case .inputTokens:
      prompt = try cursor.whole(in: line, name, count)
      promptPosition = position
    case .prefixTokens: prefix = try cursor.whole(in: line, name, count)
    case .newTokens: newTokens = try cursor.whole(in: line, name, count)
    case .outputTokens:
      output = try cursor.whole(in: line, name, count)
      outputPosition = position
    case .reasoningTokens:
      if cursor.takeNull(in: line) { return }
      reasoning = try cursor.whole(in: line, name, count)
      reasoningPosition = position
    case .timingEvents:
      eventsPosition = position
      try takeEvents(&cursor, line, &keys.event, options)
    case .tools: try takeTools(&cursor, line, &keys.tool, options)
    }
  }

  /// What the model is given are the messages and results of tools that stand first; all else is from
  /// the model or came while it was at work.
  private mutating func takeEvents(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ keys: inout JSONKeys<EventKey>,
    _ options: ReadOptions
  ) throws(Fault) {
    var isFirst = true
    var isGiven = true
    var more = try cursor.enterArray(in: line, "timing_events")
    while more {
      let opening = cursor.position
      var type = 0..<0
      var stamp = 0..<0
      var next = try keys.first(&cursor, in: line, "an item of timing_events")
      while let key = next {
        switch key {
        case .type: type = try cursor.label(in: line, key.rawValue)
        case .timestamp: stamp = try cursor.label(in: line, key.rawValue)
        }
        next = try keys.next(&cursor, in: line)
      }
      for key in EventKey.allCases { try keys.require(key, at: opening) }
      let time = try line.civilTime(stamp, EventKey.timestamp.rawValue, options)
      guard time >= 0 else {
        throw Fault(at: stamp.lowerBound, "timestamp is before 1970; expected a later one")
      }
      let isMessage = line.spells("user_message", type)
      isGiven = isGiven && (isMessage || line.spells("tool_result", type))
      if isFirst { isHuman = isMessage }
      if isFirst || (isGiven && time > start) {
        start = time
        startText = stamp
      }
      finish = isFirst ? time : max(finish, time)
      isFirst = false
      more = try cursor.nextElement(in: line)
    }
    guard !isFirst else {
      throw Fault(at: eventsPosition, "timing_events is empty; expected when the round started")
    }
  }

  private mutating func takeTools(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ keys: inout JSONKeys<ToolKey>,
    _ options: ReadOptions
  ) throws(Fault) {
    var longest: SimTime = -1
    var more = try cursor.enterArray(in: line, "tools")
    while more {
      let opening = cursor.position
      var name = 0..<0
      var latency: SimTime = 0
      var next = try keys.first(&cursor, in: line, "an item of tools")
      while let key = next {
        switch key {
        case .name: name = try cursor.label(in: line, key.rawValue)
        case .wallLatency:
          // A tool that never returned has none.
          if !cursor.takeNull(in: line) {
            latency = try cursor.milliseconds(in: line, key.rawValue, options)
          }
        }
        next = try keys.next(&cursor, in: line)
      }
      for key in ToolKey.allCases { try keys.require(key, at: opening) }
      if latency > longest {
        longest = latency
        tool = name
      }
      more = try cursor.nextElement(in: line)
    }
  }
}
