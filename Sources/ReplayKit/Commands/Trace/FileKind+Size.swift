#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension FileKind {
  /// The bytes of a regular file; nil for everything else.
  static func size(of path: String) -> Int64? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(status.st_size)
  }
}
