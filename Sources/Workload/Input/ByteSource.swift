#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where the bytes of a trace come from, one block at a time.
protocol ByteSource: AnyObject {
  /// What errors call the source.
  var file: String { get }

  /// Overwrites `bytes` from `position` on, as far as it goes, and returns how many bytes came.
  ///
  /// - Returns: 0 only at the end; the caller leaves room for at least one byte.
  func fill(_ bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int
}

/// How many bytes are asked of a file, and kept of a decompressed one, at a time.
let blockBytes = 128 * 1024

/// The bytes of a file as they are on disk.
final class FileBytes: ByteSource {
  let file: String
  private let descriptor: Int32

  init(path: String) throws(TraceError) {
    file = path
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    let reason = systemError()
    descriptor = opened
    guard opened >= 0 else {
      throw TraceError(
        reason.code == ENOENT || reason.code == ENOTDIR ? .noSuchFile : .unreadable,
        file: path,
        problem: "cannot open: \(reason.text)"
      )
    }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else {
      throw TraceError(.unreadable, file: path, problem: "cannot inspect: \(systemError().text)")
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw TraceError(.noSuchFile, file: path, problem: "is a folder; name a trace file in it")
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func fill(_ bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    try unsafe readUninterrupted(&bytes, from: position, file: file) { room, count in
      unsafe read(descriptor, room, count)
    }
  }
}

/// Overwrites bytes from a position on by a system call that returns how many came, or −1.
func readUninterrupted(
  _ bytes: inout [UInt8],
  from position: Int,
  file: String,
  _ call: (_ room: UnsafeMutableRawPointer?, _ count: Int) -> Int
) throws(TraceError) -> Int {
  while true {
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position...])
      return unsafe call(room.baseAddress, room.count)
    }
    if count >= 0 { return count }
    let reason = systemError()
    if reason.code == EINTR { continue }
    throw TraceError(.unreadable, file: file, problem: "cannot read: \(reason.text)")
  }
}

/// The reason of the last system call's failure.
func systemError() -> (code: Int32, text: String) {
  let code = errno
  guard let text = unsafe strerror(code) else { return (code, "error \(code)") }
  return unsafe (code, String(cString: text))
}

/// Returns a source of plain bytes, decompressing where the content starts like zstd or gzip.
///
/// The content decides rather than the suffix, so a renamed or piped file still opens.
func plainBytes(of source: any ByteSource) throws(TraceError) -> any ByteSource {
  var block = [UInt8](repeating: 0, count: blockBytes)
  var count = 0
  while count < 4 {
    let more = try source.fill(&block, from: count)
    if more == 0 { break }
    count += more
  }
  block.removeSubrange(count...)
  if ZstdDecoder.recognizes(block) {
    let decoder = try ZstdDecoder(file: source.file)
    return DecompressedBytes(start: block, rest: source, decoder: decoder)
  }
  if GzipDecoder.recognizes(block) {
    let decoder = try GzipDecoder(file: source.file)
    return DecompressedBytes(start: block, rest: source, decoder: decoder)
  }
  return ResumedBytes(start: block, rest: source)
}

/// A source whose first block has been looked at already.
private final class ResumedBytes: ByteSource {
  private var start: [UInt8]
  private var taken = 0
  private let rest: any ByteSource

  var file: String { rest.file }

  init(start: [UInt8], rest: any ByteSource) {
    self.start = start
    self.rest = rest
  }

  func fill(_ bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    guard taken < start.count else { return try rest.fill(&bytes, from: position) }
    let count = min(start.count - taken, bytes.count - position)
    bytes.replaceSubrange(position..<position + count, with: start[taken..<taken + count])
    taken += count
    return count
  }
}
