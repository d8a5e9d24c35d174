import ConfigFiles

/// What a figure of the catalogue is counted in.
public enum FigureUnit: String, Sendable, CaseIterable {
  case operationsPerSecond = "op/s"
  case bytes = "B"
  case bytesPerSecond = "B/s"
  case watts = "W"
  case dollarsPerHour = "$/h"
  case seconds = "s"
  case tokens
  case chips
  case layers
  case parameters
  case bytesPerToken = "B/token"
  /// A pure number.
  case share = ""

  private static let decimalPrefixes = [
    ("P", 15), ("T", 12), ("G", 9), ("M", 6), ("k", 3), ("m", -3), ("u", -6), ("n", -9),
  ]
  private static let binaryPrefixes = [
    ("Ti", 0x1p40), ("Gi", 0x1p30), ("Mi", 0x1p20), ("Ki", 0x1p10),
  ]

  /// Units that may carry a prefix.
  private var symbols: [(symbol: String, divisor: Double)] {
    switch self {
    case .bytesPerSecond: [("B/s", 1), ("b/s", 8)]
    default: [(rawValue, 1)]
    }
  }

  private var isScalable: Bool {
    switch self {
    case .dollarsPerHour, .tokens, .chips, .layers, .bytesPerToken, .share: false
    default: true
    }
  }

  /// What errors say a value should be.
  var expectation: String {
    switch self {
    case .operationsPerSecond: "operations per second such as '989 Top/s'"
    case .bytes: "bytes such as '80 GB' or '144 GiB'"
    case .bytesPerSecond: "bytes or bits per second such as '3.35 TB/s' or '400 Gb/s'"
    case .watts: "watts such as '700 W'"
    case .dollarsPerHour: "dollars per hour such as '1.95 $/h'"
    case .seconds: "a time such as '50 us'"
    case .tokens: "tokens such as '600 tokens'"
    case .chips: "chips such as '8 chips'"
    case .layers: "layers such as '61 layers'"
    case .parameters: "parameters such as '8.03 Gparameters'"
    case .bytesPerToken: "bytes per token such as '131072 B/token'"
    case .share: "a number such as '0.8'"
    }
  }

  /// Reads a number, a space and a unit; nil where the text is something else.
  ///
  /// A decimal prefix becomes an exponent of the text, so that `4.9 TB/s` is 4.9e12 exactly.
  func value(_ text: String) -> Double? {
    if self == .share { return FileNumbers.decimal(text) }
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let plain = FileNumbers.decimal(String(parts[0])) else { return nil }
    for (symbol, divisor) in symbols where parts[1].hasSuffix(symbol) {
      let prefix = parts[1].dropLast(symbol.count)
      if prefix.isEmpty { return plain / divisor }
      guard isScalable else { return nil }
      if self == .bytes, let (_, factor) = Self.binaryPrefixes.first(where: { $0.0 == prefix }) {
        return plain * factor
      }
      guard let (_, exponent) = Self.decimalPrefixes.first(where: { $0.0 == prefix }),
        !parts[0].contains("e"), !parts[0].contains("E"),
        let scaled = Double("\(parts[0])e\(exponent)")
      else { return nil }
      return scaled / divisor
    }
    return nil
  }

  /// A value with the decimal prefix that leaves one to three digits before the point.
  public func text(_ value: Double) -> String {
    guard isScalable, value != 0 else {
      return rawValue.isEmpty ? Self.digits(value) : "\(Self.digits(value)) \(rawValue)"
    }
    let prefixes: [(String, Double)] = [
      ("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1), ("m", 1e-3),
      ("u", 1e-6),
    ]
    let (prefix, factor) =
      prefixes.first { value.magnitude >= $0.1 * 0.999_95 } ?? ("n", 1e-9)
    let symbol = self == .parameters ? "" : rawValue
    return "\(Self.digits(value / factor)) \(prefix)\(symbol)"
  }

  /// At most four digits after the point, without zeros at the end.
  private static func digits(_ value: Double) -> String {
    let scaled = (value * 1e4).rounded()
    guard scaled.magnitude < 1e15 else { return "\(value)" }
    let (whole, rest) = Int64(scaled.magnitude).quotientAndRemainder(dividingBy: 10_000)
    var fraction = String(String(10_000 + rest).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    return (scaled < 0 ? "-" : "") + "\(whole)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }
}
