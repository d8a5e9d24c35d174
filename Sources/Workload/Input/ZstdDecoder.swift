import CZstd

/// Decompresses zstd frames.
@safe final class ZstdDecoder: BlockDecoder {
  let format = "zstd"
  let part = "frame"
  private(set) var isInsidePart = false
  private let context: OpaquePointer

  /// Whether bytes start like a zstd frame or a skippable frame (RFC 8878, section 3.1).
  static func recognizes(_ start: [UInt8]) -> Bool {
    guard start.count >= 4 else { return false }
    let magic = (0..<4).reduce(UInt32(0)) { $0 | UInt32(start[$1]) << (8 * UInt32($1)) }
    return magic == 0xFD2F_B528 || magic & 0xFFFF_FFF0 == 0x184D_2A50
  }

  init(file: String) throws(TraceError) {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw TraceError(.unreadable, file: file, problem: "no memory for the zstd decoder")
    }
    unsafe self.context = context
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
  }

  func decode(
    _ block: borrowing [UInt8],
    _ range: Range<Int>,
    into bytes: inout [UInt8],
    from position: Int
  ) -> DecodedPiece {
    var piece = DecodedPiece()
    let result = unsafe block.withUnsafeBytes { block in
      unsafe bytes.withUnsafeMutableBytes { bytes in
        let source = unsafe UnsafeRawBufferPointer(rebasing: block[range])
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[position...])
        var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(context, &output, &input)
        piece.used = unsafe input.pos
        piece.produced = unsafe output.pos
        return result
      }
    }
    if ZSTD_isError(result) != 0 {
      piece.failure = unsafe String(cString: ZSTD_getErrorName(result))
    } else {
      isInsidePart = result != 0
    }
    return piece
  }
}
