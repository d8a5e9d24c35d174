import Spelling

/// The keys of a kind of object that a format knows, and how they were met in the object at hand.
///
/// Each key at most once, in any order; others are errors, or passed over with their values. Objects
/// of a file mostly have their keys in one order, so that the key which followed the last one before
/// is tried first.
struct JSONKeys<Key: CaseIterable & RawRepresentable & Equatable> where Key.RawValue == String {
  private let keys = Array(Key.allCases)
  private let spellings: [[UInt8]] = Key.allCases.map { Array($0.rawValue.utf8) }
  /// By place: the place of the key that came next, the last time.
  private var successor: [Int]
  private var last = 0
  private var seen: UInt64 = 0
  private let passesOthers: Bool

  /// With `passingOthers`, for objects that say more than a format needs, what a misspelt key would
  /// have said is to be required.
  init(passingOthers: Bool = false) {
    successor = Array(1...Key.allCases.count + 1)
    passesOthers = passingOthers
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
    while try cursor.continues(until: UInt8(ascii: "}"), in: text) {
      if let key = try key(&cursor, in: text) { return key }
    }
    return nil
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
    if place >= keys.count || !text.spells(spellings[place], range) {
      guard let found = spellings.firstIndex(where: { text.spells($0, range) }) else {
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
