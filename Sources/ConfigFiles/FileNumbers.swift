/// Numbers and durations of files, read exactly or not at all.
public enum FileNumbers {
  /// A whole number in plain decimal digits; leading zeros, which YAML 1.1 takes for octal, and
  /// underscores are not taken.
  public static func whole(_ text: String) -> Int? {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
    guard isDigits(digits), digits == "0" || digits.first != "0" else { return nil }
    return Int(text)
  }

  /// A finite decimal number such as `0.8`, `-50` or `1e-3`, with digits on both sides of a point; as
  /// for whole numbers, neither a plus sign in front nor leading zeros are taken.
  public static func decimal(_ text: String) -> Double? {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let mantissa = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    let unsigned = mantissa.first.map { $0.first == "-" ? $0.dropFirst() : $0 } ?? ""
    guard isDigits(unsigned), unsigned == "0" || unsigned.first != "0",
      mantissa.count <= 2, mantissa.dropFirst().allSatisfy(isDigits),
      parts.count <= 2, parts.dropFirst().allSatisfy(isExponent),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  private static func isExponent(_ text: Substring) -> Bool {
    isDigits(text.first == "-" || text.first == "+" ? text.dropFirst() : text)
  }

  private static let units: [(suffix: String, digits: Int)] = [
    ("ns", 0), ("us", 3), ("µs", 3), ("ms", 6), ("s", 9),
  ]

  /// A duration such as `10ms` or `1.5us` that is a whole number of nanoseconds below 10¹⁸.
  public static func nanoseconds(_ text: String) -> Int64? {
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let parts = text.dropLast(unit.suffix.count)
      .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, isDigits(whole), whole == "0" || whole.first != "0" else {
      return nil
    }
    var fraction = parts.count == 2 ? parts[1] : ""
    guard parts.count == 1 || isDigits(fraction) else { return nil }
    while fraction.last == "0" { fraction.removeLast() }
    guard fraction.count <= unit.digits else { return nil }
    let zeros = String(repeating: "0", count: unit.digits - fraction.count)
    let digits = (whole + fraction + zeros).drop { $0 == "0" }
    guard digits.count <= 18 else { return nil }
    return digits.isEmpty ? 0 : Int64(digits)
  }

  /// A duration in the largest unit that keeps it whole, as files write it.
  public static func exactTime(_ nanoseconds: Int64) -> String {
    for (unit, length) in [("s", Int64(1_000_000_000)), ("ms", 1_000_000), ("us", 1_000)]
    where nanoseconds % length == 0 && nanoseconds > 0 {
      return "\(nanoseconds / length)\(unit)"
    }
    return nanoseconds == 0 ? "0s" : "\(nanoseconds)ns"
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
