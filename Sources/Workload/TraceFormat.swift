/// A spelling of traces that `TraceFile` reads.
///
/// A new format is one file that defines a static value and one line in `all`.
public struct TraceFormat: Sendable {
  /// What `--format` calls it.
  public let name: String
  /// One sentence.
  public let summary: String
  /// A small valid file, for help texts and tests.
  public let example: String
  let matches: @Sendable (_ firstLine: String) -> Bool
  let open: @Sendable (consuming LineReader, ReadOptions) throws(TraceError) -> any TraceReader

  /// Every format, in the order in which content is compared with them.
  public static let all: [TraceFormat] = [.csv, .azure, .vidur, .splitwise, .mooncake]

  /// Whether a file with this first line is meant to be in the format, even if it breaks its rules.
  public func recognizes(firstLine: [UInt8]) -> Bool {
    matches(String(decoding: firstLine, as: UTF8.self))
  }

  public static func named(_ name: String) -> TraceFormat? {
    all.first { $0.name == name }
  }
}
