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

  static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }

  static func hex(_ digest: UInt128) -> JSONValue { .string(Quantity.hex(digest)) }

  /// The document, indented by two spaces per level and ended by a line feed.
  public var document: String {
    var text = ""
    write(to: &text, indent: "")
    return text + "\n"
  }

  private func write(to text: inout String, indent: String) {
    switch self {
    case .null: text += "null"
    case .string(let value): Self.write(value, to: &text)
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .seconds(let value): text += Quantity.seconds(value)
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
    indent: String
  ) {
    text += brackets.open
    for (position, item) in items.enumerated() {
      text += (position == 0 ? "\n" : ",\n") + indent + "  "
      if let key = item.key {
        write(key, to: &text)
        text += ": "
      }
      item.value.write(to: &text, indent: indent + "  ")
    }
    if !items.isEmpty { text += "\n" + indent }
    text += brackets.close
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
