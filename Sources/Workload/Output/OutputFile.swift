#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a trace could not be written.
public struct TraceWriteError: Error, Equatable, Sendable, CustomStringConvertible {
  public var file: String
  public var problem: String

  public init(file: String, problem: String) {
    self.file = file
    self.problem = problem
  }

  public var description: String { "\(file): \(problem)" }
}

/// A file that appears under its name only when it is complete.
final class OutputFile {
  private let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var isComplete = false

  init(path: String) throws(TraceWriteError) {
    self.path = path
    partialPath = path + ".partial"
    let opened = unsafe open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    let reason = systemError().text
    descriptor = opened
    guard opened >= 0 else {
      throw TraceWriteError(file: partialPath, problem: "cannot create: \(reason)")
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isComplete { unsafe unlink(partialPath) }
  }

  /// Appends the first bytes of a block.
  func append(_ bytes: borrowing [UInt8], count: Int) throws(TraceWriteError) {
    var written = 0
    while written < count {
      let more = unsafe bytes.withUnsafeBytes { bytes in
        let left = unsafe UnsafeRawBufferPointer(rebasing: bytes[written..<count])
        return unsafe write(descriptor, left.baseAddress, left.count)
      }
      if more >= 0 {
        written += more
      } else {
        let reason = systemError()
        if reason.code != EINTR { throw failure("cannot write", reason.text) }
      }
    }
  }

  /// Gives the complete file its name.
  func complete() throws(TraceWriteError) {
    guard unsafe rename(partialPath, path) == 0 else {
      throw failure("cannot rename", systemError().text)
    }
    isComplete = true
  }

  private func failure(_ action: String, _ reason: String) -> TraceWriteError {
    TraceWriteError(file: partialPath, problem: "\(action): \(reason)")
  }
}
