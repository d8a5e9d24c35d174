#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The right to write into a folder, held by one open file at a time.
///
/// The system gives it up with the process, however that ends, so a lock is never left over. One
/// thread at a time uses an object of this type.
public final class FolderLock {
  /// The file that is locked.
  public let path: String
  /// Folders that were made for it, each inside the one before.
  private var made: [String] = []
  private var descriptor: Int32 = -1

  /// How often the folder may be renamed away while it is being taken.
  private static let mostAttempts = 100

  /// Creates the folder, and those above it, where they are missing, and takes it.
  ///
  /// - Parameters:
  ///   - folder: What is locked.
  ///   - file: The name of the file in it that is locked.
  ///   - name: What errors call the folder.
  /// - Throws: `busy` where another open file holds the lock, `unwritable` where the system refuses.
  public init(_ folder: String, file: String, of name: String) throws(DatasetError) {
    path = "\(folder)/\(file)"
    for _ in 0..<Self.mostAttempts {
      made += try FileSystem.createFolders(folder[...]).filter { !made.contains($0) }
      descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if descriptor < 0 {
        if errno == ENOENT { continue }
        throw DatasetError.system("cannot create the lock", path: path)
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let isTaken = errno == EWOULDBLOCK
        let failure = DatasetError.system("cannot lock", path: path)
        release()
        guard isTaken else { throw failure }
        throw DatasetError(.busy, path: name, problem: "another process is writing it")
      }
      // The one who held it may have renamed or removed the file before giving it up.
      if Self.isSame(descriptor, path) { return }
      release()
    }
    throw DatasetError(.busy, path: name, problem: "other processes keep taking the folder")
  }

  deinit { release() }

  /// Gives the folder up; a second call does nothing.
  func release() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Removes the locked file and the folders that were made for it, as far as they are empty, and
  /// gives the folder up.
  public func abandon() {
    // While the lock is held, so that nobody can have locked what is removed.
    unsafe unlink(path)
    for folder in made.reversed() { unsafe rmdir(folder) }
    release()
  }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (held, named) = (stat(), stat())
    let isKnown = unsafe fstat(descriptor, &held) == 0
    let isNamed = unsafe stat(path, &named) == 0
    return isKnown && isNamed && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
