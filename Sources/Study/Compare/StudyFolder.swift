import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder with a dataset per run, which one process at a time writes to.
public final class StudyFolder: Sendable {
  public let path: String
  /// Exists, and is locked, for as long as this object lives.
  public let lockPath: String
  private let descriptor: Int32

  private static let lockName = ".replay.lock"

  /// Makes the folder where it does not exist, and locks it.
  ///
  /// - Throws: `StudyError.busy` where another process has locked it, `TraceWriteError` where it
  ///   cannot be made or written.
  public init(path: String) throws {
    self.path = path
    lockPath = "\(path)/\(Self.lockName)"
    try Self.makeFolder(path)
    descriptor = try Self.lock(lockPath, in: path)
  }

  deinit {
    // While the lock is held, so that nobody can have locked what is removed.
    unsafe unlink(lockPath)
    close(descriptor)
  }

  /// The folder of a run's dataset.
  func path(of plan: RunPlan) -> String { "\(path)/\(plan.folder)" }

  /// Waits for nobody. A lock file that was removed meanwhile by its holder is tried again.
  private static func lock(_ file: String, in folder: String) throws -> Int32 {
    while true {
      let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw failure(folder, "cannot write") }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let isBusy = errno == EWOULDBLOCK
        let failure = failure(folder, "cannot lock")
        close(descriptor)
        if isBusy { throw StudyError.busy(folder: folder) }
        throw failure
      }
      var (locked, named) = (stat(), stat())
      if unsafe fstat(descriptor, &locked) == 0, unsafe stat(file, &named) == 0,
        locked.st_dev == named.st_dev, locked.st_ino == named.st_ino
      {
        return descriptor
      }
      close(descriptor)
    }
  }

  /// Makes a folder and those that it is in.
  private static func makeFolder(_ path: String) throws {
    var status = stat()
    if unsafe stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else { return }
      throw TraceWriteError(file: path, problem: "is not a folder")
    }
    if let slash = path.utf8.dropLast().lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex {
      try makeFolder(String(path[..<slash]))
    }
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw failure(path, "cannot create")
    }
  }

  /// Takes the reason from the system call that has just failed.
  private static func failure(_ path: String, _ action: String) -> TraceWriteError {
    let reason = unsafe String(cString: strerror(errno))
    return TraceWriteError(file: path, problem: "\(action): \(reason)")
  }
}
