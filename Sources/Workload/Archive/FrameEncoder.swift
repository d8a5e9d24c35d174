import CZstd

/// Compresses each row group into a zstd frame of its own, with its size and a checksum.
@safe final class FrameEncoder {
  private let context: OpaquePointer
  private let file: String
  private(set) var frame: [UInt8] = []

  /// Takes levels from 1 to 22; the frames of any level are decompressed alike.
  init(level: Int32, file: String) throws(TraceWriteError) {
    guard (1...ZSTD_maxCLevel()).contains(level) else {
      throw TraceWriteError(
        file: file,
        problem: "compression level is \(level); expected 1 to \(ZSTD_maxCLevel())"
      )
    }
    guard let context = unsafe ZSTD_createCCtx() else {
      throw TraceWriteError(file: file, problem: "no memory for the zstd encoder")
    }
    unsafe self.context = context
    self.file = file
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    unsafe ZSTD_freeCCtx(context)
  }

  /// Puts the frame of some bytes into `frame`.
  func encode(_ bytes: [UInt8]) throws(TraceWriteError) {
    let bound = ZSTD_compressBound(bytes.count)
    if frame.count < bound { frame = [UInt8](repeating: 0, count: bound) }
    let room = frame.count
    let size = unsafe bytes.withUnsafeBytes { bytes in
      unsafe frame.withUnsafeMutableBytes { frame in
        unsafe ZSTD_compress2(context, frame.baseAddress, room, bytes.baseAddress, bytes.count)
      }
    }
    if ZSTD_isError(size) != 0 {
      let reason = unsafe String(cString: ZSTD_getErrorName(size))
      throw TraceWriteError(file: file, problem: "cannot compress: \(reason)")
    }
    frame.removeLast(frame.count - size)
  }
}
