import Reporting

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An output that cannot be written.
struct OutputError: Error, Equatable, CustomStringConvertible {
  let file: String
  let problem: String

  /// Takes the reason from the system call that has just failed.
  init(_ file: String, _ action: String) {
    self.file = file
    problem = "\(action): \(unsafe String(cString: strerror(errno)))"
  }

  init(file: String, problem: String) {
    self.file = file
    self.problem = problem
  }

  var description: String { "\(file): \(problem)" }
}

/// Results.
enum StandardOutput {
  static func write(_ text: String) throws(OutputError) {
    guard FileBytes.write(text, to: STDOUT_FILENO) else {
      throw OutputError("standard output", "cannot write")
    }
  }
}

/// Everything that is not a result. Nobody can be told where it fails.
enum StandardError {
  static func write(_ text: String) { _ = FileBytes.write(text, to: STDERR_FILENO) }
}

private enum FileBytes {
  /// Writes all bytes, or returns false with the reason in `errno`.
  static func write(_ text: String, to descriptor: Int32) -> Bool {
    var rest = ContiguousArray(text.utf8)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { bytes in
        #if canImport(Darwin)
          unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
          unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }
}

/// A report that appears under its name only when it is complete.
///
/// It is opened before the simulation, so that a name that cannot be written costs no run.
final class ReportFile {
  private let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var isComplete = false

  init(path: String) throws(OutputError) {
    // The report is renamed into place, which would replace anything else that has the name.
    switch FileKind(of: path) {
    case nil, .file: break
    case .folder: throw OutputError(file: path, problem: "is a folder")
    case .pipe, .device:
      throw OutputError(
        file: path,
        problem: "is not a file; leave out --out to write to the output"
      )
    }
    self.path = Self.target(of: path)
    partialPath = self.path + ".partial"
    Interrupt.willWrite(partialPath)
    descriptor = unsafe open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OutputError(partialPath, "cannot create") }
  }

  /// The file that a symbolic link leads to, so that the link stays one.
  private static func target(of path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isComplete { unsafe unlink(partialPath) }
  }

  /// Writes the report and gives the file its name.
  func complete(_ report: JSONValue) throws(OutputError) {
    guard FileBytes.write(report.document, to: descriptor) else {
      throw OutputError(partialPath, "cannot write")
    }
    guard unsafe rename(partialPath, path) == 0 else { throw OutputError(path, "cannot rename to") }
    isComplete = true
  }
}
