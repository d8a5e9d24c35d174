import Yams

extension FileNode {
  /// Deeper than any file of ours goes.
  private static let deepestNesting = 12
  fileprivate static let tooDeep =
    "nested more than \(deepestNesting) deep; no file of this kind is"

  /// Reads the one document of a YAML text.
  ///
  /// Only what reads the same to everyone is taken: no anchors, aliases, tags, merge keys,
  /// composite keys or duplicate keys.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - what: What errors say the file should describe, such as "fleet".
  /// - Throws: `FileFault` where the text is something else.
  public init(yaml text: String, describing what: String) throws(FileFault) {
    try Self.refuseManyAliases(text)
    // The parser keeps a pointer to the text, so the text must not lie within the string's own 16
    // bytes, where strings without further capacity keep up to 15 of them.
    var kept = text
    kept.reserveCapacity(64)
    do {
      let parser = try Parser(yaml: kept, resolver: .basic, encoding: .utf8)
      guard let root = try parser.nextRoot(), root.scalar?.string != "" else {
        throw FileFault(at: nil, "is empty; expected a \(what)")
      }
      if let next = try parser.nextRoot() {
        throw FileFault(at: next.place, "another document begins; expected one \(what) per file")
      }
      // Nodes refer weakly to their anchors, which the parser keeps.
      self = try withExtendedLifetime(parser) { try FileNode(root, depth: 0) }
    } catch let fault as FileFault {
      throw fault
    } catch let error as YamlError {
      throw FileFault(error, in: kept)
    } catch {
      throw FileFault(at: nil, "is not YAML: \(error)")
    }
  }

  /// Reads the one document of a file's bytes, which have to be UTF-8, as `init(yaml:describing:)`
  /// reads a text.
  public init(bytes: [UInt8], describing what: String) throws(FileFault) {
    try self.init(yaml: Self.text(bytes, what), describing: what)
  }

  private static func text(_ bytes: [UInt8], _ what: String) throws(FileFault) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    // Repair replaces what is not UTF-8, so that the texts part where it begins.
    let repaired = String(decoding: bytes, as: UTF8.self)
    var place = FilePlace(line: 1, column: 1)
    for (byte, other) in zip(bytes, repaired.utf8) {
      if byte != other { break }
      if byte == UInt8(ascii: "\n") {
        place = FilePlace(line: place.line + 1, column: 1)
      } else if byte & 0xC0 != 0x80 {
        place.column += 1
      }
    }
    throw FileFault(at: place, "is not UTF-8 text; expected a \(what) file in UTF-8")
  }

  /// The parser hashes keys with all that their aliases stand for, which a short file can make
  /// larger than memory. Eight aliases cannot; the first of them is refused by name later on.
  private static func refuseManyAliases(_ text: String) throws(FileFault) {
    var place = FilePlace(line: 1, column: 0)
    var (count, isComment, isBlank, afterStar) = (0, false, true, false)
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        place = FilePlace(line: place.line + 1, column: 0)
        (isComment, isBlank, afterStar) = (false, true, false)
        continue
      }
      place.column += 1
      if isBlank, scalar == "#" { isComment = true }
      isBlank = isBlank && (scalar == " " || scalar == "\t")
      if afterStar, !isComment, isAliasLetter(scalar) { count += 1 }
      afterStar = scalar == "*"
      guard count <= 8 else {
        throw FileFault(at: place, "more than 8 aliases (*name); write the values out")
      }
    }
  }

  private static func isAliasLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "A"..."Z", "a"..."z", "-", "_": true
    default: false
    }
  }

  private init(_ node: Node, depth: Int) throws(FileFault) {
    place = node.place
    if node.anchor != nil {
      throw FileFault(at: place, "an anchor (&name); write the value out wherever it is used")
    }
    guard depth <= Self.deepestNesting else {
      throw FileFault(at: place, Self.tooDeep)
    }
    switch node {
    case .scalar(let scalar):
      try Self.check(tag: scalar.tag, is: .str, at: place)
      content = .scalar(scalar.string, isQuoted: scalar.style != .plain)
    case .sequence(let sequence):
      try Self.check(tag: sequence.tag, is: .seq, at: place)
      var items: [FileNode] = []
      for item in sequence { items.append(try FileNode(item, depth: depth + 1)) }
      content = .list(items)
    case .mapping(let mapping):
      try Self.check(tag: mapping.tag, is: .map, at: place)
      content = .mapping(try Self.entries(mapping, depth: depth))
    case .alias:
      throw FileFault(at: place, "an alias (*name); write the value out")
    }
  }

  private static func entries(
    _ mapping: Node.Mapping,
    depth: Int
  ) throws(FileFault) -> [Entry] {
    var entries: [Entry] = []
    for (key, value) in mapping {
      let key = try FileNode(key, depth: depth + 1)
      guard case .scalar(let name, _) = key.content else {
        throw FileFault(at: key.place, "the key is \(key.found); expected a name")
      }
      entries.append(
        Entry(key: name, place: key.place, value: try FileNode(value, depth: depth + 1))
      )
    }
    return entries
  }

  private static func check(
    tag: Tag,
    is expected: Tag.Name,
    at place: FilePlace
  ) throws(FileFault) {
    let name = tag.description
    let plain = [Tag.Name.implicit.rawValue, Tag.Name.nonSpecific.rawValue, expected.rawValue]
    guard plain.contains(name) else {
      throw FileFault(at: place, "the tag \(quoted(name)); write the value without it")
    }
  }
}

extension Node {
  fileprivate var place: FilePlace {
    FilePlace(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }
}

extension FileFault {
  fileprivate init(_ error: YamlError, in text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let context = context.map { "\($0.text), " } ?? ""
      let isDeep = problem.hasPrefix("Maximum nesting level")
      self.init(
        at: FilePlace(line: mark.line, column: mark.column),
        isDeep ? FileNode.tooDeep : "is not YAML: \(context)\(problem)"
      )
    case .reader(let problem, let offset, _, _):
      self.init(
        at: offset.map { FilePlace(offset: $0, in: text) },
        "is not YAML: \(problem)"
      )
    case .duplicatedKeysInMapping(let keys, let context):
      let name = keys.first.map { " \(FileNode.quoted($0))" } ?? ""
      self.init(
        at: FilePlace(line: context.mark.line, column: context.mark.column),
        "key\(name) is given again further down; keep one"
      )
    default:
      self.init(at: nil, "is not YAML: \(error)")
    }
  }
}

extension FilePlace {
  /// The place of a character, by its number in the text from 0.
  fileprivate init(offset: Int, in text: String) {
    self.init(line: 1, column: 1)
    for character in text.prefix(offset) {
      if character.isNewline {
        self = FilePlace(line: line + 1, column: 1)
      } else {
        column += character.unicodeScalars.count
      }
    }
  }
}
