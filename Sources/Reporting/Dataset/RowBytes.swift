import Workload

/// Rows of a table as bytes, written without allocating per cell.
///
/// Room is made once per row, so that digits are stored eight at a time and what is too many of them
/// is written over by what follows.
struct RowBytes {
  private var bytes: [UInt8]
  private(set) var count = 0
  /// Bytes that a row takes at most besides its names.
  let rowRoom: Int

  /// No cell but a name is longer, stores beyond its end included.
  private static let longestCell = 40

  init(capacity: Int, columns: Int) {
    rowRoom = columns * Self.longestCell
    bytes = [UInt8](repeating: 0, count: capacity + rowRoom)
  }

  /// Makes sure that so many bytes and a row can follow.
  mutating func makeRoom(for more: Int = 0) {
    let missing = count + more + rowRoom - bytes.count
    if missing > 0 { bytes.append(contentsOf: repeatElement(0, count: max(missing, bytes.count))) }
  }

  /// All rows so far.
  var contents: [UInt8] { Array(bytes[..<count]) }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count &+= 1
  }

  /// Puts a line feed in the place of the comma that follows the last cell.
  mutating func endRow() { bytes[count - 1] = UInt8(ascii: "\n") }

  /// Appends a word of a fixed set.
  @inline(__always)
  mutating func append(_ word: ShortWord) {
    let start = count
    var cells = bytes.mutableSpan
    Self.store(word.first, to: &cells, at: start)
    Self.store(word.second, to: &cells, at: start &+ 8)
    count = start &+ word.count
  }

  /// Appends a cell of any length.
  mutating func append(name cell: [UInt8]) {
    makeRoom(for: cell.count)
    for byte in cell { append(byte) }
  }

  /// Appends a text as a cell, quoted where it has to be.
  mutating func append(text: String) { append(name: CSVCell.bytes(text)) }

  /// The fewest digits that read back to the same number; empty unless it is finite.
  mutating func append(number: Double) {
    if number.isFinite { append(name: Array(number.description.utf8)) }
  }

  /// Leaves the cell empty where there is no number.
  mutating func append(number: Double?) {
    if let number { append(number: number) }
  }

  /// An index or identity; the cell stays empty where it is negative.
  @inline(__always)
  mutating func append(index: Int32) {
    if index >= 0 { append(integer: Int64(index)) }
  }

  @inline(__always)
  mutating func append(integer value: Int32) { append(integer: Int64(value)) }

  @inline(__always)
  mutating func append(integer value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    let start = count
    var cells = bytes.mutableSpan
    let end = Self.put(value.magnitude, into: &cells, at: start)
    count = end
  }

  /// Nanoseconds as seconds with 9 decimals; the cell stays empty where the time is negative.
  @inline(__always)
  mutating func append(seconds nanoseconds: SimTime) {
    guard nanoseconds >= 0 else { return }
    let whole = nanoseconds.magnitude / 1_000_000_000
    let fraction = UInt32(truncatingIfNeeded: nanoseconds.magnitude &- whole &* 1_000_000_000)
    let first = fraction / 100_000_000
    let digits = Self.eightDigits(fraction &- first &* 100_000_000)
    let start = count
    var cells = bytes.mutableSpan
    let point = Self.put(whole, into: &cells, at: start)
    Self.store(Self.point | UInt64(first) << 8, to: &cells, at: point)
    Self.store(digits | Self.zeros, to: &cells, at: point &+ 2)
    count = point &+ 10
  }

  /// A point and the digit 0 after it.
  private static let point: UInt64 = 0x302E
  /// Eight digits 0.
  private static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// Writes a number and returns where it ends.
  @inline(__always)
  private static func put(
    _ value: UInt64,
    into cells: inout MutableSpan<UInt8>,
    at position: Int
  ) -> Int {
    guard value < 100_000_000 else { return put(long: value, into: &cells, at: position) }
    let digits = eightDigits(UInt32(truncatingIfNeeded: value))
    // Leading zeros are the low bytes; the last digit is written even if it is one.
    let leading = min(digits.trailingZeroBitCount >> 3, 7)
    store((digits | zeros) &>> UInt64(leading &<< 3), to: &cells, at: position)
    return position &+ 8 &- leading
  }

  private static func put(
    long value: UInt64,
    into cells: inout MutableSpan<UInt8>,
    at position: Int
  ) -> Int {
    let (high, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
    let end = put(high, into: &cells, at: position)
    store(eightDigits(UInt32(truncatingIfNeeded: low)) | zeros, to: &cells, at: end)
    return end + 8
  }

  /// The eight decimal digits of a number below 10⁸, one per byte, the first in the lowest.
  ///
  /// All digits are found at once: halves of four, pairs and then single digits are split off in
  /// lanes of one word, where multiplying by a rounded reciprocal and shifting divides exactly.
  @inline(__always)
  private static func eightDigits(_ value: UInt32) -> UInt64 {
    let high = value / 10_000
    var lanes = UInt64(high) | UInt64(value &- high &* 10_000) << 32
    let hundreds = ((lanes &* 10_486) >> 20) & 0x0000_007F_0000_007F
    lanes = hundreds | (lanes &- hundreds &* 100) << 16
    let tens = ((lanes &* 103) >> 10) & 0x000F_000F_000F_000F
    return tens | (lanes &- tens &* 10) << 8
  }

  @inline(__always)
  private static func store(
    _ word: UInt64,
    to cells: inout MutableSpan<UInt8>,
    at position: Int
  ) {
    // Any bytes are valid numbers.
    var raw = unsafe cells.mutableBytes
    raw.storeBytes(of: word.littleEndian, toByteOffset: position, as: UInt64.self)
  }
}

/// A word of at most 16 bytes, stored as two numbers.
struct ShortWord: Sendable {
  let first: UInt64
  let second: UInt64
  let count: Int

  /// - Precondition: `text` has at most 16 bytes.
  init(_ text: String) {
    precondition(text.utf8.count <= 16)
    var words: (first: UInt64, second: UInt64) = (0, 0)
    for (index, byte) in text.utf8.enumerated() {
      let shifted = UInt64(byte) << UInt64(index % 8 * 8)
      if index < 8 { words.first |= shifted } else { words.second |= shifted }
    }
    (first, second) = words
    count = text.utf8.count
  }
}
