/// What is wrong inside one line; the reader adds the file and the line.
struct Fault: Error {
  /// 0-based byte within the line.
  var position: Int
  var problem: String

  /// Kept out of line so that scanning loops stay small.
  @inline(never)
  init(at position: Int, _ problem: String) {
    self.position = position
    self.problem = problem
  }
}

/// What is wrong with a row, found when its line has been left behind.
struct RecordFault: Error {
  /// The row's number in the source, from 0.
  var record: Int64
  var fault: Fault
}

extension Span<UInt8> {
  /// The bytes of a range as an error shows them: quoted, printable, at most 40 of them.
  @inline(never)
  func quoted(_ range: Range<Int>) -> String {
    if range.isEmpty { return "nothing" }
    var text = "'"
    for position in range.prefix(40) { text += printable(self[position]) }
    return text + (range.count > 40 ? "…'" : "'")
  }

  /// The byte at a position as an error shows it.
  @inline(never)
  func quoted(at position: Int) -> String {
    position < count ? quoted(position..<position + 1) : "the end of the line"
  }
}

private func printable(_ byte: UInt8) -> String {
  if (0x20..<0x7F).contains(byte) { return String(UnicodeScalar(byte)) }
  let digits = String(byte, radix: 16, uppercase: true)
  return "\\x" + (digits.count == 1 ? "0" : "") + digits
}
