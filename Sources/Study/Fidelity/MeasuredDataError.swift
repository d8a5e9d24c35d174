public import Workload

/// What is wrong with a file of measurements, where, and what was expected.
public struct MeasuredDataError: Error, Equatable, Sendable, CustomStringConvertible {
  public var kind: TraceError.Kind
  public var file: String
  /// 1-based line.
  public var line: Int?
  /// The name of the column or field.
  public var field: String?
  /// What stands there.
  public var value: String?
  /// What is wrong, or what was expected instead of the value.
  public var problem: String

  public init(
    _ kind: TraceError.Kind,
    file: String,
    line: Int? = nil,
    field: String? = nil,
    value: String? = nil,
    problem: String
  ) {
    self.kind = kind
    self.file = file
    self.line = line
    self.field = field
    self.value = value
    self.problem = problem
  }

  /// The same of an error that the file system or a decoder found.
  init(_ error: TraceError) {
    self.init(error.kind, file: error.file, line: error.line, problem: error.problem)
  }

  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    guard let field else { return "\(place): \(problem)" }
    guard let value else { return "\(place): \(field): \(problem)" }
    return "\(place): \(field) is '\(Self.shown(value))'; expected \(problem)"
  }

  /// At most 40 characters, on one line.
  private static func shown(_ text: String) -> String {
    let plain = text.unicodeScalars.prefix(40).map { scalar in
      scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
    }
    return String(plain) + (text.unicodeScalars.count > 40 ? "…" : "")
  }
}
