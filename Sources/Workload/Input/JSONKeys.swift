import Spelling

/// The keys of a kind of object that a format knows, and how they were met in the object at hand.
///
/// Each key at most once, in any order; others are errors, or passed over with their values. Objects
/// of a file mostly have their keys in one order, so that the key which followed the last one before
/// is tried first.
struct JSONKeys<Key: CaseIterable & RawRepresentable & Equatable> where Key.RawValue == String {
  private let keys = Array(Key.allCases)
  /// The keys with their quotes, each followed by a colon, and where each one begins and the last ends.
  private var spelled = ContiguousArray<UInt8>()
  private var start: ContiguousArray<Int> = [0]
  /// By place: the place of the key that came next, the last time.
  private var successor: ContiguousArray<Int>
  private var last = 0
  private var seen: UInt64 = 0
  private let passesOthers: Bool

  /// With `passingOthers`, for objects that say more than a format needs, what a misspelt key would
  /// have said is to be required.
  init(passingOthers: Bool = false) {
    successor = ContiguousArray(1...keys.count + 1)
    passesOthers = passingOthers
    for key in keys {
      spelled += "\"\(key.rawValue)\":".utf8
      start.append(spelled.count)
    }
  }

  func has(_ key: Key) -> Bool {
    keys.firstIndex(of: key).map { seen & 1 << UInt64($0) != 0 } ?? false
  }

  /// Moves to the value of the object's first key, and returns that; nil if the object is empty. An
  /// object that is part of another one has a name there.
  mutating func first(
    _ cursor: inout JSONCursor,
    in text: Span<UInt8>,
    _ name: @autoclosure () -> String? = nil
  ) throws(Fault) -> Key? {
    seen = 0
    last = keys.count
    cursor.skipSpace(in: text)
    guard cursor.take(UInt8(ascii: "{"), in: text) else {
      let found = text.quoted(cursor.position..<cursor.valueEnd(in: text))
      let what = name().map { "\($0) is \(found); expected an object, '{…}'" }
      throw Fault(
        at: cursor.position,
        what ?? "expected '{', found \(text.quoted(at: cursor.position))"
      )
    }
    cursor.skipSpace(in: text)
    if cursor.take(UInt8(ascii: "}"), in: text) { return nil }
    if let key = try key(&cursor, in: text) { return key }
    return try next(&cursor, in: text)
  }

  /// Moves from behind a value to that of the next key, and returns that; nil at the object's end.
  mutating func next(_ cursor: inout JSONCursor, in text: Span<UInt8>) throws(Fault) -> Key? {
    if let key = expected(&cursor, in: text) { return key }
    while try cursor.continues(until: UInt8(ascii: "}"), in: text) {
      if let key = try key(&cursor, in: text) { return key }
    }
    return nil
  }

  /// Moves from behind a value to that of the key that came next the last time; nil, without a move,
  /// where another one comes, or one with unusual space around it.
  private mutating func expected(_ cursor: inout JSONCursor, in text: Span<UInt8>) -> Key? {
    let place = successor[last]
    guard place < keys.count, seen & 1 << UInt64(place) == 0 else { return nil }
    var position = cursor.position
    guard position < text.count, text[position] == UInt8(ascii: ",") else { return nil }
    position += 1
    if position < text.count, text[position] == 0x20 { position += 1 }
    let end = position + start[place + 1] - start[place]
    guard end < text.count else { return nil }
    var letter = start[place]
    while position < end {
      guard text[position] == spelled[letter] else { return nil }
      position += 1
      letter += 1
    }
    cursor = JSONCursor(at: end)
    cursor.skipSpace(in: text)
    last = place
    seen |= 1 << UInt64(place)
    return keys[place]
  }

  /// Throws unless the object, which ends at a place, has a key.
  func require(_ key: Key, at position: Int) throws(Fault) {
    if !has(key) { throw Fault(at: position, "\(key.rawValue) is missing") }
  }

  /// Moves to the value of a key, or past that of a key which is passed over, returning nil.
  private mutating func key(
    _ cursor: inout JSONCursor,
    in text: Span<UInt8>
  ) throws(Fault) -> Key? {
    let range = try cursor.key(in: text)
    var place = successor[last]
    if place >= keys.count || !spells(place, range, text) {
      guard let found = keys.indices.first(where: { spells($0, range, text) }) else {
        try passOver(range, &cursor, text)
        return nil
      }
      place = found
      successor[last] = place
    }
    last = place
    if seen & 1 << UInt64(place) != 0 {
      throw Fault(at: range.lowerBound, "\(keys[place].rawValue) appears twice; keep one")
    }
    seen |= 1 << UInt64(place)
    try cursor.expect(UInt8(ascii: ":"), in: text)
    cursor.skipSpace(in: text)
    return keys[place]
  }

  /// Whether a range holds the key at a place.
  private func spells(_ place: Int, _ range: Range<Int>, _ text: Span<UInt8>) -> Bool {
    let first = start[place] + 1
    guard range.count == start[place + 1] - 2 - first else { return false }
    for offset in 0..<range.count where text[range.lowerBound + offset] != spelled[first + offset] {
      return false
    }
    return true
  }

  private func passOver(
    _ range: Range<Int>,
    _ cursor: inout JSONCursor,
    _ text: Span<UInt8>
  ) throws(Fault) {
    if passesOthers {
      try cursor.expect(UInt8(ascii: ":"), in: text)
      cursor.skipSpace(in: text)
      return try cursor.skipAny(in: text, "a value")
    }
    let known = KnownNames(Key.allCases.map(\.rawValue))
    let name = text.text(CSVField(range: range)) ?? ""
    throw Fault(
      at: range.lowerBound,
      "unknown key \(text.quoted(range))\(known.hint(for: name))"
    )
  }
}

extension Span<UInt8> {
  /// Whether the range holds exactly these bytes.
  func spells(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard range.count == bytes.count else { return false }
    for offset in 0..<bytes.count where self[range.lowerBound + offset] != bytes[offset] {
      return false
    }
    return true
  }
}
