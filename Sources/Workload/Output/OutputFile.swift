#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a file could not be written.
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
///
/// Until then it stands beside that name under one that nothing had before, so that no other file is
/// written over, be it a user's or that of a run beside this one.
public final class OutputFile {
  public let path: String
  /// `path`, the process, a number and `.partial`.
  public let partialPath: String
  private let descriptor: Int32
  private var end = 0
  private var isComplete = false

  /// Names that are tried: as many as files that earlier processes of this number may have left.
  private static let mostAttempts = 1_000

  /// Creates the file beside its name, so that one that cannot be written is known at once.
  public init(path: String) throws(TraceWriteError) {
    self.path = path
    var (attempt, candidate) = (0, "")
    var (opened, reason) = (Int32(-1), systemError())
    repeat {
      attempt += 1
      candidate = "\(path).\(getpid())-\(attempt).partial"
      opened = unsafe open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      reason = systemError()
    } while opened < 0 && reason.code == EEXIST && attempt < Self.mostAttempts
    partialPath = candidate
    descriptor = opened
    guard opened >= 0 else {
      throw TraceWriteError(file: path, problem: "cannot create: \(reason.text)")
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isComplete { unsafe unlink(partialPath) }
  }

  /// Appends the first bytes of a block.
  public func append(_ bytes: borrowing [UInt8], count: Int) throws(TraceWriteError) {
    try put(bytes, count: count, at: end)
    end += count
  }

  /// Replaces bytes that were appended before.
  func overwrite(_ bytes: [UInt8], at offset: Int) throws(TraceWriteError) {
    try put(bytes, count: bytes.count, at: offset)
  }

  private func put(
    _ bytes: borrowing [UInt8],
    count: Int,
    at offset: Int
  ) throws(TraceWriteError) {
    var written = 0
    while written < count {
      let more = unsafe bytes.withUnsafeBytes { bytes in
        let left = unsafe UnsafeRawBufferPointer(rebasing: bytes[written..<count])
        return unsafe pwrite(descriptor, left.baseAddress, left.count, off_t(offset + written))
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
  public func complete() throws(TraceWriteError) {
    guard unsafe rename(partialPath, path) == 0 else {
      throw failure("cannot rename \(partialPath)", systemError().text)
    }
    isComplete = true
  }

  private func failure(_ action: String, _ reason: String) -> TraceWriteError {
    TraceWriteError(file: path, problem: "\(action): \(reason)")
  }
}
