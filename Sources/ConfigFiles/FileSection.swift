import Spelling

/// One mapping of a file whose keys are all known.
public struct FileSection<Key: RawRepresentable & CaseIterable & Equatable>
where Key.RawValue == String {
  /// Where the mapping starts.
  public let place: FilePlace
  /// What errors call the section, such as "a pool".
  private let what: String
  private var values: [(key: Key, node: FileNode)] = []

  /// Takes a node for a section.
  ///
  /// - Throws: `FileFault` unless it is a mapping without unknown keys.
  public init(_ node: FileNode, _ what: String) throws(FileFault) {
    place = node.place
    self.what = what
    guard case .mapping(let entries) = node.content else {
      throw FileFault(at: place, "\(what) is \(node.found); expected a mapping with keys")
    }
    for entry in entries {
      guard let key = Key(rawValue: entry.key) else {
        let hint = KnownNames(Key.allCases.map(\.rawValue)).hint(for: entry.key)
        throw FileFault(
          at: entry.place,
          "unknown key \(FileNode.quoted(entry.key)) in \(what)\(hint)"
        )
      }
      values.append((key, entry.value))
    }
  }

  /// What stands behind a key; nil where the section does not have it.
  public subscript(key: Key) -> FileNode? { values.first { $0.key == key }?.node }

  /// A value that the section cannot do without.
  public func required<Value>(_ key: Key, _ value: Value?) throws(FileFault) -> Value {
    guard let value else {
      throw FileFault(at: place, "\(what) needs the key '\(key.rawValue)'; add it")
    }
    return value
  }

  /// Reads a value that is there.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - expected: What errors say the value should be.
  ///   - read: Makes the value out of a scalar's text, or returns nil where it is something else.
  /// - Returns: The value; nil where the section has none.
  /// - Throws: `FileFault` where it is something else.
  private func read<Value>(
    _ key: Key,
    _ expected: String,
    _ read: (_ text: String, _ isQuoted: Bool) -> Value?
  ) throws(FileFault) -> Value? {
    guard let node = self[key] else { return nil }
    if case .scalar(let text, let isQuoted) = node.content, let value = read(text, isQuoted) {
      return value
    }
    throw FileFault(at: node.place, "\(key.rawValue) is \(node.found); expected \(expected)")
  }

  /// A whole number.
  ///
  /// - Returns: nil where the section does not have the key.
  /// - Throws: `FileFault` for another value, or one out of range.
  public func whole(_ key: Key, in range: ClosedRange<Int>) throws(FileFault) -> Int? {
    try read(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
      guard !$1, let value = FileNumbers.whole($0), range.contains(value) else { return nil }
      return value
    }
  }

  /// A finite number, in whatever unit the key says.
  ///
  /// - Returns: nil where the section does not have the key.
  /// - Throws: `FileFault` for another value, or one out of range.
  public func number(_ key: Key, in range: ClosedRange<Double>) throws(FileFault) -> Double? {
    let bounds = "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
    return try read(key, "a number from \(bounds)") {
      guard !$1, let value = FileNumbers.decimal($0), range.contains(value) else { return nil }
      return value
    }
  }

  /// A duration in nanoseconds.
  public func duration(_ key: Key, in range: ClosedRange<Int64>) throws(FileFault) -> Int64? {
    let bounds =
      "from \(FileNumbers.exactTime(range.lowerBound)) to \(FileNumbers.exactTime(range.upperBound))"
    return try read(key, "a duration \(bounds) with unit ns, us, ms or s, such as 10ms") {
      guard !$1, let value = FileNumbers.nanoseconds($0), range.contains(value) else { return nil }
      return value
    }
  }

  /// `true` or `false`.
  ///
  /// - Returns: nil where the section does not have the key.
  /// - Throws: `FileFault` for another value.
  public func flag(_ key: Key) throws(FileFault) -> Bool? {
    try read(key, "true or false") { $1 ? nil : ["true": true, "false": false][$0] }
  }

  /// A word for tables and file names: 1 to 64 letters, digits, dots, hyphens and underscores.
  public func word(_ key: Key) throws(FileFault) -> String? {
    try read(key, "1 to 64 letters, digits, '.', '-' or '_'") { text, _ in
      let isWord = text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
      }
      return isWord && (1...64).contains(text.utf8.count) ? text : nil
    }
  }

  /// One line of text.
  public func line(_ key: Key) throws(FileFault) -> String? {
    try read(key, "a line of 1 to 200 characters") { text, _ in
      let isLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      return isLine && (1...200).contains(text.unicodeScalars.count) ? text : nil
    }
  }

  /// One of an enumeration's raw values.
  ///
  /// - Returns: nil where the section does not have the key.
  /// - Throws: `FileFault` for another value, with the nearest of the known ones.
  public func choice<Value: RawRepresentable & CaseIterable>(
    _ key: Key
  ) throws(FileFault) -> Value? where Value.RawValue == String {
    try named(key, Array(Value.allCases)) { $0.rawValue }
  }

  /// One of several things with names.
  public func named<Value>(
    _ key: Key,
    _ known: [Value],
    _ name: (Value) -> String
  ) throws(FileFault) -> Value? {
    guard let node = self[key] else { return nil }
    guard case .scalar(let text, _) = node.content else {
      throw FileFault(
        at: node.place,
        "\(key.rawValue) is \(node.found); expected one of \(known.map(name).joined(separator: ", "))"
      )
    }
    if let value = known.first(where: { name($0) == text }) { return value }
    let hint = KnownNames(known.map(name)).hint(for: text)
    throw FileFault(at: node.place, "unknown \(key.rawValue) \(FileNode.quoted(text))\(hint)")
  }

  /// The items of a list.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - items: What errors call the items.
  ///   - most: How many there may be; at least one there has to be.
  /// - Returns: The items; nil where the section has no such key.
  /// - Throws: `FileFault` where the value is something else.
  public func list(
    _ key: Key,
    of items: String = "mappings",
    atMost most: Int
  ) throws(FileFault) -> [FileNode]? {
    guard let node = self[key] else { return nil }
    var found = node.found
    if case .list(let list) = node.content {
      if (1...most).contains(list.count) { return list }
      found = list.isEmpty ? "an empty list" : "a list of \(list.count)"
    }
    throw FileFault(
      at: node.place,
      "\(key.rawValue) is \(found); expected a list of 1 to \(most) \(items)"
    )
  }

  private static func text(_ bound: Double) -> String {
    bound == bound.rounded() && abs(bound) < 1e15 ? String(Int64(bound)) : String(bound)
  }
}
