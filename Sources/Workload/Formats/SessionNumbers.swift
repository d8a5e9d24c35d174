/// Numbers the sessions of a source, named by any bytes, in order of first appearance.
struct SessionNumbers {
  private var names = ByteNames()

  var count: Int { names.count }

  /// The number of a session, and whether it is a new one.
  mutating func number(
    of id: CSVField,
    _ line: Span<UInt8>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> (number: Int32, isNew: Bool) {
    guard let found = names.number(of: id.range, line) else {
      throw Fault(at: id.range.lowerBound, "\(name()) is of more than \(Int32.max) sessions")
    }
    return found
  }
}
