import Workload

/// Numbers as tables print them: locale-free, from integers where it matters.
enum Quantity {
  /// Nanoseconds as seconds with 9 decimals.
  static func seconds(_ nanoseconds: SimTime) -> String {
    let magnitude = nanoseconds.magnitude
    let fraction = String(magnitude % 1_000_000_000)
    let zeros = String(repeating: "0", count: 9 - fraction.count)
    return "\(nanoseconds < 0 ? "-" : "")\(magnitude / 1_000_000_000).\(zeros)\(fraction)"
  }

  /// A time with at least three digits, in the unit that reads best.
  static func time(nanoseconds: Double) -> String {
    switch nanoseconds.magnitude {
    case 1e9...: threeDigits(nanoseconds / 1e9) + " s"
    case 1e6...: threeDigits(nanoseconds / 1e6) + " ms"
    case 1e3...: threeDigits(nanoseconds / 1e3) + " µs"
    default: threeDigits(nanoseconds) + " ns"
    }
  }

  /// A span as people say it: from a minute on in days and hours, hours and minutes, or minutes and
  /// seconds.
  static func span(nanoseconds: SimTime) -> String {
    if nanoseconds == 0 { return "0 s" }
    guard nanoseconds >= 60_000_000_000 else { return time(nanoseconds: Double(nanoseconds)) }
    let seconds = rounded(nanoseconds, 1_000_000_000)
    let minutes = rounded(seconds, 60)
    if seconds < 3_600 { return pair(seconds, 60, "min", "s") }
    return minutes < 1_440
      ? pair(minutes, 60, "h", "min") : pair(rounded(seconds, 3_600), 24, "d", "h")
  }

  /// How many parts, to the nearest.
  private static func rounded(_ value: Int64, _ part: Int64) -> Int64 {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: part)
    return whole + (2 * rest >= part ? 1 : 0)
  }

  private static func pair(_ parts: Int64, _ size: Int64, _ unit: String, _ part: String) -> String
  {
    let (whole, rest) = parts.quotientAndRemainder(dividingBy: size)
    return "\(count(whole)) \(unit)" + (rest > 0 ? " \(rest) \(part)" : "")
  }

  /// Events per time, in the unit in which they are not much below one.
  static func rate(perSecond rate: Double, of events: String) -> String {
    if rate >= 0.1 { return "\(number(rate)) \(events)/s" }
    return rate >= 0.1 / 60
      ? "\(number(rate * 60)) \(events)/min" : "\(number(rate * 3_600)) \(events)/h"
  }

  static func percent(_ share: Double) -> String { fixed(share * 100, decimals: 1) + " %" }

  /// A change against a base, with its sign unless it rounds to nothing.
  static func change(_ ratio: Double) -> String {
    let text = fixed(ratio * 100, decimals: 1)
    return (ratio > 0 && text != "0.0" ? "+" : "") + text + " %"
  }

  static func dollars(_ value: Double) -> String {
    value.magnitude < 1 ? "$" + fixed(value, decimals: 3) : "$" + number(value)
  }

  static func energy(joules: Double) -> String {
    switch joules.magnitude {
    case 1e9...: threeDigits(joules / 1e9) + " GJ"
    case 1e6...: threeDigits(joules / 1e6) + " MJ"
    case 1e3...: threeDigits(joules / 1e3) + " kJ"
    default: threeDigits(joules) + " J"
    }
  }

  static func bytes(_ bytes: Int64) -> String {
    bytes.magnitude < 1_000 ? "\(bytes) B" : large(bytes: Double(bytes))
  }

  /// An amount of memory over time, such as `1.20 TB·s`.
  static func byteSeconds(_ value: Double) -> String {
    (value.magnitude < 1_000 ? threeDigits(value) + " B" : large(bytes: value)) + "·s"
  }

  private static func large(bytes: Double) -> String {
    switch bytes.magnitude {
    case 1e15...: number(bytes / 1e15) + " PB"
    case 1e12...: threeDigits(bytes / 1e12) + " TB"
    case 1e9...: threeDigits(bytes / 1e9) + " GB"
    case 1e6...: threeDigits(bytes / 1e6) + " MB"
    default: threeDigits(bytes / 1e3) + " kB"
    }
  }

  static func count(_ value: Int64) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A rate or a mean: grouped digits when large, three digits when small.
  static func number(_ value: Double) -> String {
    value.magnitude >= 1000 && value.magnitude < 1e18
      ? count(Int64(value.rounded())) : threeDigits(value)
  }

  /// A number among whole numbers, such as a quantile of lengths: with decimals only where it has
  /// some.
  static func whole(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e18 ? count(Int64(value)) : number(value)
  }

  static func threeDigits(_ value: Double) -> String {
    switch value.magnitude {
    case 99.95...: fixed(value, decimals: 0)
    case 9.995...: fixed(value, decimals: 1)
    default: fixed(value, decimals: 2)
    }
  }

  /// The value with 0 to 6 decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(Int64(1)) { product, _ in product * 10 }
    let scaled = (value * Double(scale)).rounded()
    guard scaled.magnitude < 1e18 else { return value.description }
    let integer = Int64(scaled)
    let whole = "\(integer < 0 ? "-" : "")\(integer.magnitude / UInt64(scale))"
    guard decimals > 0 else { return whole }
    let fraction = String(integer.magnitude % UInt64(scale))
    return whole + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
