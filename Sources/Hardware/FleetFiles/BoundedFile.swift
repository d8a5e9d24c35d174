#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The bytes of a small file.
enum BoundedFile {
  /// Fleets of hundreds of pools take a tenth of this; what is larger is another kind of file.
  static let largestBytes = 1 << 20

  /// Reads a whole file, or as much of a pipe as comes.
  ///
  /// - Throws: `FleetFileError` where there is no such file, it cannot be read, or it is larger
  ///   than `largestBytes`.
  static func read(_ path: String) throws(FleetFileError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw FleetFileError(
        code == ENOENT || code == ENOTDIR ? .noSuchFile : .unreadable,
        file: path,
        problem: "cannot open: \(reason(code))"
      )
    }
    defer { close(descriptor) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw FleetFileError(
        .noSuchFile,
        file: path,
        problem: "is a folder; name a fleet file in it"
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
        throw FleetFileError(.unreadable, file: path, problem: "cannot read: \(reason(errno))")
      }
      count += more
    }
    guard count <= largestBytes else {
      throw FleetFileError(
        .badData,
        file: path,
        problem: "is larger than 1 MiB; expected a fleet file of a few KiB"
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
