#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An output that cannot be written.
struct OutputError: Error, Equatable, CustomStringConvertible {
  let file: String
  let problem: String
  /// Whether the reader of a pipe has left, most likely on purpose.
  var isBrokenPipe = false

  /// Takes the reason from the system call that has just failed.
  init(_ file: String, _ action: String) {
    self.file = file
    isBrokenPipe = errno == EPIPE
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
