#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A dataset's folder, which appears under its name only when it is complete.
///
/// Until then its files stand in a folder of the same name and `.partial`, of which one process at a
/// time holds the lock, and their own names end in `.partial` too, so that no pattern takes them for
/// tables. What a killed process left there is cleared and used again.
public final class DatasetFolder {
  /// As it was given, without slashes at the end.
  public let path: String
  /// Where files are written; removed with this object unless it was completed.
  public let partialPath: String
  /// Where `path` leads; a link to a dataset stays one.
  private let target: String
  private let overwrites: Bool
  private let lock: FolderLock
  private var isComplete = false

  private static let lockName = ".lock"

  /// Takes the folder, and creates its parents where they are missing.
  ///
  /// - Parameters:
  ///   - path: The folder's name; nothing stands there, or an empty folder.
  ///   - overwrite: Whether an earlier dataset at `path` is replaced, once this one is complete. A
  ///     folder that holds anything else is left alone.
  /// - Throws: `DatasetError`: `exists` where something stands that is not to be replaced, `busy`
  ///   where another process is writing the dataset, `unwritable` where the system refuses.
  public init(path: String, overwrite: Bool = false) throws(DatasetError) {
    (self.path, target) = try Self.checked(path, overwrite: overwrite)
    partialPath = Self.partialName(of: target)
    overwrites = overwrite
    lock = try Self.emptyFolder(partialPath, of: self.path)
  }

  /// Makes sure that a dataset may be written, as far as that can be told without a trace of it.
  ///
  /// - Parameters:
  ///   - path: As for `init`.
  ///   - overwrite: As for `init`.
  /// - Throws: What `init` would throw for a name that cannot be used, or for what stands there.
  public static func check(path: String, overwrite: Bool = false) throws(DatasetError) {
    _ = try checked(path, overwrite: overwrite)
  }

  deinit {
    guard !isComplete else { return }
    // The lock goes last, so that nobody takes the folder while it is cleared.
    try? Self.clear(partialPath)
    lock.abandon()
    // What a killed run left was not made for this lock.
    try? FileSystem.removeFolder(partialPath)
  }

  /// The name without slashes at its end, and where it leads.
  private static func checked(
    _ path: String,
    overwrite: Bool
  ) throws(DatasetError) -> (name: String, target: String) {
    var name = path[...]
    while name.utf8.count > 1, name.hasSuffix("/") { name.removeLast() }
    let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard !last.isEmpty, last != ".", last != ".." else {
      throw DatasetError(.exists, path: path, problem: "is no name for a new folder")
    }
    guard name.utf8.count + longestAddition < Int(PATH_MAX), last.utf8.count < longestName else {
      throw DatasetError(.unwritable, path: path, problem: "is too long a name")
    }
    let target = FileSystem.destination(ofLink: String(name)) ?? String(name)
    try checkReplaceable(target, as: String(name), overwrite: overwrite)
    return (String(name), target)
  }

  /// What the names of the files in a folder, and what they end in meanwhile, add to a path.
  private static let longestAddition = 100
  /// Of a folder, so that `.partial` can follow.
  private static let longestName = 240

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
    let lock = try FolderLock(path, file: lockName, of: dataset)
    try clear(path)
    return lock
  }

  /// Removes the files of a dataset, and nothing else.
  private static func clear(_ folder: String) throws(DatasetError) {
    for entry in try FileSystem.entries(folder) where isOurs(entry) && entry != lockName {
      try FileSystem.remove("\(folder)/\(entry)")
    }
  }

  /// Gives the folder and its files their names; all of them are complete.
  ///
  /// An earlier dataset is there up to the instant at which this one is.
  ///
  /// - Throws: `exists` where something was put there meanwhile, `unwritable` where the system
  ///   refuses. Nothing has changed at `path` then.
  public func complete() throws(DatasetError) {
    try Self.checkReplaceable(target, as: path, overwrite: overwrites)
    for file in DatasetSchema.files {
      let name = "\(partialPath)/\(file)"
      try FileSystem.rename(Self.partialName(of: name), to: name)
    }
    let replaced = overwrites && FileSystem.exists(target) ? try replace() : nil
    if replaced == nil { try FileSystem.rename(partialPath, to: target) }
    isComplete = true
    // Only now, or another process could take the folder while it is renamed.
    try FileSystem.remove("\(target)/\(Self.lockName)")
    lock.release()
    if let replaced { Self.remove(replaced, of: path) }
  }

  /// Puts this dataset in the place of an earlier one, and returns where that stands now.
  private func replace() throws(DatasetError) -> String {
    if try FileSystem.swap(partialPath, target) { return partialPath }
    // File systems over a network cannot swap names.
    let aside = "\(target).\(getpid()).partial"
    try FileSystem.rename(target, to: aside)
    do {
      try FileSystem.rename(partialPath, to: target)
    } catch {
      try? FileSystem.rename(aside, to: target)
      throw error
    }
    return aside
  }

  /// Removes a dataset that was replaced, unless another process does so by now. What cannot be
  /// removed is in nobody's way: the next run clears it.
  private static func remove(_ replaced: String, of dataset: String) {
    guard let lock = try? FolderLock(replaced, file: lockName, of: dataset) else { return }
    try? clear(replaced)
    lock.abandon()
    try? FileSystem.removeFolder(replaced)
  }

  /// What a file or folder is called until it is complete.
  static func partialName(of path: String) -> String { path + ".partial" }

  /// Whether a name is that of a dataset's file, complete or not, or of the lock.
  private static func isOurs(_ entry: String) -> Bool {
    entry == lockName
      || DatasetSchema.files.contains { file in
        entry == file || (entry.hasPrefix(file + ".") && entry.hasSuffix(".partial"))
      }
  }

  private static func checkReplaceable(
    _ folder: String,
    as path: String,
    overwrite: Bool
  ) throws(DatasetError) {
    func refusal(_ problem: String) -> DatasetError {
      DatasetError(.exists, path: path, problem: problem)
    }
    guard FileSystem.exists(folder) else { return }
    guard FileSystem.isFolder(folder) else { throw refusal("exists and is not a folder") }
    guard !FileSystem.isMountPoint(folder) else {
      throw refusal("is where a file system is mounted; name a folder in it")
    }
    let entries = try FileSystem.entries(folder)
    guard !entries.isEmpty else { return }
    guard overwrite else {
      throw refusal("exists and is not empty; name another, or give --overwrite")
    }
    guard entries.contains(DatasetSchema.manifestFile) else {
      throw refusal("has no \(DatasetSchema.manifestFile), so it is no dataset to overwrite")
    }
    if let foreign = entries.first(where: { !isOurs($0) }) {
      throw refusal("holds '\(foreign)', which is no part of a dataset; it is not overwritten")
    }
  }
}
