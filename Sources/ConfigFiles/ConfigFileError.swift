/// What is wrong with a file that configures something, where, and what to do about it.
public struct ConfigFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of problem a caller can react to.
  public enum Kind: Equatable, Sendable {
    /// The file does not exist or is a folder.
    case noSuchFile
    /// The file exists but cannot be read.
    case unreadable
    /// The content does not describe what the file is for.
    case badData
  }

  /// What to make of it.
  public var kind: Kind
  /// The path as it was given, or the name of a built-in file.
  public var file: String
  /// 1-based line.
  public var line: Int?
  /// 1-based column within the line, in Unicode scalars.
  public var column: Int?
  /// What was found, and what was expected instead.
  public var problem: String

  /// Names a problem; without a line it is one of the file as a whole.
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

  /// `FILE:LINE:COLUMN: PROBLEM`, as far as the place is known.
  public var description: String {
    var place = file
    if let line { place += ":\(line)" }
    if let column, line != nil { place += ":\(column)" }
    return "\(place): \(problem)"
  }
}

/// A position in a file, both counts from 1.
public struct FilePlace: Equatable, Sendable {
  /// From 1 on.
  public var line: Int
  /// In Unicode scalars, from 1 on.
  public var column: Int

  /// Names a position.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// What is wrong inside a file; whoever knows the file's name adds it.
public struct FileFault: Error, Equatable {
  /// nil for a problem of the file as a whole.
  public var place: FilePlace?
  /// What was found, and what was expected instead.
  public var problem: String

  /// Names a problem and where it is.
  public init(at place: FilePlace?, _ problem: String) {
    self.place = place
    self.problem = problem
  }

  /// The same as an error of a file, of kind `badData`.
  public func error(in file: String) -> ConfigFileError {
    ConfigFileError(
      .badData,
      file: file,
      line: place?.line,
      column: place?.column,
      problem: problem
    )
  }
}
