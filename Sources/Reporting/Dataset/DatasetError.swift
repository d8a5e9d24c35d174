import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a dataset cannot be written or read.
public struct DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    /// Something stands where the dataset shall be that is not to be replaced.
    case exists
    /// Another process is writing the same dataset.
    case busy
    /// The system refuses to create, write or rename: no permission, no space, and the like.
    case unwritable
    /// The content is not what a run writes.
    case badData
  }

  public var kind: Kind
  /// The folder or file that the problem is with.
  public var path: String
  /// 1-based line, where the problem is in a line of a text.
  public var line: Int?
  public var problem: String

  public init(_ kind: Kind, path: String, line: Int? = nil, problem: String) {
    self.kind = kind
    self.path = path
    self.line = line
    self.problem = problem
  }

  init(_ error: TraceWriteError) {
    self.init(.unwritable, path: error.file, problem: error.problem)
  }

  /// What the last system call failed with.
  static func system(_ action: String, path: String) -> DatasetError {
    let code = errno
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return DatasetError(.unwritable, path: path, problem: "\(action): \(reason)")
  }

  public var description: String {
    (line.map { "\(path):\($0)" } ?? path) + ": \(problem)"
  }
}
