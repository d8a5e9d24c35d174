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

  /// Creates a folder and those above it, where they are missing.
  static func createFolders(_ path: Substring) throws(DatasetError) {
    guard !path.isEmpty, !isFolder(String(path)) else { return }
    if let slash = path.lastIndex(of: "/") { try createFolders(path[..<slash]) }
    guard unsafe mkdir(String(path), 0o755) != 0 else { return }
    let failure = DatasetError.system("cannot create the folder", path: String(path))
    // Another process may have made it meanwhile.
    if !isFolder(String(path)) { throw failure }
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
}
