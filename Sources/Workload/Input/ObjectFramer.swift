/// Finds where JSON objects begin and end: those of a file of one after another, such as a line each,
/// or those of one array.
///
/// Looks at brackets and strings alone; the rest of the grammar is up to who scans the object.
struct ObjectFramer {
  /// 1-based line on which the object found last begins, and the bytes before it on that line.
  private(set) var objectLine = 1
  private(set) var objectColumn = 0
  /// 1-based line of the byte that is looked at next.
  private(set) var line = 1
  /// Offset of that line in the source, and of the bytes given.
  private var lineStart = 0
  private var dropped = 0
  /// How many of the bytes given have been looked at, and where the object begins; −1 outside.
  private var looked = 0
  private var objectStart = -1
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var place = Place.start

  private enum Place {
    /// Before the first object, which an array may hold.
    case start
    /// Between the objects of a file.
    case file
    /// Behind a bracket, an object and a comma in an array.
    case arrayStart, arrayObject, arrayComma
    case arrayEnd
  }

  var isInsideObject: Bool { objectStart >= 0 }

  /// Why the source cannot end between objects; nil where it can.
  var problemAtEnd: String? {
    switch place {
    case .start, .file, .arrayEnd: nil
    case .arrayStart, .arrayObject, .arrayComma:
      "array of objects is not closed with ']'; the file is truncated, fetch or write it again"
    }
  }

  /// How many of the bytes given nobody needs any more, because they precede the object.
  var passed: Int { objectStart >= 0 ? objectStart : looked }

  /// Takes note that so many of the bytes given will not be given again.
  mutating func drop(_ count: Int) {
    dropped += count
    looked -= count
    if objectStart >= 0 { objectStart -= count }
  }

  /// The 1-based column of a byte on the line at hand.
  func column(of position: Int) -> Int { dropped + position - lineStart + 1 }

  /// Returns the range of the next object, or nil where more bytes are needed behind those given.
  mutating func scan(_ bytes: Span<UInt8>) throws(Fault) -> Range<Int>? {
    if objectStart < 0 {
      guard try findStart(bytes) else { return nil }
    }
    guard let end = findEnd(bytes) else { return nil }
    defer { objectStart = -1 }
    return objectStart..<end
  }

  /// Ends the object at hand, which the source does not close.
  mutating func abandonObject() { objectStart = -1 }

  /// Moves behind the bracket that opens an object.
  private mutating func findStart(_ bytes: Span<UInt8>) throws(Fault) -> Bool {
    while looked < bytes.count {
      let byte = bytes[looked]
      switch (byte, place) {
      case (0x0A, _):
        line += 1
        lineStart = dropped + looked + 1
      case (0x20, _), (0x09, _), (0x0D, _): break
      case (UInt8(ascii: "["), .start): place = .arrayStart
      case (UInt8(ascii: ","), .arrayObject): place = .arrayComma
      case (UInt8(ascii: "]"), .arrayStart), (UInt8(ascii: "]"), .arrayObject): place = .arrayEnd
      case (UInt8(ascii: "{"), .start), (UInt8(ascii: "{"), .file): return enter(.file)
      case (UInt8(ascii: "{"), .arrayStart), (UInt8(ascii: "{"), .arrayComma):
        return enter(.arrayObject)
      default: throw Fault(at: looked, "expected \(expected), found \(bytes.quoted(at: looked))")
      }
      looked += 1
    }
    return false
  }

  private mutating func enter(_ next: Place) -> Bool {
    place = next
    objectStart = looked
    objectLine = line
    objectColumn = dropped + looked - lineStart
    looked += 1
    depth = 1
    isInString = false
    isEscaped = false
    return true
  }

  private var expected: String {
    switch place {
    case .start: "'{' or '['"
    case .file, .arrayComma: "'{'"
    case .arrayStart: "'{' or ']'"
    case .arrayObject: "',' or ']'"
    case .arrayEnd: "the end of the file"
    }
  }

  /// The place behind the object, or nil where it is not among the bytes.
  private mutating func findEnd(_ bytes: Span<UInt8>) -> Int? {
    // Local copies, since stores through `self` cost a third of the speed.
    var (position, depth, isInString, isEscaped) = (
      looked, self.depth, self.isInString, self.isEscaped
    )
    defer {
      (looked, self.depth, self.isInString, self.isEscaped) = (
        position, depth, isInString, isEscaped
      )
    }
    while position < bytes.count {
      if !isEscaped, let lanes = ByteLanes(bytes, at: position),
        let passed = lanes.passed(depth: depth, isInString: isInString)
      {
        (depth, isInString) = passed
        if let lineFeed = lanes.last(0x0A) {
          startLine(at: position + lineFeed + 1, of: lanes.count(0x0A))
        }
        position += ByteLanes.count
        continue
      }
      for _ in 0..<min(ByteLanes.count, bytes.count - position) {
        let byte = bytes[position]
        position += 1
        if byte == 0x0A { startLine(at: position, of: 1) }
        if isEscaped {
          isEscaped = false
          continue
        }
        switch byte {
        case UInt8(ascii: "\\"): isEscaped = isInString
        case UInt8(ascii: "\""): isInString.toggle()
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += isInString ? 0 : 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= isInString ? 0 : 1
        default: break
        }
        if depth == 0 { return position }
      }
    }
    return nil
  }

  /// Takes note of so many line feeds, the last of them in front of a position.
  @inline(never)
  private mutating func startLine(at position: Int, of lineFeeds: Int) {
    line += lineFeeds
    lineStart = dropped + position
  }
}
