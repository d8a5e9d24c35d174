#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The right to write into a folder, held by one open file at a time.
///
/// The system gives it up with the process, however that ends, so a lock is never left over.
final class FolderLock {
  static let file = ".lock"
  private var descriptor: Int32 = -1

  /// How often the folder may be renamed away while it is being taken.
  private static let mostAttempts = 100

  /// Creates the folder where it is missing, and takes it.
  ///
  /// - Parameters:
  ///   - folder: What is locked.
  ///   - dataset: What errors call it.
  /// - Throws: `busy` where another open file holds the lock, `unwritable` where the system refuses.
  init(_ folder: String, of dataset: String) throws(DatasetError) {
    let name = "\(folder)/\(Self.file)"
    for _ in 0..<Self.mostAttempts {
      if unsafe mkdir(folder, 0o755) != 0, errno != EEXIST {
        throw DatasetError.system("cannot create the folder", path: folder)
      }
      descriptor = unsafe open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if descriptor < 0 {
        if errno == ENOENT { continue }
        throw DatasetError.system("cannot create the lock", path: name)
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let isTaken = errno == EWOULDBLOCK
        let failure = DatasetError.system("cannot lock", path: name)
        release()
        guard isTaken else { throw failure }
        throw DatasetError(
          .busy,
          path: dataset,
          problem: "another process is writing this dataset"
        )
      }
      // The one who held it may have renamed the folder before giving it up.
      if Self.isSame(descriptor, name) { return }
      release()
    }
    throw DatasetError(.busy, path: dataset, problem: "other processes keep taking the folder")
  }

  deinit { release() }

  /// Gives the folder up; a second call does nothing.
  func release() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (held, named) = (stat(), stat())
    let isKnown = unsafe fstat(descriptor, &held) == 0
    let isNamed = unsafe stat(path, &named) == 0
    return isKnown && isNamed && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
