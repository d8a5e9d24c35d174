#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A dataset's folder, which appears under its name only when it is complete.
///
/// Until then its files stand in a folder of the same name and `.partial`, of which one process at a
/// time holds the lock. What a killed process left there is cleared and used again.
public final class DatasetFolder {
  public let path: String
  /// Where files are written; removed with this object unless it was completed.
  public let partialPath: String
  private let overwrites: Bool
  private let lock: FolderLock
  private var isComplete = false

  /// Takes the folder, and creates its parents where they are missing.
  ///
  /// - Parameters:
  ///   - path: The folder's name; nothing stands there, or an empty folder.
  ///   - overwrite: Whether an earlier dataset at `path` is replaced, once this one is complete. A
  ///     folder that holds anything else is left alone.
  /// - Throws: `DatasetError`: `exists` where something stands that is not to be replaced, `busy`
  ///   where another process is writing the dataset, `unwritable` where the system refuses.
  public init(path: String, overwrite: Bool = false) throws(DatasetError) {
    var name = Substring(path)
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    guard name.contains(where: { $0 != "/" && $0 != "." }) else {
      throw DatasetError(.exists, path: path, problem: "is no name for a new folder")
    }
    self.path = String(name)
    partialPath = self.path + ".partial"
    overwrites = overwrite
    try Self.checkReplaceable(self.path, overwrite: overwrite)
    if let slash = name.lastIndex(of: "/") { try FileSystem.createFolders(name[..<slash]) }
    lock = try Self.emptyFolder(partialPath, of: self.path)
  }

  deinit {
    guard !isComplete else { return }
    // The lock goes last, so that nobody takes the folder while it is cleared.
    try? Self.clear(partialPath)
    try? FileSystem.remove("\(partialPath)/\(FolderLock.file)")
    try? FileSystem.removeFolder(partialPath)
    lock.release()
  }

  /// Takes the folder for what is incomplete, and clears what a killed process left there.
  private static func emptyFolder(
    _ path: String,
    of dataset: String
  ) throws(DatasetError) -> FolderLock {
    if FileSystem.isFolder(path),
      let foreign = try FileSystem.entries(path).first(where: { !isOurs($0) })
    {
      throw DatasetError(
        .exists,
        path: path,
        problem: "holds '\(foreign)', which is no part of a dataset; remove or rename the folder"
      )
    }
    let lock = try FolderLock(path, of: dataset)
    try clear(path)
    return lock
  }

  /// Removes the files of a dataset, and nothing else.
  private static func clear(_ folder: String) throws(DatasetError) {
    for entry in try FileSystem.entries(folder) where isOurs(entry) && entry != FolderLock.file {
      try FileSystem.remove("\(folder)/\(entry)")
    }
  }

  /// Gives the folder its name; all files in it are complete.
  ///
  /// - Throws: `exists` where something was put there meanwhile, `unwritable` where the system
  ///   refuses. Nothing has changed at `path` then, unless it is the earlier dataset, moved out of
  ///   the way, that cannot be removed.
  public func complete() throws(DatasetError) {
    try Self.checkReplaceable(path, overwrite: overwrites)
    let earlier = overwrites ? try moveAside() : nil
    do {
      try FileSystem.rename(partialPath, to: path)
    } catch {
      if let earlier { try? FileSystem.rename(earlier, to: path) }
      throw error
    }
    isComplete = true
    // Only now, or another process could take the folder while it is renamed.
    try FileSystem.remove("\(path)/\(FolderLock.file)")
    lock.release()
    if let earlier {
      try Self.clear(earlier)
      try FileSystem.removeFolder(earlier)
    }
  }

  /// Moves an earlier dataset out of the way; nil where there is none.
  private func moveAside() throws(DatasetError) -> String? {
    guard FileSystem.exists(path) else { return nil }
    let aside = "\(path).\(getpid()).replaced"
    try FileSystem.rename(path, to: aside)
    return aside
  }

  /// Whether a name is that of a dataset's file, complete or not, or of the lock.
  private static func isOurs(_ entry: String) -> Bool {
    entry == FolderLock.file
      || DatasetSchema.files.contains { file in
        entry == file || (entry.hasPrefix(file + ".") && entry.hasSuffix(".partial"))
      }
  }

  private static func checkReplaceable(_ path: String, overwrite: Bool) throws(DatasetError) {
    guard FileSystem.exists(path) else { return }
    guard FileSystem.isFolder(path) else {
      throw DatasetError(.exists, path: path, problem: "exists and is not a folder")
    }
    let entries = try FileSystem.entries(path)
    guard !entries.isEmpty else { return }
    guard overwrite else {
      throw DatasetError(.exists, path: path, problem: "exists and is not empty")
    }
    guard entries.contains(DatasetSchema.manifestFile) else {
      throw DatasetError(
        .exists,
        path: path,
        problem: "has no \(DatasetSchema.manifestFile), so it is no dataset to overwrite"
      )
    }
    if let foreign = entries.first(where: { !isOurs($0) }) {
      throw DatasetError(
        .exists,
        path: path,
        problem: "holds '\(foreign)', which is no part of a dataset; it is not overwritten"
      )
    }
  }
}
