#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The bytes of a small file.
public enum BoundedFile {
  /// Fleets of hundreds of pools take a tenth of this; what is larger is another kind of file.
  public static let largestBytes = 1 << 20

  /// Reads a whole file, or as much of a pipe as comes.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - what: What errors say the file should describe, such as "fleet".
  /// - Returns: Its bytes.
  /// - Throws: `ConfigFileError` where there is no such file, it cannot be read, or it is larger
  ///   than `largestBytes`.
  public static func read(_ path: String, as what: String) throws(ConfigFileError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw ConfigFileError(
        code == ENOENT || code == ENOTDIR ? .noSuchFile : .unreadable,
        file: path,
        problem: "cannot open: \(reason(code))"
      )
    }
    defer { close(descriptor) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw ConfigFileError(
        .noSuchFile,
        file: path,
        problem: "is a folder; name a \(what) file in it"
      )
    }
    var bytes = [UInt8](repeating: 0, count: largestBytes + 1)
    var count = 0
    while count < bytes.count {
      let more = unsafe bytes.withUnsafeMutableBytes { buffer in
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
        #if canImport(Darwin)
          return unsafe Darwin.read(descriptor, room.baseAddress, room.count)
        #else
          return unsafe Glibc.read(descriptor, room.baseAddress, room.count)
        #endif
      }
      if more == 0 { break }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else {
        throw ConfigFileError(.unreadable, file: path, problem: "cannot read: \(reason(errno))")
      }
      count += more
    }
    guard count <= largestBytes else {
      throw ConfigFileError(
        .badData,
        file: path,
        problem: "is larger than 1 MiB; expected a \(what) file of a few KiB"
      )
    }
    bytes.removeSubrange(count...)
    return bytes
  }

  private static func reason(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
