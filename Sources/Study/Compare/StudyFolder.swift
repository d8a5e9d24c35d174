public import Reporting
import Synchronization

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
  private let lock: Mutex<FolderLock>
  /// The folders of the runs, relative to this one.
  private let runs = Mutex<[String]>([])

  private static let lockName = ".replay.lock"

  /// Makes the folder where it does not exist, and locks it.
  ///
  /// - Throws: `DatasetError`: `exists` where something else stands there, `busy` where another
  ///   process has locked it, `unwritable` where it cannot be made or written.
  public init(path: String) throws(DatasetError) {
    self.path = path
    switch PathKind(of: path) {
    case .nothing: break
    case .file, .stream:
      throw DatasetError(.exists, path: path, problem: "exists and is not a folder")
    case .folder:
      guard PathKind(of: "\(path)/\(DatasetSchema.manifestFile)") == .nothing else {
        throw DatasetError(
          .exists,
          path: path,
          problem: "is the dataset of a run; choose another folder"
        )
      }
    }
    let lock = try FolderLock(path, file: Self.lockName, of: path)
    lockPath = lock.path
    self.lock = Mutex(lock)
  }

  /// What failed runs have left is removed, as far as it is empty.
  deinit {
    for run in runs.withLock({ $0 }) {
      var folder = run[...]
      while !folder.isEmpty {
        unsafe rmdir("\(path)/\(folder)")
        folder = folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.startIndex)
      }
    }
    lock.withLock { $0.abandon() }
  }

  /// The folder of a run's dataset.
  func path(of plan: RunPlan) -> String {
    let folder = plan.folder
    runs.withLock { $0.append(folder) }
    return "\(path)/\(folder)"
  }
}
