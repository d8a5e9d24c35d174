import Spelling

/// One line of a Mooncake trace, with the byte at which each value stands.
///
/// A strict scanner for this one schema: an object with each key at most once, in any order, and
/// whitespace where JSON allows it. Which keys may be left out depends on the other lines.
struct MooncakeFields {
  private(set) var timestamp: Int64 = 0
  private(set) var timestampPosition = 0
  private(set) var inputLength: Int64 = 0
  private(set) var inputLengthPosition = 0
  private(set) var outputLength: Int64 = 0
  private(set) var hashIdsPosition = 0
  /// Where the text of the session id stands.
  private(set) var sessionId = 0..<0
  /// In nanoseconds.
  private(set) var delay: Int64 = 0
  private(set) var delayPosition = 0
  private(set) var priority: Int32 = 0
  /// Where the text of the policy class stands.
  private(set) var policyClass = 0..<0
  private var outputTokenIds: Int64 = 0
  private var outputTokenIdsPosition = 0
  /// One bit for each key of the line.
  private var seen: UInt32 = 0

  func has(_ key: MooncakeKey) -> Bool { seen & key.bit != 0 }

  /// Scans a line and replaces `ids` by its hash ids.
  init(
    _ line: Span<UInt8>,
    ids: inout ContiguousArray<Int64>,
    _ options: ReadOptions
  ) throws(Fault) {
    var cursor = JSONCursor()
    try cursor.expect(UInt8(ascii: "{"), in: line)
    repeat {
      let key = try MooncakeKey(cursor.key(in: line), line)
      if has(key) { throw Fault(at: cursor.position, "\(key.rawValue) appears twice; keep one") }
      seen |= key.bit
      try cursor.expect(UInt8(ascii: ":"), in: line)
      cursor.skipSpace(in: line)
      switch key {
      case .timestamp:
        timestampPosition = cursor.position
        timestamp = try cursor.whole(in: line, key.rawValue, 0...Int64.max)
      case .inputLength:
        inputLengthPosition = cursor.position
        inputLength = try cursor.whole(in: line, key.rawValue, 1...Int64(Int32.max))
      case .outputLength:
        outputLength = try cursor.whole(in: line, key.rawValue, 1...Int64(Int32.max))
      case .hashIds:
        hashIdsPosition = cursor.position
        try Self.scanIds(&cursor, line, &ids)
      default: try scanRare(key, &cursor, line, options)
      }
    } while try cursor.continues(until: UInt8(ascii: "}"), in: line)
    cursor.skipSpace(in: line)
    if cursor.position < line.count {
      let found = line.quoted(at: cursor.position)
      throw Fault(at: cursor.position, "expected the end of the line after '}', found \(found)")
    }
    if !has(.inputLength) { throw Fault(at: line.count, "input_length is missing") }
    if !has(.outputLength) { throw Fault(at: line.count, "output_length is missing") }
    if has(.outputTokenIds), outputTokenIds != outputLength {
      throw Fault(
        at: outputTokenIdsPosition,
        "output_token_ids holds \(outputTokenIds) ids; output_length is \(outputLength)"
      )
    }
  }

  private static func scanIds(
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ ids: inout ContiguousArray<Int64>
  ) throws(Fault) {
    ids.removeAll(keepingCapacity: true)
    try cursor.expect(UInt8(ascii: "["), in: line)
    cursor.skipSpace(in: line)
    if cursor.take(UInt8(ascii: "]"), in: line) { return }
    repeat {
      cursor.skipSpace(in: line)
      ids.append(try cursor.whole(in: line, MooncakeKey.hashIds.rawValue, 0...Int64.max))
    } while try cursor.continues(until: UInt8(ascii: "]"), in: line)
  }

  /// Scans a value that few files have; out of line, so that the usual ones are scanned fast.
  @inline(never)
  private mutating func scanRare(
    _ key: MooncakeKey,
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ options: ReadOptions
  ) throws(Fault) {
    let position = cursor.position
    switch key {
    case .timestamp, .inputLength, .outputLength, .hashIds: break
    case .sessionId: sessionId = try cursor.label(in: line, key.rawValue)
    case .delay:
      delayPosition = position
      delay = try cursor.milliseconds(in: line, key.rawValue, options)
    case .requestId: _ = try cursor.label(in: line, key.rawValue)
    case .priority:
      let bounds = Int64(Int32.min)...Int64(Int32.max)
      priority = Int32(try cursor.signed(in: line, key.rawValue, bounds))
    case .strictPriority:
      guard try cursor.whole(in: line, key.rawValue, 0...Int64(UInt32.max)) == 0 else {
        throw Fault(
          at: position,
          "strict_priority is not 0, but there is one priority here; give it as priority"
        )
      }
    case .policyClass: policyClass = try cursor.label(in: line, key.rawValue)
    case .outputTokenIds:
      outputTokenIdsPosition = position
      var ids = ContiguousArray<Int64>()
      try Self.scanIds(&cursor, line, &ids)
      outputTokenIds = Int64(ids.count)
    case .extra: try cursor.skipValue(in: line, key.rawValue)
    case .textInput, .messages, .tools, .payload:
      throw Fault(
        at: position,
        "\(key.rawValue) is text, whose tokens cannot be counted without the model's tokenizer; "
          + "count them before and give input_length instead"
      )
    }
  }
}

/// What a key of a Mooncake line says; some have a second spelling.
enum MooncakeKey: String, CaseIterable {
  case timestamp
  case inputLength = "input_length"
  case outputLength = "output_length"
  case hashIds = "hash_ids"
  case sessionId = "session_id"
  case delay
  case requestId = "request_id"
  case priority
  case strictPriority = "strict_priority"
  case policyClass = "policy_class"
  case outputTokenIds = "output_token_ids"
  case extra
  case textInput = "text_input"
  case messages, tools, payload

  fileprivate var bit: UInt32 {
    switch self {
    case .timestamp: 1
    case .inputLength: 1 << 1
    case .outputLength: 1 << 2
    case .hashIds: 1 << 3
    case .sessionId: 1 << 4
    case .delay: 1 << 5
    case .requestId: 1 << 6
    case .priority: 1 << 7
    case .strictPriority: 1 << 8
    case .policyClass: 1 << 9
    case .outputTokenIds: 1 << 10
    case .extra: 1 << 11
    case .textInput: 1 << 12
    case .messages: 1 << 13
    case .tools: 1 << 14
    case .payload: 1 << 15
    }
  }

  /// Dynamo's other spellings.
  private static let aliases: [(name: String, key: MooncakeKey)] = [
    ("created_time", .timestamp), ("input_tokens", .inputLength), ("output_tokens", .outputLength),
    ("delay_ms", .delay),
  ]

  fileprivate init(_ range: Range<Int>, _ line: Span<UInt8>) throws(Fault) {
    if line.spells("timestamp", range) {
      self = .timestamp
    } else if line.spells("input_length", range) {
      self = .inputLength
    } else if line.spells("output_length", range) {
      self = .outputLength
    } else if line.spells("hash_ids", range) {
      self = .hashIds
    } else if line.spells("session_id", range) {
      self = .sessionId
    } else if line.spells("delay", range) {
      self = .delay
    } else {
      self = try Self.rare(range, line)
    }
  }

  @inline(never)
  private static func rare(_ range: Range<Int>, _ line: Span<UInt8>) throws(Fault) -> MooncakeKey {
    let name = line.text(CSVField(range: range)) ?? ""
    if let key = MooncakeKey(rawValue: name) { return key }
    if let alias = aliases.first(where: { $0.name == name }) { return alias.key }
    if DynamoAgenticScanner.telling.contains("\(name)\"") {
      throw Fault(
        at: range.lowerBound,
        "unknown key \(line.quoted(range)), which traces of Dynamo's agents have; name their format "
          + "with --format dynamo-agentic"
      )
    }
    let known = KnownNames(allCases.map(\.rawValue) + aliases.map(\.name))
    throw Fault(
      at: range.lowerBound,
      "unknown key \(line.quoted(range))\(known.hint(for: name))"
    )
  }
}
