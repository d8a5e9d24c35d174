import CZlib
import Foundation
import Workload

/// The compressions that a trace may come in.
enum Packing: CaseIterable {
  case zstd, gzip

  /// How many bytes make the compression known.
  var magicBytes: Int {
    switch self {
    case .zstd: 4
    case .gzip: 2
    }
  }

  /// Text, a CSV trace, in one part.
  func packed(_ text: String) throws -> [UInt8] {
    switch self {
    case .zstd:
      let folder = try TemporaryFolder()
      let path = folder.path("packed")
      try CSVTraceWriter(path: path).write(read(text))
      return Array(try Data(contentsOf: URL(filePath: path)))
    case .gzip: return try gzipped(Array(text.utf8))
    }
  }
}

struct GzipError: Error {}

/// One gzip member, as zlib writes it.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
  var packed = [UInt8](repeating: 0, count: bytes.count + 1_024)
  let count: Int? = unsafe bytes.withUnsafeBufferPointer { source in
    unsafe packed.withUnsafeMutableBufferPointer { target in
      var stream = unsafe z_stream()
      let size = unsafe Int32(MemoryLayout<z_stream>.size)
      guard
        unsafe deflateInit2_(
          &stream,
          6,
          Z_DEFLATED,
          15 + 16,
          8,
          Z_DEFAULT_STRATEGY,
          ZLIB_VERSION,
          size
        ) == Z_OK
      else { return nil }
      defer { unsafe deflateEnd(&stream) }
      unsafe stream.next_in = source.baseAddress
      unsafe stream.avail_in = UInt32(source.count)
      unsafe stream.next_out = target.baseAddress
      unsafe stream.avail_out = UInt32(target.count)
      guard unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
      return unsafe target.count - Int(stream.avail_out)
    }
  }
  guard let count else { throw GzipError() }
  return Array(packed[..<count])
}
