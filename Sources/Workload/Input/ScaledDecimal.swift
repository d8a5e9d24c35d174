/// A decimal number in text, in units of a power of ten, exactly.
struct ScaledDecimal {
  /// The number without what is finer than a unit; nil beyond 63 bits.
  private(set) var floor: Int64?
  /// The first digit of what is finer than a unit, and whether all of that is zero.
  private var firstFinerDigit: UInt8 = 0
  private(set) var isWhole = true

  /// Reads `DIGITS[.DIGITS][e[±]DIGITS]` in units of 10 to the power of −`places`; nil where that
  /// does not fill the range. The last part is allowed with `exponents` alone.
  init?(_ text: Span<UInt8>, _ range: Range<Int>, places: Int, exponents: Bool) {
    var mantissaEnd = range.lowerBound
    while mantissaEnd < range.upperBound, text[mantissaEnd] | 0x20 != UInt8(ascii: "e") {
      mantissaEnd += 1
    }
    var point = range.lowerBound
    while point < mantissaEnd, text[point] != UInt8(ascii: ".") { point += 1 }
    guard point > range.lowerBound, point + 1 != mantissaEnd else { return nil }
    var exponent = 0
    if mantissaEnd < range.upperBound {
      guard exponents, let read = Self.exponent(text, mantissaEnd + 1..<range.upperBound) else {
        return nil
      }
      exponent = read
    }
    // Digits up to this number are whole units; later ones are finer.
    let wholeDigits = point - range.lowerBound + exponent + places
    floor = 0
    var index = 0
    for position in range.lowerBound..<mantissaEnd where position != point {
      let digit = text[position] &- 48
      guard digit <= 9 else { return nil }
      if index < wholeDigits {
        append(digit)
      } else {
        if index == wholeDigits { firstFinerDigit = digit }
        if digit > 0 { isWhole = false }
      }
      index += 1
    }
    // Every step multiplies by ten, so that a value other than 0 soon leaves 63 bits.
    while index < wholeDigits, let value = floor, value > 0 {
      append(0)
      index += 1
    }
  }

  /// The nearest unit, halves up; nil beyond 63 bits.
  var rounded: Int64? {
    guard let floor else { return nil }
    let (value, overflow) = floor.addingReportingOverflow(firstFinerDigit >= 5 ? 1 : 0)
    return overflow ? nil : value
  }

  private mutating func append(_ digit: UInt8) {
    guard let value = floor else { return }
    let (scaled, high) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = scaled.addingReportingOverflow(Int64(digit))
    floor = high || carry ? nil : sum
  }

  /// Reads an exponent of up to three digits with or without a sign.
  private static func exponent(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var digits = range
    let isNegative = !range.isEmpty && text[range.lowerBound] == UInt8(ascii: "-")
    if isNegative || (!range.isEmpty && text[range.lowerBound] == UInt8(ascii: "+")) {
      digits = range.lowerBound + 1..<range.upperBound
    }
    guard (1...3).contains(digits.count), let value = text.digits(digits) else { return nil }
    return isNegative ? -Int(value) : Int(value)
  }
}
