import CZstd

/// Compresses what is appended into one zstd frame with a checksum.
@safe final class ZstdWriter {
  private let output: OutputFile
  private let encoder: OpaquePointer
  private var block = [UInt8](repeating: 0, count: blockBytes)

  init(_ output: OutputFile, level: Int32, file: String) throws(TraceWriteError) {
    guard let encoder = unsafe ZSTD_createCCtx() else {
      throw TraceWriteError(file: file, problem: "no memory for the zstd encoder")
    }
    self.output = output
    unsafe self.encoder = encoder
    unsafe ZSTD_CCtx_setParameter(encoder, ZSTD_c_compressionLevel, level)
    unsafe ZSTD_CCtx_setParameter(encoder, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    unsafe ZSTD_freeCCtx(encoder)
  }

  /// Compresses a piece and, after the last one, ends the frame.
  func append(_ bytes: borrowing [UInt8], isLast: Bool) throws(TraceWriteError) {
    var taken = 0
    while true {
      var produced = 0
      let left = unsafe bytes.withUnsafeBytes { bytes in
        unsafe block.withUnsafeMutableBytes { block in
          var input = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: taken)
          var output = unsafe ZSTD_outBuffer(dst: block.baseAddress, size: block.count, pos: 0)
          let directive = isLast ? ZSTD_e_end : ZSTD_e_continue
          let left = unsafe ZSTD_compressStream2(encoder, &output, &input, directive)
          taken = unsafe input.pos
          produced = unsafe output.pos
          return left
        }
      }
      if ZSTD_isError(left) != 0 {
        let reason = unsafe String(cString: ZSTD_getErrorName(left))
        throw TraceWriteError(file: "zstd", problem: "cannot compress: \(reason)")
      }
      try output.append(block, count: produced)
      if isLast ? left == 0 : taken == bytes.count { return }
    }
  }
}
