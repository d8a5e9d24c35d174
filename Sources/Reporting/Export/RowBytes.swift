import Workload

/// Rows of a table as bytes, written without allocating per cell.
///
/// Room is made once per row, so that digits are stored by index.
struct RowBytes {
  private var bytes: [UInt8]
  private(set) var count = 0

  /// No cell but a quoted name is longer.
  static let longestCell = 24

  init(capacity: Int) { bytes = [UInt8](repeating: 0, count: capacity) }

  /// Makes sure that so many bytes can follow.
  mutating func makeRoom(for more: Int) {
    let missing = count + more - bytes.count
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

  mutating func append(text: [UInt8]) {
    for byte in text { append(byte) }
  }

  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(digits: value.magnitude)
  }

  /// Nanoseconds as seconds with 9 decimals; the cell stays empty where the time is negative.
  mutating func append(seconds nanoseconds: SimTime) {
    guard nanoseconds >= 0 else { return }
    let whole = nanoseconds.magnitude / 1_000_000_000
    let fraction = UInt32(truncatingIfNeeded: nanoseconds.magnitude &- whole &* 1_000_000_000)
    append(digits: whole)
    let (millis, rest) = fraction.quotientAndRemainder(dividingBy: 1_000_000)
    let (micros, nanos) = rest.quotientAndRemainder(dividingBy: 1_000)
    let point = count
    count &+= 10
    var cell = bytes.mutableSpan
    cell[point] = UInt8(ascii: ".")
    Self.write(threeDigits: millis, to: &cell, at: point &+ 1)
    Self.write(threeDigits: micros, to: &cell, at: point &+ 4)
    Self.write(threeDigits: nanos, to: &cell, at: point &+ 7)
  }

  @inline(__always)
  private static func write(threeDigits value: UInt32, to cell: inout MutableSpan<UInt8>, at: Int) {
    let (hundreds, rest) = value.quotientAndRemainder(dividingBy: 100)
    let (tens, ones) = rest.quotientAndRemainder(dividingBy: 10)
    cell[at] = 48 &+ UInt8(truncatingIfNeeded: hundreds)
    cell[at &+ 1] = 48 &+ UInt8(truncatingIfNeeded: tens)
    cell[at &+ 2] = 48 &+ UInt8(truncatingIfNeeded: ones)
  }

  @inline(__always)
  private mutating func append(digits value: UInt64) {
    if value < 10 { return append(48 &+ UInt8(truncatingIfNeeded: value)) }
    let start = count
    count &+= Self.digits(in: value)
    var (rest, position) = (value, count)
    var cell = bytes.mutableSpan
    while position > start {
      position &-= 1
      let quotient = rest / 10
      cell[position] = 48 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
      rest = quotient
    }
  }

  private static func digits(in value: UInt64) -> Int {
    var (length, rest) = (1, value / 10)
    while rest > 0 {
      length &+= 1
      rest /= 10
    }
    return length
  }
}
