/// Eight bytes of text that are looked at together, the first one in the lowest lane of a word.
///
/// JSON by the gigabyte is mostly bytes that do not matter to who looks for its brackets; a look at
/// each of them, with a branch, takes three times as long.
struct ByteLanes {
  static let count = 8

  let word: UInt64

  /// The lowest bit of each lane.
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// Nil where fewer bytes are left.
  @inline(__always)
  init?(_ bytes: Span<UInt8>, at position: Int) {
    guard position + Self.count <= bytes.count else { return nil }
    let raw = unsafe bytes.bytes
    word = UInt64(
      littleEndian: unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
    )
  }

  private init(word: UInt64) { self.word = word }

  /// How many of the bytes are this one.
  func count(_ byte: UInt8) -> Int { Self.count(equal(byte)) }

  /// The last place of a byte; nil where it is not among them.
  @inline(__always)
  func last(_ byte: UInt8) -> Int? {
    let found = equal(byte)
    return found == 0 ? nil : (63 - found.leadingZeroBitCount) / 8
  }

  /// How deep in brackets, and whether in a string, the JSON behind these bytes is, from what it is in
  /// front of them; nil where an object can end among them, or a string has an escape.
  @inline(__always)
  func passed(depth: Int, isInString: Bool) -> (depth: Int, isInString: Bool)? {
    if equal(UInt8(ascii: "\\")) != 0 { return nil }
    // The product has in each lane how many quotes there are up to it; an odd number opens a string.
    let quotes = equal(UInt8(ascii: "\"")) &* Self.ones ^ (isInString ? Self.ones : 0)
    let outside = ~quotes & Self.ones
    // One bit tells square brackets and braces apart.
    let brackets = ByteLanes(word: word | Self.ones &* 0x20)
    let closed = Self.count(brackets.equal(UInt8(ascii: "}")) & outside)
    guard closed == 0 || closed < depth else { return nil }
    let opened = Self.count(brackets.equal(UInt8(ascii: "{")) & outside)
    return (depth + opened - closed, quotes >> 56 & 1 != 0)
  }

  /// The lowest bit of each lane that holds the byte.
  @inline(__always)
  private func equal(_ byte: UInt8) -> UInt64 {
    let other = word ^ Self.ones &* UInt64(byte)
    let low = Self.ones &* 0x7F
    return ~((other & low) &+ low | other | low) >> 7
  }

  /// How many lanes have their lowest bit.
  @inline(__always)
  private static func count(_ lanes: UInt64) -> Int { Int((lanes &* ones) >> 56) }
}
