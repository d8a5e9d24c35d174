#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file without a name for what does not fit into memory; it goes with its owner.
final class SpillFile {
  private let folder: String
  private let descriptor: Int32
  private var end: Int64 = 0

  /// Creates the file in a folder, or in `TMPDIR`, or in `/tmp` where that is not set.
  init(folder: String?) throws(TraceError) {
    let folder = folder ?? Self.temporaryFolder
    self.folder = folder
    var template = Array("\(folder)/replay-sort-XXXXXX".utf8CString)
    descriptor = unsafe template.withUnsafeMutableBufferPointer { name in
      guard let name = name.baseAddress else { return -1 }
      let opened = unsafe mkstemp(name)
      if opened >= 0 {
        unsafe unlink(name)
        _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
      }
      return opened
    }
    if descriptor < 0 { throw failure("cannot create a temporary file") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private static var temporaryFolder: String {
    guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
    let folder = unsafe String(cString: value)
    return folder.isEmpty ? "/tmp" : folder
  }

  /// Appends bytes and returns where they stand.
  func append(_ bytes: borrowing [UInt8]) throws(TraceError) -> Range<Int64> {
    let start = end
    var written = 0
    while written < bytes.count {
      let more = unsafe bytes.withUnsafeBytes { bytes in
        let left = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
        return unsafe pwrite(descriptor, left.baseAddress, left.count, off_t(start) + written)
      }
      if more >= 0 {
        written += more
      } else if systemError().code != EINTR {
        throw failure("cannot write a temporary file")
      }
    }
    end = start + Int64(written)
    return start..<end
  }

  func read(_ range: Range<Int64>) throws(TraceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var taken = 0
    while taken < bytes.count {
      let more = unsafe bytes.withUnsafeMutableBytes { bytes in
        let left = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[taken...])
        return unsafe pread(
          descriptor,
          left.baseAddress,
          left.count,
          off_t(range.lowerBound) + taken
        )
      }
      if more > 0 {
        taken += more
      } else if more == 0 || systemError().code != EINTR {
        throw failure("cannot read a temporary file back")
      }
    }
    return bytes
  }

  private func failure(_ action: String) -> TraceError {
    TraceError(
      .unreadable,
      file: folder,
      problem: "\(action): \(systemError().text); set TMPDIR to a folder that can be written and "
        + "has room for the whole trace"
    )
  }
}
