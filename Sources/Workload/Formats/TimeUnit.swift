/// A unit in which sources write times as decimal numbers.
enum TimeUnit {
  case milliseconds, microseconds

  /// The decimals of a whole number of nanoseconds.
  fileprivate var places: Int {
    switch self {
    case .milliseconds: 6
    case .microseconds: 3
    }
  }
}

extension Span<UInt8> {
  /// Reads a time, not negative, that fills the range as whole nanoseconds; finer ones are rounded
  /// if asked for.
  func time(
    _ range: Range<Int>,
    _ name: @autoclosure () -> String,
    in unit: TimeUnit,
    _ options: ReadOptions
  ) throws(Fault) -> SimTime {
    if let total = plainDecimal(range, places: unit.places) { return total }
    guard let decimal = ScaledDecimal(self, range, places: unit.places, exponents: true),
      decimal.isWhole || options.rounding
    else {
      throw Fault(
        at: range.lowerBound,
        "\(name()) is \(quoted(range)); expected \(unit), not negative, with at most "
          + "\(unit.places) decimals; --round rounds finer times to the nearest nanosecond"
      )
    }
    guard let total = decimal.rounded, total < .max else {
      throw Fault(at: range.lowerBound, "\(name()) is \(quoted(range)), beyond 292 years")
    }
    return total
  }
}
