/// Quantities as fleet reports print them, free of locale.
enum Amount {
  /// A number with one decimal and a prefix of thousands: `65.2 G`.
  private static func scaled(_ value: Double) -> String {
    switch value.magnitude {
    case 0.9999e12...: decimal(value / 1e12) + " T"
    case 0.9999e9...: decimal(value / 1e9) + " G"
    case 0.9999e6...: decimal(value / 1e6) + " M"
    case 0.9999e3...: decimal(value / 1e3) + " k"
    default: decimal(value) + " "
    }
  }

  static func bytes(_ bytes: Int64) -> String { scaled(Double(bytes)) + "B" }

  static func rate(bytesPerSecond: Int64) -> String { scaled(Double(bytesPerSecond)) + "B/s" }

  static func time(nanoseconds: Double) -> String {
    switch nanoseconds {
    case 0.9999e9...: decimal(nanoseconds / 1e9) + " s"
    case 0.9999e6...: decimal(nanoseconds / 1e6) + " ms"
    case 0.9999e3...: decimal(nanoseconds / 1e3) + " us"
    default: decimal(nanoseconds) + " ns"
    }
  }

  /// A whole number with commas between thousands.
  static func count(_ value: Int64) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A number with one decimal.
  static func decimal(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard tenths.magnitude < 1e18 else { return "\(value)" }
    let whole = Int64(tenths)
    return "\(whole < 0 ? "-" : "")\(count(Int64(whole.magnitude / 10))).\(whole.magnitude % 10)"
  }
}
