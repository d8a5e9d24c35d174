/// A compression that is undone piece by piece.
protocol BlockDecoder: AnyObject {
  /// What errors call the compression and one self-contained part of such a file.
  var format: String { get }
  var part: String { get }

  /// Whether a part has begun and waits for more input or holds output back.
  var isInsidePart: Bool { get }

  /// Decompresses a range of `block` to `position` in `bytes`, which has room for at least a byte.
  ///
  /// Uses input, gives output or fails, unless it needs more input than there is.
  func decode(
    _ block: borrowing [UInt8],
    _ range: Range<Int>,
    into bytes: inout [UInt8],
    from position: Int
  ) -> DecodedPiece
}

/// What one call of a decoder did.
struct DecodedPiece {
  /// Bytes of input used and of output given.
  var used = 0
  var produced = 0
  /// Why the input is not what the format prescribes; nil where it is.
  var failure: String?
}

/// The decompressed bytes of one or more parts.
final class DecompressedBytes: ByteSource {
  private let rest: any ByteSource
  private let decoder: any BlockDecoder
  /// The compressed block at hand; bytes before `taken` are done, those from `available` on stale.
  private var block: [UInt8]
  private var taken = 0
  private var available: Int
  /// Offset of the block's first byte in the compressed file.
  private var blockOffset = 0

  var file: String { rest.file }

  init(start: [UInt8], rest: any ByteSource, decoder: any BlockDecoder) {
    self.rest = rest
    self.decoder = decoder
    available = start.count
    block = start + [UInt8](repeating: 0, count: max(0, blockBytes - start.count))
  }

  func fill(_ bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    while true {
      if taken < available || decoder.isInsidePart {
        let produced = try decode(into: &bytes, from: position)
        if produced > 0 { return produced }
      }
      guard taken == available else { continue }
      blockOffset += available
      taken = 0
      available = try rest.fill(&block, from: 0)
      if available == 0 {
        guard decoder.isInsidePart else { return 0 }
        throw TraceError(
          .badData,
          file: file,
          problem: "\(decoder.format) data ends inside a \(decoder.part) at byte offset "
            + "\(blockOffset); the file is truncated, fetch or write it again"
        )
      }
    }
  }

  private func decode(into bytes: inout [UInt8], from position: Int) throws(TraceError) -> Int {
    let piece = decoder.decode(block, taken..<available, into: &bytes, from: position)
    taken += piece.used
    if let reason = piece.failure {
      throw TraceError(
        .badData,
        file: file,
        problem: "\(decoder.format) data is corrupt at byte offset \(blockOffset + taken) "
          + "(\(reason)); fetch or write the file again"
      )
    }
    return piece.produced
  }
}
