/// What is wrong with a fleet file, where, and what to do about it.
public struct FleetFileError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    /// The file does not exist or is a folder.
    case noSuchFile
    /// The file exists but cannot be read.
    case unreadable
    /// The content does not describe a fleet.
    case badData
  }

  public var kind: Kind
  /// The path as it was given, or the name of a built-in fleet's file.
  public var file: String
  /// 1-based line.
  public var line: Int?
  /// 1-based column within the line, in Unicode scalars.
  public var column: Int?
  /// What was found, and what was expected instead.
  public var problem: String

  public init(
    _ kind: Kind,
    file: String,
    line: Int? = nil,
    column: Int? = nil,
    problem: String
  ) {
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

/// A position in a fleet file, both counts from 1.
struct FilePlace: Equatable, Sendable {
  var line: Int
  var column: Int
}

/// What is wrong inside a file; whoever knows the file's name adds it.
struct FileFault: Error, Equatable {
  var place: FilePlace?
  var problem: String

  init(at place: FilePlace?, _ problem: String) {
    self.place = place
    self.problem = problem
  }

  func error(in file: String) -> FleetFileError {
    FleetFileError(
      .badData,
      file: file,
      line: place?.line,
      column: place?.column,
      problem: problem
    )
  }
}
