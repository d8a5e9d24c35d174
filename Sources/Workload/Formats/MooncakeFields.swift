import Spelling

/// One line of a Mooncake trace, with the byte at which each value stands.
///
/// A strict scanner for this one schema: an object with each key at most once, in any order, and
/// whitespace where JSON allows it. Which keys may be left out depends on the other lines.
struct MooncakeFields {
  private(set) var timestamp: Int64 = 0
  private(set) var timestampPosition = 0
  private(set) var inputLength: Int64 = 0
  private(set) var outputLength: Int64 = 0
  private(set) var hashIdsPosition = 0
  /// Where the text of the session id stands.
  private(set) var sessionId = 0..<0
  /// In nanoseconds.
  private(set) var delay: Int64 = 0
  private(set) var delayPosition = 0
  /// One bit for each key of the line.
  private var seen: UInt8 = 0

  enum Key: String, CaseIterable {
    case timestamp
    case inputLength = "input_length"
    case outputLength = "output_length"
    case hashIds = "hash_ids"
    case sessionId = "session_id"
    case delay

    fileprivate var bit: UInt8 {
      switch self {
      case .timestamp: 1
      case .inputLength: 2
      case .outputLength: 4
      case .hashIds: 8
      case .sessionId: 16
      case .delay: 32
      }
    }
  }

  func has(_ key: Key) -> Bool { seen & key.bit != 0 }

  /// Scans a line and replaces `ids` by its hash ids.
  init(_ line: Span<UInt8>, ids: inout ContiguousArray<Int64>) throws(Fault) {
    var cursor = JSONCursor()
    try cursor.expect(UInt8(ascii: "{"), in: line)
    repeat {
      let key = try Self.key(&cursor, line)
      if has(key) { throw Fault(at: cursor.position, "\(key.rawValue) appears twice; keep one") }
      seen |= key.bit
      try cursor.expect(UInt8(ascii: ":"), in: line)
      cursor.skipSpace(in: line)
      try scan(key, &cursor, line, &ids)
    } while try cursor.continues(until: UInt8(ascii: "}"), in: line)
    cursor.skipSpace(in: line)
    if cursor.position < line.count {
      let found = line.quoted(at: cursor.position)
      throw Fault(at: cursor.position, "expected the end of the line after '}', found \(found)")
    }
    if !has(.inputLength) { throw Fault(at: line.count, "input_length is missing") }
    if !has(.outputLength) { throw Fault(at: line.count, "output_length is missing") }
  }

  private mutating func scan(
    _ key: Key,
    _ cursor: inout JSONCursor,
    _ line: Span<UInt8>,
    _ ids: inout ContiguousArray<Int64>
  ) throws(Fault) {
    let position = cursor.position
    switch key {
    case .timestamp:
      timestampPosition = position
      timestamp = try cursor.whole(in: line, key.rawValue, 0...Int64.max)
    case .inputLength:
      inputLength = try cursor.whole(in: line, key.rawValue, 1...Int64(Int32.max))
    case .outputLength:
      outputLength = try cursor.whole(in: line, key.rawValue, 1...Int64(Int32.max))
    case .hashIds:
      hashIdsPosition = position
      ids.removeAll(keepingCapacity: true)
      try cursor.expect(UInt8(ascii: "["), in: line)
      cursor.skipSpace(in: line)
      if cursor.take(UInt8(ascii: "]"), in: line) { return }
      repeat {
        cursor.skipSpace(in: line)
        ids.append(try cursor.whole(in: line, key.rawValue, 0...Int64.max))
      } while try cursor.continues(until: UInt8(ascii: "]"), in: line)
    case .sessionId:
      sessionId = try cursor.label(in: line, key.rawValue)
    case .delay:
      delayPosition = position
      delay = try cursor.milliseconds(in: line, key.rawValue)
    }
  }

  private static func key(_ cursor: inout JSONCursor, _ line: Span<UInt8>) throws(Fault) -> Key {
    let range = try cursor.key(in: line)
    if line.spells("timestamp", range) { return .timestamp }
    if line.spells("input_length", range) { return .inputLength }
    if line.spells("output_length", range) { return .outputLength }
    if line.spells("hash_ids", range) { return .hashIds }
    if line.spells("session_id", range) { return .sessionId }
    if line.spells("delay", range) { return .delay }
    let known = KnownNames(Key.allCases.map(\.rawValue))
    let name = line.text(CSVField(range: range)) ?? ""
    throw Fault(
      at: range.lowerBound,
      "unknown key \(line.quoted(range))\(known.hint(for: name))"
    )
  }
}
