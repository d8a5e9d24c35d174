import CZstd

/// Decompresses one whole zstd frame at a time, after its header has said how large it is.
@safe final class FrameDecoder {
  private let context: OpaquePointer
  /// The content of the frame decoded last.
  private(set) var content: [UInt8] = []

  init(file: String) throws(TraceError) {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw TraceError(.unreadable, file: file, problem: "no memory for the zstd decoder")
    }
    unsafe self.context = context
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
  }

  /// Decompresses a frame into `content`.
  ///
  /// - Parameters:
  ///   - frame: The whole frame.
  ///   - contentBytes: What its header says, within limits.
  /// - Returns: Why the frame is broken; nil where it is not.
  func decode(_ frame: [UInt8], contentBytes: Int) -> String? {
    // Groups differ little in size, so the room of one serves the next.
    let missing = contentBytes - content.count
    if missing > 0 {
      content.append(contentsOf: repeatElement(0, count: missing))
    } else {
      content.removeLast(-missing)
    }
    let size = unsafe frame.withUnsafeBytes { frame in
      unsafe content.withUnsafeMutableBytes { content in
        unsafe ZSTD_decompressDCtx(
          context,
          content.baseAddress,
          content.count,
          frame.baseAddress,
          frame.count
        )
      }
    }
    if ZSTD_isError(size) != 0 { return unsafe String(cString: ZSTD_getErrorName(size)) }
    return size == contentBytes ? nil : "content is \(size) bytes, not \(contentBytes)"
  }
}
