import CZstd

/// The decompressed bytes of one or more zstd frames.
@safe final class ZstdBytes: ByteSource {
  private let rest: any ByteSource
  private let decoder: OpaquePointer
  /// The compressed block at hand; bytes before `taken` are done, those from `available` on stale.
  private var block: [UInt8]
  private var taken = 0
  private var available: Int
  /// Offset of the block's first byte in the compressed file.
  private var blockOffset = 0
  /// Whether the decoder waits for more of a frame or holds output back.
  private var frameIsOpen = false

  var file: String { rest.file }

  /// Whether bytes start like a zstd frame or a skippable frame (RFC 8878, section 3.1).
  static func recognizes(_ start: [UInt8]) -> Bool {
    guard start.count >= 4 else { return false }
    let magic = (0..<4).reduce(UInt32(0)) { $0 | UInt32(start[$1]) << (8 * UInt32($1)) }
    return magic == 0xFD2F_B528 || magic & 0xFFFF_FFF0 == 0x184D_2A50
  }

  init(start: [UInt8], rest: any ByteSource) throws(TraceError) {
    guard let decoder = unsafe ZSTD_createDCtx() else {
      throw TraceError(.unreadable, file: rest.file, problem: "no memory for the zstd decoder")
    }
    unsafe self.decoder = decoder
    self.rest = rest
    available = start.count
    block = start + [UInt8](repeating: 0, count: max(0, blockBytes - start.count))
  }

  deinit {
    unsafe ZSTD_freeDCtx(decoder)
  }

  func fill(_ bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    while true {
      if taken < available || frameIsOpen {
        let produced = try decode(into: &bytes, from: position)
        if produced > 0 { return produced }
      }
      guard taken == available else { continue }
      blockOffset += available
      taken = 0
      available = try rest.fill(&block, from: 0)
      if available == 0 {
        guard frameIsOpen else { return 0 }
        throw TraceError(
          .badData,
          file: file,
          problem: "zstd data ends inside a frame at byte offset \(blockOffset); "
            + "the file is truncated, fetch or write it again"
        )
      }
    }
  }

  private func decode(into bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    var used = 0
    var produced = 0
    let result = unsafe block.withUnsafeBytes { block in
      unsafe bytes.withUnsafeMutableBytes { bytes in
        let source = unsafe UnsafeRawBufferPointer(rebasing: block[taken..<available])
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[position...])
        var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(decoder, &output, &input)
        used = unsafe input.pos
        produced = unsafe output.pos
        return result
      }
    }
    taken += used
    if ZSTD_isError(result) != 0 {
      let reason = unsafe String(cString: ZSTD_getErrorName(result))
      throw TraceError(
        .badData,
        file: file,
        problem: "zstd data is corrupt at byte offset \(blockOffset + taken) (\(reason)); "
          + "fetch or write the file again"
      )
    }
    frameIsOpen = result != 0
    return produced
  }
}
