enum WekaSessionKey: String, CaseIterable {
  case id, models
  case blockSize = "block_size"
  case hashIdScope = "hash_id_scope"
  case toolTokens = "tool_tokens"
  case systemTokens = "system_tokens"
  case requests, totals
}

/// The keys of a request, and those of the marker of a sub-agent.
enum WekaRequestKey: String, CaseIterable {
  case t, type, model
  case input = "in"
  case output = "out"
  case hashIds = "hash_ids"
  case inputTypes = "input_types"
  case outputTypes = "output_types"
  case stop
  case apiTime = "api_time"
  case timeToFirst = "ttft"
  case thinkTime = "think_time"
  case hashRuns = "hash_runs"
  case agentId = "agent_id"
  case subagentType = "subagent_type"
  case duration = "duration_ms"
  case totalTokens = "total_tokens"
  case toolUseCount = "tool_use_count"
  case status, requests, models
  case toolTokens = "tool_tokens"
  case systemTokens = "system_tokens"
}

/// A request of a session, or the marker of a sub-agent, with the bytes at which values stand.
struct WekaRequest {
  /// Nanoseconds since the start of the session, or of the sub-agent.
  var time: Int64 = 0
  var position = 0
  var input: Int64 = 0
  var inputPosition = 0
  var output: Int64 = 0
  var outputPosition = 0
  var blocks: Int64 = 0
  var blocksPosition = 0
  /// Where the names stand.
  var model = 0..<0
  var subagentType = 0..<0
  var hasToolResult = false
  /// In nanoseconds.
  var apiTime: Int64?
  var thinkTime: Int64?
  var duration: Int64?
  var isAsync = false
  /// Where a sub-agent's requests begin; nil for a request.
  var subagent: Int?
}

/// Scans requests, one after another.
struct WekaFields {
  private var keys = JSONKeys<WekaRequestKey>()
  private let options: ReadOptions
  /// The blocks of the request scanned last.
  private(set) var runs = ContiguousArray<BlockRun>()

  init(_ options: ReadOptions) { self.options = options }

  mutating func next(
    _ cursor: inout JSONCursor,
    in text: Span<UInt8>
  ) throws(Fault) -> WekaRequest {
    var request = WekaRequest()
    request.position = cursor.position
    runs.removeAll(keepingCapacity: true)
    var type = 0..<0
    var key = try keys.first(&cursor, in: text)
    while let found = key {
      switch found {
      case .t: request.time = try cursor.seconds(in: text, "t", options)
      case .type: type = try cursor.string(in: text, "type")
      case .input:
        request.inputPosition = cursor.position
        request.input = try cursor.whole(in: text, "in", 1...Int64(Int32.max))
      case .output:
        request.outputPosition = cursor.position
        request.output = try cursor.whole(in: text, "out", 0...Int64(Int32.max))
      case .hashIds, .hashRuns: try scanBlocks(found, &cursor, text, &request)
      default: try scanOther(found, &cursor, text, &request)
      }
      key = try keys.next(&cursor, in: text)
    }
    try check(&request, type, text, end: cursor.position)
    return request
  }

  private mutating func scanOther(
    _ key: WekaRequestKey,
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    _ request: inout WekaRequest
  ) throws(Fault) {
    switch key {
    case .model: request.model = try cursor.label(in: text, "model")
    case .inputTypes:
      request.hasToolResult = try cursor.strings(in: text, "input_types", contain: "tool_result")
    case .outputTypes: _ = try cursor.strings(in: text, "output_types", contain: "")
    case .apiTime: request.apiTime = try seconds(&cursor, text, "api_time")
    case .thinkTime: request.thinkTime = try seconds(&cursor, text, "think_time")
    case .timeToFirst: _ = try seconds(&cursor, text, "ttft")
    case .subagentType: request.subagentType = try cursor.label(in: text, "subagent_type")
    case .duration:
      if !cursor.takeNull(in: text) {
        request.duration = try cursor.milliseconds(in: text, "duration_ms", options)
      }
    case .status:
      request.isAsync = text.spells("async_launched", try cursor.string(in: text, "status"))
    case .requests:
      request.subagent = cursor.position
      try cursor.skipBrackets(in: text, "requests")
    default: try cursor.skipAny(in: text, key.rawValue)
    }
  }

  /// Reads seconds, or nil for `null`.
  private func seconds(
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    _ name: String
  ) throws(Fault) -> Int64? {
    cursor.takeNull(in: text) ? nil : try cursor.seconds(in: text, name, options)
  }

  private mutating func scanBlocks(
    _ key: WekaRequestKey,
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>,
    _ request: inout WekaRequest
  ) throws(Fault) {
    request.blocksPosition = cursor.position
    if keys.has(.hashIds), keys.has(.hashRuns) {
      throw Fault(
        at: cursor.position,
        "hash_ids and hash_runs stand side by side; keep one of them"
      )
    }
    let isRuns = key == .hashRuns
    guard try cursor.enterArray(in: text, key.rawValue) else { return }
    repeat {
      if isRuns { try cursor.expect(UInt8(ascii: "["), in: text) }
      cursor.skipSpace(in: text)
      // A run's last id has to fit too.
      let first = try cursor.whole(in: text, key.rawValue, 0...Int64.max - Int64(Int32.max))
      var count: Int64 = 1
      if isRuns {
        try cursor.expect(UInt8(ascii: ","), in: text)
        cursor.skipSpace(in: text)
        count = try cursor.whole(in: text, "length of a run", 1...Int64(Int32.max))
        try cursor.expect(UInt8(ascii: "]"), in: text)
      }
      append(first, count)
      request.blocks += count
    } while try cursor.nextElement(in: text)
  }

  /// Adds blocks, to the run before where they go on with its ids.
  private mutating func append(_ first: Int64, _ count: Int64) {
    if let last = runs.indices.last, runs[last].first + Int64(runs[last].count) == first,
      let sum = Int32(exactly: Int64(runs[last].count) + count)
    {
      runs[last].count = sum
    } else {
      runs.append(BlockRun(first: first, count: Int32(count)))
    }
  }

  private func check(
    _ request: inout WekaRequest,
    _ type: Range<Int>,
    _ text: Span<UInt8>,
    end: Int
  ) throws(Fault) {
    try keys.require(.t, at: end)
    try keys.require(.type, at: end)
    if text.spells("subagent", type) {
      try keys.require(.requests, at: end)
      return
    }
    guard text.spells("n", type) || text.spells("s", type) else {
      throw Fault(
        at: type.lowerBound,
        "type is \(text.quoted(type)); expected 'n', 's' or 'subagent'"
      )
    }
    if let requests = request.subagent {
      throw Fault(at: requests, "requests stand in a request; expected them in a subagent alone")
    }
    try keys.require(.input, at: end)
    try keys.require(.output, at: end)
    if !keys.has(.hashIds) { try keys.require(.hashRuns, at: end) }
  }
}
