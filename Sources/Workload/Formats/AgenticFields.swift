/// One line of a Dynamo agentic trace, of either version, with the byte at which each value stands.
struct AgenticFields {
  private(set) var requestId = 0..<0
  private(set) var session: Range<Int>?
  private(set) var play: Range<Int>?
  private(set) var model: Range<Int>?
  private(set) var prompt: Int64 = 0
  private(set) var output: Int64 = 0
  private(set) var idsPosition: Int?
  private(set) var timestamp: SimTime?
  private(set) var notBefore: SimTime?
  private(set) var service: SimTime = 0
  /// Whether the line says what it waits for, be it nothing.
  private(set) var hasWaits = false
  private(set) var waitFor: [Range<Int>] = []
  private(set) var branches: [Range<Int>] = []
  private(set) var priority: Int32 = 0
  private(set) var policyClass: Range<Int>?
  private(set) var hasTools = false
  /// The class of the tool that took longest.
  private(set) var tool: Range<Int>?
  private(set) var delayPosition = 0
  private var otherDelay: SimTime = 0
  private var toolWait: SimTime = 0

  struct Dependency {
    var id = 0..<0
    var trigger = TurnEdge.Trigger.completion
    var delay: SimTime = 0
  }

  enum Key: String, CaseIterable {
    case timestamp
    case inputLength = "input_length"
    case outputLength = "output_length"
    case hashIds = "hash_ids"
    case requestId = "request_id"
    case sessionId = "session_id"
    case playId = "play_id"
    case model
    case waitFor = "wait_for"
    case branches
    case prefixReset = "prefix_reset"
    case delay
    case toolWait = "tool_wait_ms"
    case toolEvents = "tool_events"
    case notBefore = "not_before_ms"
    case apiTime = "recorded_api_time_ms"
    case dependencies, priority
    case policyClass = "policy_class"
    case extra
  }

  fileprivate enum DependencyKey: String, CaseIterable {
    case requestId = "request_id"
    case trigger
    case delay = "delay_ms"
    case relation
  }

  fileprivate enum ToolKey: String, CaseIterable {
    case toolClass = "tool_class"
    case started = "started_at_unix_ms"
    case ended = "ended_at_unix_ms"
    case duration = "duration_ms"
  }

  /// The keys of each kind of object, kept from line to line.
  struct Keys {
    fileprivate var row = JSONKeys<Key>()
    fileprivate var dependency = JSONKeys<DependencyKey>()
    fileprivate var tool = JSONKeys<ToolKey>(passingOthers: true)
  }

  /// How long the request waits behind those in `waitFor`: for tools, and then for the rest.
  func delay() throws(Fault) -> SimTime { try otherDelay.later(by: toolWait, at: delayPosition) }

  /// Scans a line and replaces `ids` by its hash ids and `dependencies` by its own.
  init(
    _ line: Span<UInt8>,
    _ keys: inout Keys,
    ids: inout ContiguousArray<Int64>,
    _ dependencies: inout ContiguousArray<Dependency>,
    _ options: ReadOptions
  ) throws(Fault) {
    var cursor = JSONCursor()
    ids.removeAll(keepingCapacity: true)
    dependencies.removeAll(keepingCapacity: true)
    var next = try keys.row.first(&cursor, in: line)
    while let key = next {
      switch key {
      case .inputLength:
        prompt = try cursor.whole(in: line, key.rawValue, 1...Int64(Int32.max))
      case .outputLength:
        output = try cursor.whole(in: line, key.rawValue, 1...Int64(Int32.max))
      case .hashIds:
        idsPosition = cursor.position
        try cursor.wholes(in: line, key.rawValue, into: &ids)
      case .toolEvents: try takeTools(&cursor, line, &keys.tool, options)
      case .dependencies:
        hasWaits = true
        try Self.scan(&dependencies, &cursor, line, &keys.dependency, options)
      default: try take(key, &cursor, line, options)
      }
      next = try keys.row.next(&cursor, in: line)
    }
    try keys.row.require(.requestId, at: line.count)
    try keys.row.require(.inputLength, at: line.count)
    try keys.row.require(.outputLength, at: line.count)
    try cursor.expectEnd(in: line)
  }

  private mutating func take(
    _ key: Key,
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ options: ReadOptions
  ) throws(Fault) {
    var name: String { key.rawValue }
    switch key {
    case .requestId: requestId = try cursor.label(in: line, name)
    case .sessionId: session = try cursor.label(in: line, name)
    case .playId: play = try cursor.label(in: line, name)
    case .model: model = try cursor.label(in: line, name)
    case .policyClass: policyClass = try cursor.label(in: line, name)
    case .timestamp: timestamp = try cursor.milliseconds(in: line, name, options)
    case .notBefore: notBefore = try cursor.milliseconds(in: line, name, options)
    case .apiTime:
      if !cursor.takeNull(in: line) { service = try cursor.milliseconds(in: line, name, options) }
    case .delay:
      delayPosition = cursor.position
      otherDelay = try cursor.milliseconds(in: line, name, options)
    case .toolWait:
      delayPosition = cursor.position
      toolWait = try cursor.milliseconds(in: line, name, options)
      hasTools = hasTools || toolWait > 0
    case .waitFor:
      hasWaits = true
      waitFor = try Self.labels(&cursor, line, name)
    case .branches: branches = try Self.labels(&cursor, line, name)
    case .prefixReset: _ = try cursor.flag(in: line, name)
    case .priority:
      priority = Int32(
        try cursor.signed(in: line, name, Int64(Int32.min)...Int64(Int32.max))
      )
    default: try cursor.skipValue(in: line, name)
    }
  }

  private static func labels(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ name: String
  ) throws(Fault) -> [Range<Int>] {
    var labels: [Range<Int>] = []
    guard try cursor.enterArray(in: line, name) else { return labels }
    repeat {
      labels.append(try cursor.label(in: line, name))
    } while try cursor.nextElement(in: line)
    return labels
  }
}

extension AgenticFields {
  private static func scan(
    _ dependencies: inout ContiguousArray<Dependency>,
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ keys: inout JSONKeys<DependencyKey>,
    _ options: ReadOptions
  ) throws(Fault) {
    var more = try cursor.enterArray(in: line, "dependencies")
    while more {
      let opening = cursor.position
      var dependency = Dependency()
      var next = try keys.first(&cursor, in: line, "an item of dependencies")
      while let key = next {
        let name = key.rawValue
        switch key {
        case .requestId: dependency.id = try cursor.label(in: line, name)
        case .trigger:
          let isDispatch = try choice(&cursor, line, name, triggers) == 1
          dependency.trigger = isDispatch ? .dispatch : .completion
        case .delay: dependency.delay = try cursor.milliseconds(in: line, name, options)
        case .relation:
          _ = try choice(&cursor, line, name, relations)
        }
        next = try keys.next(&cursor, in: line)
      }
      try keys.require(.requestId, at: opening)
      try keys.require(.trigger, at: opening)
      dependencies.append(dependency)
      more = try cursor.nextElement(in: line)
    }
  }

  private static let triggers: [StaticString] = ["completion", "dispatch"]
  private static let relations: [StaticString] = ["sequence", "spawn", "join", "replay_barrier"]

  /// Reads one of some words and returns which.
  private static func choice(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ name: String,
    _ words: [StaticString]
  ) throws(Fault) -> Int {
    let range = try cursor.label(in: line, name)
    for index in words.indices where line.spells(words[index], range) { return index }
    let known = words.map { "\($0)" }.joined(separator: ", ")
    throw Fault(
      at: range.lowerBound,
      "\(name) is \(line.quoted(range)); expected one of \(known)"
    )
  }

  /// Finds the tool that took longest, the first of equals.
  private mutating func takeTools(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ keys: inout JSONKeys<ToolKey>,
    _ options: ReadOptions
  ) throws(Fault) {
    var longest: SimTime = -1
    var more = try cursor.enterArray(in: line, "tool_events")
    hasTools = hasTools || more
    while more {
      var name: Range<Int>?
      var (started, ended): (SimTime, SimTime) = (0, 0)
      var duration: SimTime?
      var next = try keys.first(&cursor, in: line, "an item of tool_events")
      while let key = next {
        if !cursor.takeNull(in: line) {
          switch key {
          case .toolClass: name = try cursor.label(in: line, key.rawValue)
          case .started: started = try cursor.milliseconds(in: line, key.rawValue, options)
          case .ended: ended = try cursor.milliseconds(in: line, key.rawValue, options)
          case .duration: duration = try cursor.milliseconds(in: line, key.rawValue, options)
          }
        }
        next = try keys.next(&cursor, in: line)
      }
      let time = duration ?? max(0, ended - started)
      if time > longest {
        longest = time
        tool = name
      }
      more = try cursor.nextElement(in: line)
    }
  }
}
