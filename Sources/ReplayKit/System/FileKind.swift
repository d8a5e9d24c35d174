#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a path leads to.
enum FileKind {
  case folder, file, pipe, device

  /// Whether two paths lead to one file.
  static func areSame(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard unsafe stat(a, &first) == 0, unsafe stat(b, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// nil where there is nothing, or nothing that may be looked at.
  init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: self = .folder
    case S_IFIFO, S_IFSOCK: self = .pipe
    case S_IFREG: self = .file
    default: self = .device
    }
  }
}
