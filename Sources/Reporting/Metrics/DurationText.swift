public import Workload

/// A duration as users write it: a decimal number and a unit, such as `50ms` or `1.5s`.
public enum DurationText {
  /// Units with their length in nanoseconds; longer suffixes before those they end in.
  private static let units: [(suffix: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
  ]

  /// Reads a duration.
  ///
  /// - Returns: Nanoseconds, or nil unless `text` is a decimal number without sign, followed by
  ///   `ns`, `us`, `ms` or `s`, that makes a whole number of nanoseconds below 2⁶³.
  public static func nanoseconds(_ text: some StringProtocol) -> SimTime? {
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let number = text.dropLast(unit.suffix.count)
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = digits(parts[0]),
      case let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds),
      !overflow
    else { return nil }
    guard parts.count == 2 else { return scaled }
    guard let fraction = digits(parts[1]) else { return nil }
    var (value, divisor) = (fraction, Int64(1))
    for _ in 0..<parts[1].utf8.count {
      let (next, overflow) = divisor.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      divisor = next
    }
    let product = value.multipliedReportingOverflow(by: unit.nanoseconds)
    guard !product.overflow, product.partialValue % divisor == 0 else { return nil }
    value = product.partialValue / divisor
    let sum = scaled.addingReportingOverflow(value)
    return sum.overflow ? nil : sum.partialValue
  }

  private static func digits(_ text: some StringProtocol) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return Int64(text)
  }

  /// Writes a duration in the largest unit that keeps it whole, so that reading it back is exact.
  public static func text(_ nanoseconds: SimTime) -> String {
    let (count, unit) = wholeUnits(nanoseconds)
    return "\(count)\(unit)"
  }

  /// The same with a space before the unit, for tables.
  static func spaced(_ nanoseconds: SimTime) -> String {
    let (count, unit) = wholeUnits(nanoseconds)
    return "\(count) \(unit)"
  }

  private static func wholeUnits(_ nanoseconds: SimTime) -> (count: Int64, unit: String) {
    for (suffix, length) in [("s", Int64(1_000_000_000)), ("ms", 1_000_000), ("us", 1_000)]
    where nanoseconds % length == 0 {
      return (nanoseconds / length, suffix)
    }
    return (nanoseconds, "ns")
  }
}
