import Spelling

/// One line of a Mooncake trace, with the byte at which each value stands.
///
/// A strict scanner for this one schema: an object with each of four keys once, in any order,
/// whitespace where JSON allows it, and whole numbers only.
struct MooncakeFields {
  private(set) var timestamp: Int64 = 0
  private(set) var timestampPosition = 0
  private(set) var inputLength: Int64 = 0
  private(set) var outputLength: Int64 = 0
  private(set) var hashIdsPosition = 0

  private enum Key: String, CaseIterable {
    case timestamp
    case inputLength = "input_length"
    case outputLength = "output_length"
    case hashIds = "hash_ids"
  }

  /// Scans a line and replaces `ids` by its hash ids.
  init(_ line: Span<UInt8>, ids: inout ContiguousArray<Int64>) throws(Fault) {
    var cursor = JSONCursor()
    var seen: UInt8 = 0
    try cursor.expect(UInt8(ascii: "{"), in: line)
    repeat {
      let key = try Self.key(&cursor, line)
      let bit = UInt8(1) << UInt8(Self.index(key))
      if seen & bit != 0 {
        throw Fault(at: cursor.position, "\(key.rawValue) appears twice; keep one")
      }
      seen |= bit
      try cursor.expect(UInt8(ascii: ":"), in: line)
      cursor.skipSpace(in: line)
      try scan(key, &cursor, line, &ids)
    } while try cursor.continues(until: UInt8(ascii: "}"), in: line)
    cursor.skipSpace(in: line)
    if cursor.position < line.count {
      let found = line.quoted(at: cursor.position)
      throw Fault(at: cursor.position, "expected the end of the line after '}', found \(found)")
    }
    for key in Key.allCases where seen & UInt8(1) << UInt8(Self.index(key)) == 0 {
      throw Fault(at: line.count, "\(key.rawValue) is missing")
    }
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
    }
  }

  private static func index(_ key: Key) -> Int {
    switch key {
    case .timestamp: 0
    case .inputLength: 1
    case .outputLength: 2
    case .hashIds: 3
    }
  }

  private static func key(_ cursor: inout JSONCursor, _ line: Span<UInt8>) throws(Fault) -> Key {
    let range = try cursor.key(in: line)
    if line.spells("timestamp", range) { return .timestamp }
    if line.spells("input_length", range) { return .inputLength }
    if line.spells("output_length", range) { return .outputLength }
    if line.spells("hash_ids", range) { return .hashIds }
    let known = KnownNames(Key.allCases.map(\.rawValue))
    let name = line.text(CSVField(range: range)) ?? ""
    throw Fault(
      at: range.lowerBound,
      "unknown key \(line.quoted(range))\(known.hint(for: name))"
    )
  }
}
