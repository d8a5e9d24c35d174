import Workload

/// What is wrong with a run's dataset, in which file and field.
public struct DatasetFault: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    /// The folder or one of its files does not exist.
    case missing
    /// It exists but cannot be read.
    case unreadable
    /// The content is not what a run writes, or was changed since.
    case damaged
  }

  public var kind: Kind
  public var file: String
  /// The path of the field, such as `options.rateScale`; nil where it is about the whole file.
  public var field: String?
  /// What was found, and what was expected instead.
  public var problem: String

  public init(_ kind: Kind, file: String, field: String? = nil, problem: String) {
    self.kind = kind
    self.file = file
    self.field = field
    self.problem = problem
  }

  /// What could not be read of a dataset.
  init(_ error: TraceError) {
    switch error.kind {
    case .noSuchFile: kind = .missing
    case .unreadable: kind = .unreadable
    case .badData: kind = .damaged
    }
    file = error.file
    problem = error.problem
  }

  public var description: String {
    field.map { "\(file): field '\($0)' \(problem)" } ?? "\(file): \(problem)"
  }
}
