/// One line of a Dynamo agent trace: the end of a request, or an event of a tool.
///
/// Events have many keys that measure the server; those are passed over.
struct AgentEvent {
  private(set) var type = 0..<0
  private(set) var time: SimTime = 0
  private(set) var session: Range<Int>?
  private(set) var trajectory: Range<Int>?
  private(set) var parentTrajectory: Range<Int>?
  private(set) var model: Range<Int>?
  private(set) var prompt: Int64?
  private(set) var output: Int64?
  private(set) var received: SimTime?
  private(set) var total: SimTime?
  private(set) var requestPosition: Int?
  private(set) var blockTokens: Int64 = 0
  private(set) var hashesPosition: Int?
  private(set) var toolClass: Range<Int>?
  private(set) var toolStart: SimTime?
  private(set) var toolEnd: SimTime?
  private(set) var toolDuration: SimTime?

  fileprivate enum Key: String, CaseIterable {
    case schema
    case type = "event_type"
    case time = "event_time_unix_ms"
    case context = "agent_context"
    case request, tool, event
  }

  fileprivate enum PartKey: String, CaseIterable {
    case sessionId = "session_id"
    case trajectory = "trajectory_id"
    case parentTrajectory = "parent_trajectory_id"
    case model
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case received = "request_received_ms"
    case total = "total_time_ms"
    case replay
    case blockSize = "trace_block_size"
    case inputLength = "input_length"
    case hashes = "input_sequence_hashes"
    case toolClass = "tool_class"
    case started = "started_at_unix_ms"
    case ended = "ended_at_unix_ms"
    case duration = "duration_ms"
  }

  /// The keys of each kind of object, kept from line to line.
  struct Keys {
    fileprivate var wrapper = JSONKeys<Key>(passingOthers: true)
    fileprivate var event = JSONKeys<Key>(passingOthers: true)
    fileprivate var part = JSONKeys<PartKey>(passingOthers: true)
    fileprivate var replay = JSONKeys<PartKey>(passingOthers: true)
  }

  /// Scans a line and replaces `hashes` by those of its prompt.
  init(
    _ line: Span<UInt8>,
    _ keys: inout Keys,
    hashes: inout ContiguousArray<UInt64>,
    _ options: ReadOptions
  ) throws(Fault) {
    hashes.removeAll(keepingCapacity: true)
    var cursor = JSONCursor()
    var isWrapped = false
    var next = try keys.wrapper.first(&cursor, in: line)
    while let key = next {
      if key == .event {
        isWrapped = true
        var inner = try keys.event.first(&cursor, in: line, key.rawValue)
        while let key = inner {
          try take(key, &cursor, line, &keys, &hashes, options)
          inner = try keys.event.next(&cursor, in: line)
        }
        for key in [Key.schema, .type, .time] { try keys.event.require(key, at: cursor.position) }
      } else {
        try take(key, &cursor, line, &keys, &hashes, options)
      }
      next = try keys.wrapper.next(&cursor, in: line)
    }
    if !isWrapped {
      for key in [Key.schema, .type, .time] { try keys.wrapper.require(key, at: line.count) }
    }
    try cursor.expectEnd(in: line)
  }

  private mutating func take(
    _ key: Key,
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ keys: inout Keys,
    _ hashes: inout ContiguousArray<UInt64>,
    _ options: ReadOptions
  ) throws(Fault) {
    let position = cursor.position
    switch key {
    case .schema:
      let schema = try cursor.label(in: line, key.rawValue)
      guard
        line.spells("dynamo.agent.trace.v1", schema)
          || line.spells("dynamo.request.trace.v1", schema)
      else {
        throw Fault(
          at: position,
          "schema is \(line.quoted(schema)); expected dynamo.agent.trace.v1 or "
            + "dynamo.request.trace.v1"
        )
      }
    case .type: type = try cursor.label(in: line, key.rawValue)
    case .time: time = try cursor.milliseconds(in: line, key.rawValue, options)
    case .context, .request, .tool:
      if cursor.takeNull(in: line) { return }
      if key == .request { requestPosition = position }
      var next = try keys.part.first(&cursor, in: line, key.rawValue)
      while let part = next {
        try take(part, &cursor, line, &keys.replay, &hashes, options)
        next = try keys.part.next(&cursor, in: line)
      }
    case .event: throw Fault(at: position, "event stands in an event; expected one level of them")
    }
  }

  private mutating func take(
    _ key: PartKey,
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ replay: inout JSONKeys<PartKey>,
    _ hashes: inout ContiguousArray<UInt64>,
    _ options: ReadOptions
  ) throws(Fault) {
    if cursor.takeNull(in: line) { return }
    let name = key.rawValue
    let count = 0...Int64(Int32.max)
    switch key {
    case .sessionId: session = try cursor.label(in: line, name)
    case .trajectory: trajectory = try cursor.label(in: line, name)
    case .parentTrajectory: parentTrajectory = try cursor.label(in: line, name)
    case .model: model = try cursor.label(in: line, name)
    case .inputTokens, .inputLength: prompt = try cursor.whole(in: line, name, count)
    case .outputTokens: output = try cursor.whole(in: line, name, count)
    case .received: received = try cursor.milliseconds(in: line, name, options)
    case .total: total = try cursor.milliseconds(in: line, name, options)
    case .blockSize:
      blockTokens = try cursor.whole(in: line, name, 1...Int64(ArchiveFormat.mostBlockTokens))
    case .hashes:
      hashesPosition = cursor.position
      guard try cursor.enterArray(in: line, name) else { return }
      repeat {
        hashes.append(try cursor.word(in: line, name))
      } while try cursor.nextElement(in: line)
    case .toolClass: toolClass = try cursor.label(in: line, name)
    case .started: toolStart = try cursor.milliseconds(in: line, name, options)
    case .ended: toolEnd = try cursor.milliseconds(in: line, name, options)
    case .duration: toolDuration = try cursor.milliseconds(in: line, name, options)
    case .replay:
      var next = try replay.first(&cursor, in: line, name)
      while let part = next {
        guard part != .replay else {
          throw Fault(at: cursor.position, "replay stands in a replay; expected one")
        }
        var none = JSONKeys<PartKey>()
        try take(part, &cursor, line, &none, &hashes, options)
        next = try replay.next(&cursor, in: line)
      }
    }
  }
}

extension JSONCursor {
  /// Reads a whole number from 0 to 2⁶⁴ − 1.
  fileprivate mutating func word(
    in line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> UInt64 {
    let range = position..<valueEnd(in: line)
    var value: UInt64 = 0
    var isSound = !range.isEmpty
    for index in range {
      let digit = line[index] &- 48
      let (scaled, high) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(UInt64(digit))
      isSound = isSound && digit <= 9 && !high && !carry
      value = sum
    }
    guard isSound else {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(line.quoted(range)); expected a whole number from 0 to \(UInt64.max)"
      )
    }
    self = JSONCursor(at: range.upperBound)
    return value
  }
}
