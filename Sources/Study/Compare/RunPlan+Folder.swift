import Hardware
import Reporting
import Simulation
import Workload

extension RunPlan {
  /// What tells the run from the others of its study.
  var label: String { "\(trace.name) \(fleet.name) \(policyName) seed \(options.seed)" }

  /// Where a study keeps the run's dataset, relative to its own folder: names and values as Hive's
  /// partitions have them. DuckDB with `hive_partitioning` and PyArrow's datasets, on which pandas
  /// builds, read them back as columns; Polars does with `hive_partitioning`, of Parquet files only.
  public var folder: String {
    [
      ("trace", trace.name), ("fleet", fleet.name), ("policy", policyName),
      ("seed", String(options.seed)),
    ]
    .map { "\($0)=" + Self.shortened(Self.encoded($1)) }
    .joined(separator: "/")
  }

  /// What most file systems take as a name, 255 bytes, is left with room for the key.
  private static let longestValue = 200

  /// A value that is too long for a folder's name with a digest in the place of its end.
  static func shortened(_ encoded: String) -> String {
    guard encoded.utf8.count > longestValue else { return encoded }
    var digest = TextDigest()
    digest.add(Array(encoded.utf8)[...])
    let end = "-" + digest.value.hex
    var start = encoded.prefix(longestValue - end.utf8.count)
    // A byte's percent sign and digits stay together.
    if let percent = start.suffix(2).lastIndex(of: "%") { start = start[..<percent] }
    return start + end
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
