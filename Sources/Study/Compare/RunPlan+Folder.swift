import Hardware
import Simulation

extension RunPlan {
  /// What tells the run from the others of its study.
  var label: String { "\(trace.name) \(fleet.name) \(policyName) seed \(options.seed)" }

  /// Where a study keeps the run's dataset, relative to its own folder: names and values as Hive's
  /// partitions have them, which pandas, Polars, DuckDB and Spark read back as columns.
  public var folder: String {
    [
      ("trace", trace.name), ("fleet", fleet.name), ("policy", policyName),
      ("seed", String(options.seed)),
    ]
    .map { "\($0)=\(Self.encoded($1))" }
    .joined(separator: "/")
  }

  /// The text with all but letters, digits, `-`, `_` and `.` as percent and two hexadecimal digits
  /// per byte of UTF-8.
  static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        encoded.unicodeScalars.append(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += (byte < 16 ? "%0" : "%") + digits
      }
    }
    return encoded
  }
}
