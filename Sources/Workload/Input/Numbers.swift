/// Exact, overflow-checked numbers in text.
extension Span<UInt8> {
  /// Reads a whole number within bounds that fills the range.
  func whole(
    _ range: Range<Int>,
    _ name: @autoclosure () -> String,
    in bounds: ClosedRange<Int64>
  ) throws(Fault) -> Int64 {
    var position = range.lowerBound
    let isNegative =
      bounds.lowerBound < 0 && !range.isEmpty && self[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    guard position < range.upperBound, let magnitude = digits(position..<range.upperBound) else {
      throw wholeFault(range, name(), bounds)
    }
    let value = isNegative ? -magnitude : magnitude
    guard bounds.contains(value) else { throw wholeFault(range, name(), bounds) }
    return value
  }

  /// Reads seconds that fill the range as whole nanoseconds; finer ones are rounded if asked for.
  /// With `exponents` `9.8e-05` is a spelling too.
  func seconds(
    _ range: Range<Int>,
    _ name: @autoclosure () -> String,
    _ options: ReadOptions,
    exponents: Bool = false
  ) throws(Fault) -> Int64 {
    if let total = plainDecimal(range, places: 9) { return total }
    guard let decimal = ScaledDecimal(self, range, places: 9, exponents: exponents),
      decimal.isWhole || options.rounding
    else { throw secondsFault(range, name()) }
    guard let total = decimal.rounded, total < .max else {
      throw Fault(at: range.lowerBound, "\(name()) is \(quoted(range)), beyond 292 years")
    }
    return total
  }

  /// The usual spelling of a decimal number that fills the range, in units of 10 to the power of
  /// −`places`: digits, and perhaps a point and up to that many more; nil for all others.
  @inline(__always)
  func plainDecimal(_ range: Range<Int>, places: Int) -> Int64? {
    // Fewer bytes have too few digits to overflow.
    guard range.count <= 18 else { return nil }
    var value: Int64 = 0
    var point = range.upperBound
    for position in range {
      let digit = self[position] &- 48
      if digit <= 9 {
        value = value &* 10 &+ Int64(digit)
      } else {
        guard self[position] == UInt8(ascii: "."), point == range.upperBound else { return nil }
        point = position
      }
    }
    let decimals = max(0, range.upperBound - point - 1)
    guard point > range.lowerBound, point + 1 != range.upperBound, decimals <= places else {
      return nil
    }
    var unit: Int64 = 1
    for _ in decimals..<places { unit &*= 10 }
    let (total, overflow) = value.multipliedReportingOverflow(by: unit)
    return overflow || total == .max ? nil : total
  }

  /// Reads one to `places` digits after a decimal point, in units of the last place that there may
  /// be; nil where that fails.
  func decimals(_ range: Range<Int>, places: Int) -> Int64? {
    guard (1...places).contains(range.count), var value = digits(range) else { return nil }
    for _ in range.count..<places { value *= 10 }
    return value
  }

  /// Reads decimal digits that fill the range; nil on any other byte or beyond 63 bits.
  func digits(_ range: Range<Int>) -> Int64? {
    var value: Int64 = 0
    // Nearly all numbers have too few digits to overflow.
    if range.count <= 18 {
      for position in range {
        let digit = self[position] &- 48
        guard digit <= 9 else { return nil }
        value = value &* 10 &+ Int64(digit)
      }
      return value
    }
    for position in range {
      let byte = self[position]
      guard byte >= 48, byte <= 57 else { return nil }
      let (scaled, high) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(Int64(byte - 48))
      if high || carry { return nil }
      value = sum
    }
    return value
  }

  @inline(never)
  private func wholeFault(_ range: Range<Int>, _ name: String, _ bounds: ClosedRange<Int64>)
    -> Fault
  {
    Fault(
      at: range.lowerBound,
      "\(name) is \(quoted(range)); expected a whole number from \(bounds.lowerBound) "
        + "to \(bounds.upperBound)"
    )
  }

  @inline(never)
  private func secondsFault(_ range: Range<Int>, _ name: String) -> Fault {
    Fault(
      at: range.lowerBound,
      "\(name) is \(quoted(range)); expected seconds, not negative, with at most 9 decimals, "
        + "such as 12.345; --round rounds finer times to the nearest nanosecond"
    )
  }
}
