import Workload

/// Where the values of an axis stand, and which of them are written beside it.
struct AxisScale {
  private let isLog: Bool
  /// Ends of the axis; of their decimal logarithms on a logarithmic one.
  private var low: Double
  private var high: Double
  private(set) var ticks: [Double] = []

  /// An axis that shows values, or as much as its own range says.
  init(_ axis: LinePlot.Axis, values: [Double]) {
    isLog = axis.scale == .log
    let positive = axis.scale == .log ? values.filter { $0 > 0 } : values
    let shown = positive.filter(\.isFinite)
    let (least, most) =
      axis.range.map { ($0.lowerBound, $0.upperBound) } ?? (shown.min() ?? 0, shown.max() ?? 1)
    low = least
    high = most
    if isLog {
      // Beyond these a decade has no exact double.
      low = Self.log10(min(max(least, 1e-15), 1e15))
      high = Self.log10(min(max(most, 1e-15), 1e15))
      if axis.range == nil { widenToDecades() }
    }
    if high - low <= abs(low) * 1e-12 { (low, high) = (low - 0.5, high + 0.5) }
    ticks = isLog && high - low >= 1 ? decades : linearTicks
  }

  /// A value's place on the axis, from 0 at its start to 1 at its end.
  func place(_ value: Double) -> Double {
    if isLog, value <= 0 { return 0 }
    let position = isLog ? Self.log10(value) : value
    return min(1, max(0, (position - low) / (high - low)))
  }

  /// To half decades, so that few values still show where they stand.
  private mutating func widenToDecades() {
    low = (low * 2).rounded(.down) / 2
    high = (high * 2).rounded(.up) / 2
    if high - low < 1 { (low, high) = (low - 0.5, high + 0.5) }
  }

  private static let mostTicks = 7.0

  private var decades: [Double] {
    let (first, last) = (Int(low.rounded(.up)), Int(high.rounded(.down)))
    let step = max(1, Int((Double(last - first) / Self.mostTicks).rounded(.up)))
    return stride(from: first, through: last, by: step).map(Self.powerOfTen)
  }

  /// Multiples of 1, 2 or 5 times a power of ten; on an axis within a decade, of its values.
  private var linearTicks: [Double] {
    let ends = isLog ? (Self.exp10(low), Self.exp10(high)) : (low, high)
    let rough = (ends.1 - ends.0) / Self.mostTicks
    guard rough > 0, rough.isFinite else { return [] }
    let exponent = Int(Self.log10(rough).rounded(.down))
    let multiple = [1, 2, 5, 10].first { $0 * Self.powerOfTen(exponent) >= rough } ?? 10
    // Dividing by a whole number gives the double nearest to the decimal.
    let (factor, divisor) =
      exponent < 0
      ? (multiple, Self.powerOfTen(-exponent)) : (multiple * Self.powerOfTen(exponent), 1)
    let first = (ends.0 * divisor / factor - 1e-9).rounded(.up)
    let last = (ends.1 * divisor / factor + 1e-9).rounded(.down)
    guard last - first <= 100, first.magnitude < 1e15 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * factor / divisor }
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    let power = (0..<min(abs(exponent), 300)).reduce(1.0) { power, _ in power * 10 }
    return exponent < 0 ? 1 / power : power
  }

  private static func log10(_ value: Double) -> Double {
    DeterministicMath.log(value) / DeterministicMath.log(10)
  }

  private static func exp10(_ value: Double) -> Double { DeterministicMath.pow(10, value) }

  /// A tick's text: `0.25`, `500`, `20k`, `3M`.
  static func label(_ value: Double) -> String {
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    for (size, name) in units where value.magnitude >= size && value.magnitude < 1e15 {
      return SVGText.number(value / size, decimals: 2) + name
    }
    let isPlain = value == 0 || (value.magnitude >= 1e-4 && value.magnitude < 1e15)
    return isPlain ? SVGText.number(value, decimals: 5) : "\(value)"
  }
}

/// Text as it stands in an SVG.
enum SVGText {
  /// A decimal number without trailing zeros.
  static func number(_ value: Double, decimals: Int = 1) -> String {
    let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int64((value * Double(scale)).rounded())
    let (whole, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt64(scale))
    let sign = scaled < 0 ? "-" : ""
    if rest == 0 { return sign + String(whole) }
    let digits = String(rest)
    var fraction = String(repeating: "0", count: decimals - digits.count) + digits
    while fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }

  /// Text without what XML takes for markup or does not take at all.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
