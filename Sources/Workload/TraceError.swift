/// What is wrong with a trace, where, and what to do about it.
public struct TraceError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    /// The file does not exist or is a folder.
    case noSuchFile
    /// The file exists but cannot be read.
    case unreadable
    /// The content is not what the format prescribes.
    case badData
  }

  public var kind: Kind
  public var file: String
  /// 1-based line of the record, where the format has lines.
  public var line: Int?
  /// 1-based byte column within the line.
  public var column: Int?
  /// What was found, and what was expected instead.
  public var problem: String

  public init(_ kind: Kind, file: String, line: Int? = nil, column: Int? = nil, problem: String) {
    self.kind = kind
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
  }

  public var description: String {
    var place = file
    if let line { place += ":\(line)" }
    if let column, line != nil { place += ":\(column)" }
    return "\(place): \(problem)"
  }
}
