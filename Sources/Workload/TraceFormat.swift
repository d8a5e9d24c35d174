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
  /// What its file has to be called, where that matters.
  public var exampleName = "trace"
  /// The files that the example needs beside it, by name.
  public var companions: [String: String] = [:]
  /// Whether files of the format may say when requests arrive; others need a rate to be read.
  public var hasStartTimes = true
  /// Whether a file shows that it is in the format; others are read so only where it is named.
  public var isRecognizable = true
  /// Takes the first line, or the first object of a file of JSON objects, as far as it is among the
  /// first `recognizedBytes`.
  let matches: @Sendable (_ head: String) -> Bool
  let open: @Sendable (consuming LineReader, ReadOptions) throws(TraceError) -> any TraceReader

  /// Every format, in the order in which content is compared with them.
  public static let all: [TraceFormat] = [
    .csv, .azure, .vidur, .splitwise, .mooncake, .mooncakeDelta,
    .aiperf, .burstGPT, .bailian, .dynamoAgentic, .dynamoAgent, .traceLab, .blis,
    .weka, .ragpulse, .llmservingsim, .otel, .servegen, .sharegpt,
  ]

  /// How much of a file's start is looked at.
  static let recognizedBytes = 64 << 10

  /// Whether a file that starts so is meant to be in the format, even if it breaks its rules.
  public func recognizes(start: [UInt8]) -> Bool {
    matches(String(decoding: Self.head(of: start), as: UTF8.self))
  }

  /// Whether a file that starts so holds JSON objects, or an array of them.
  static func isJSON(_ start: ArraySlice<UInt8>) -> Bool {
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// The first object of JSON, else the first line.
  private static func head(of start: [UInt8]) -> ArraySlice<UInt8> {
    guard isJSON(start[...]) else { return start.prefix { $0 != 0x0A } }
    let start = start.prefix(recognizedBytes)
    var framer = ObjectFramer()
    if let object = try? framer.scan(start.span) { return start[object] }
    return start
  }

  public static func named(_ name: String) -> TraceFormat? {
    all.first { $0.name == name }
  }
}
