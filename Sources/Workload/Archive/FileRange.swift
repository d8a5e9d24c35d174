#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The bytes of a regular file from some place on.
final class FileRange: ByteSource {
  let file: String
  /// Bytes of the whole file.
  let size: Int64
  private let descriptor: Int32
  private var offset: Int64

  init(path: String, from offset: Int64) throws(TraceError) {
    file = path
    self.offset = offset
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    let reason = systemError()
    descriptor = opened
    guard opened >= 0 else {
      size = 0
      throw TraceError(
        reason.code == ENOENT || reason.code == ENOTDIR ? .noSuchFile : .unreadable,
        file: path,
        problem: "cannot open: \(reason.text)"
      )
    }
    var status = stat()
    let inspected = unsafe fstat(opened, &status)
    let inspection = systemError()
    size = Int64(status.st_size)
    guard inspected == 0 else {
      throw TraceError(.unreadable, file: path, problem: "cannot inspect: \(inspection.text)")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw TraceError(.noSuchFile, file: path, problem: "is a folder; name a trace file in it")
    default:
      throw TraceError(
        .unreadable,
        file: path,
        problem: "is no regular file, and its index stands at the end; copy it to a file first"
      )
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func fill(_ bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    let count = try unsafe readUninterrupted(&bytes, from: position, file: file) { room, count in
      unsafe pread(descriptor, room, count, off_t(offset))
    }
    offset += Int64(count)
    return count
  }
}

/// A source whose first bytes can be looked at before they are read.
final class PeekedBytes: ByteSource {
  private let rest: any ByteSource
  private var start: [UInt8] = []
  private var taken = 0

  var file: String { rest.file }

  init(_ rest: any ByteSource) { self.rest = rest }

  /// The first bytes of the source, or all of them where there are fewer.
  ///
  /// - Precondition: Nothing has been read yet.
  func peek(_ count: Int) throws(TraceError) -> [UInt8] {
    precondition(taken == 0)
    while start.count < count {
      let known = start.count
      start.append(contentsOf: repeatElement(0, count: count - known))
      let more = try rest.fill(&start, from: known)
      start.removeLast(count - known - more)
      if more == 0 { break }
    }
    return Array(start.prefix(count))
  }

  func fill(_ bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    guard taken < start.count else { return try rest.fill(&bytes, from: position) }
    let count = min(start.count - taken, bytes.count - position)
    bytes.replaceSubrange(position..<position + count, with: start[taken..<taken + count])
    taken += count
    return count
  }
}
