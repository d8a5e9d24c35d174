#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a dataset's folder needs of the file system.
enum FileSystem {
  static func exists(_ path: String) -> Bool {
    var information = stat()
    return unsafe lstat(path, &information) == 0
  }

  static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return unsafe stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether another file system begins at a folder, which can then not be renamed.
  static func isMountPoint(_ path: String) -> Bool {
    var (inside, above) = (stat(), stat())
    let isKnown = unsafe stat(path, &inside) == 0
    let hasParent = unsafe stat(path + "/..", &above) == 0
    return isKnown && hasParent && inside.st_dev != above.st_dev
  }

  /// Where a path leads that is a symbolic link; nil for others, and for a link to nothing.
  static func destination(ofLink path: String) -> String? {
    var information = stat()
    guard unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFLNK,
      let resolved = unsafe realpath(path, nil)
    else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Creates a folder and those above it, where they are missing, and returns them, each inside the
  /// one before.
  static func createFolders(_ path: Substring) throws(DatasetError) -> [String] {
    let name = String(path)
    guard !path.isEmpty, !isFolder(name) else { return [] }
    var made: [String] = []
    if let slash = path.lastIndex(of: "/") { made = try createFolders(path[..<slash]) }
    if unsafe mkdir(name, 0o755) == 0 { return made + [name] }
    let failure = DatasetError.system("cannot create the folder", path: name)
    // Another process may have made it meanwhile.
    if !isFolder(name) { throw failure }
    return made
  }

  /// The names in a folder, in order.
  static func entries(_ path: String) throws(DatasetError) -> [String] {
    guard let folder = unsafe opendir(path) else {
      throw DatasetError.system("cannot read the folder", path: path)
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func remove(_ file: String) throws(DatasetError) {
    if unsafe unlink(file) != 0, errno != ENOENT {
      throw DatasetError.system("cannot remove", path: file)
    }
  }

  static func removeFolder(_ path: String) throws(DatasetError) {
    if unsafe rmdir(path) != 0 { throw DatasetError.system("cannot remove", path: path) }
  }

  static func rename(_ path: String, to name: String) throws(DatasetError) {
    #if canImport(Darwin)
      let status = unsafe Darwin.rename(path, name)
    #else
      let status = unsafe Glibc.rename(path, name)
    #endif
    if status != 0 { throw DatasetError.system("cannot rename \(path)", path: name) }
  }

  /// Lets two folders swap their names, so that both exist at any time.
  ///
  /// - Returns: False where the system or the file system cannot do that.
  static func swap(_ path: String, _ other: String) throws(DatasetError) -> Bool {
    #if canImport(Darwin)
      let status = unsafe renamex_np(path, other, UInt32(RENAME_SWAP))
    #else
      guard let exchange = unsafe exchange else { return false }
      let status = unsafe exchange(AT_FDCWD, path, AT_FDCWD, other, exchangeFlag)
    #endif
    if status == 0 { return true }
    guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else {
      throw DatasetError.system("cannot swap with \(path)", path: other)
    }
    return false
  }

  #if !canImport(Darwin)
    private typealias Exchange =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

    /// `renameat2` of Linux, which glibc has from 2.28 on and its headers show to GNU sources only.
    private static let exchange: Exchange? = unsafe dlsym(nil, "renameat2").map {
      unsafe unsafeBitCast($0, to: Exchange.self)
    }
    /// `RENAME_EXCHANGE`.
    private static let exchangeFlag: UInt32 = 2
  #endif
}
