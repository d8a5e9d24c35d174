/// A JSON document that prints its keys in the order given, so that equal results are equal bytes.
public indirect enum JSONValue: Sendable {
  case null
  case string(String)
  case integer(Int64)
  case unsigned(UInt64)
  /// Printed with the fewest digits that read back to the same number; null if it is not finite.
  case number(Double)
  /// Nanoseconds, printed as seconds with 9 decimals from the integer.
  case seconds(Int64)
  case bool(Bool)
  case array([JSONValue])
  case object([(String, JSONValue)])

  public static func optional(_ number: Double?) -> JSONValue {
    number.map { .number($0) } ?? .null
  }

  public static func hex(_ digest: UInt128) -> JSONValue { .string(digest.hex) }

  /// The value of an object's first entry with a key; nil where there is none, or no object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let pairs) = self else { return nil }
    return pairs.first { $0.0 == key }?.1
  }

  /// The text of a string; nil for everything else.
  public var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The value of a whole number in the range of 64 signed bits; nil for everything else.
  public var wholeNumber: Int64? {
    switch self {
    case .integer(let value): value
    case .unsigned(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// The document, indented by two spaces per level and ended by a line feed.
  public var document: String {
    var text = ""
    write(to: &text, indent: "")
    return text + "\n"
  }

  /// The document on one line, without spaces, and without a line feed.
  public var line: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  private func write(to text: inout String, indent: String?) {
    switch self {
    case .null: text += "null"
    case .string(let value): Self.write(value, to: &text)
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .seconds(let value): text += Self.seconds(value)
    case .bool(let value): text += value ? "true" : "false"
    case .array(let values):
      Self.write(values.map { (nil, $0) }, brackets: ("[", "]"), to: &text, indent: indent)
    case .object(let pairs):
      Self.write(pairs.map { ($0.0, $0.1) }, brackets: ("{", "}"), to: &text, indent: indent)
    }
  }

  private static func write(
    _ items: [(key: String?, value: JSONValue)],
    brackets: (open: String, close: String),
    to text: inout String,
    indent: String?
  ) {
    let lineBreak = indent.map { "\n" + $0 } ?? ""
    text += brackets.open
    for (position, item) in items.enumerated() {
      if position > 0 { text += "," }
      if indent != nil { text += lineBreak + "  " }
      if let key = item.key {
        write(key, to: &text)
        text += indent == nil ? ":" : ": "
      }
      item.value.write(to: &text, indent: indent.map { $0 + "  " })
    }
    if !items.isEmpty { text += lineBreak }
    text += brackets.close
  }

  /// Nanoseconds as seconds with 9 decimals.
  private static func seconds(_ nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    let fraction = String(magnitude % 1_000_000_000)
    let zeros = String(repeating: "0", count: 9 - fraction.count)
    return "\(nanoseconds < 0 ? "-" : "")\(magnitude / 1_000_000_000).\(zeros)\(fraction)"
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ":
        let code = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
