import CZlib

/// Decompresses gzip members (RFC 1952) and checks the CRC and length of each.
@safe final class GzipDecoder: BlockDecoder {
  let format = "gzip"
  let part = "member"
  private(set) var isInsidePart = false
  /// On the heap, because zlib keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>

  static func recognizes(_ start: [UInt8]) -> Bool {
    start.count >= 2 && start[0] == 0x1F && start[1] == 0x8B
  }

  init(file: String) throws(TraceError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // A window of 2¹⁵ bytes, the largest of gzip; 16 asks for gzip alone, without zlib's own header.
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else {
      throw TraceError(.unreadable, file: file, problem: "no memory for the gzip decoder")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func decode(
    _ block: borrowing [UInt8],
    _ range: Range<Int>,
    into bytes: inout [UInt8],
    from position: Int
  ) -> DecodedPiece {
    if !isInsidePart {
      unsafe inflateReset(stream)
      isInsidePart = true
    }
    var piece = DecodedPiece()
    let result = unsafe block.withUnsafeBufferPointer { block in
      unsafe bytes.withUnsafeMutableBufferPointer { bytes in
        let source = unsafe UnsafeBufferPointer(rebasing: block[range])
        let target = unsafe UnsafeMutableBufferPointer(rebasing: bytes[position...])
        let sourceCount = UInt32(clamping: source.count)
        let targetCount = UInt32(clamping: target.count)
        unsafe stream.pointee.next_in = source.baseAddress
        unsafe stream.pointee.avail_in = sourceCount
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = targetCount
        let result = unsafe inflate(stream, Z_NO_FLUSH)
        piece.used = unsafe Int(sourceCount - stream.pointee.avail_in)
        piece.produced = unsafe Int(targetCount - stream.pointee.avail_out)
        return result
      }
    }
    switch result {
    case Z_STREAM_END: isInsidePart = false
    // The latter says only that the input is used up.
    case Z_OK, Z_BUF_ERROR: break
    default: piece.failure = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib"
    }
    return piece
  }
}
