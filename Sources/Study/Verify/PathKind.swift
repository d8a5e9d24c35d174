#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What stands at a path, as far as reading it again depends on that.
enum PathKind {
  case nothing, file, folder
  /// A pipe, a terminal or the like, which is read once.
  case stream

  init(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      self = .nothing
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    default: self = .stream
    }
  }
}
