/// Constants of the trace file `NAME.replay.zst`; `traces/FORMAT.md` explains every byte.
enum ArchiveFormat {
  /// The version that this build writes, and the only one it reads.
  static let version: UInt32 = 1

  /// A skippable frame (RFC 8878, section 3.1.2) with the header, at the start of the file.
  static let headerMagic: UInt32 = 0x184D_2A50
  /// A skippable frame with the index, at the end of the file.
  static let indexMagic: UInt32 = 0x184D_2A51
  /// An ordinary zstd frame: a row group.
  static let groupMagic: UInt32 = 0xFD2F_B528

  static let headerMarker = Array("RPLYTRC\n".utf8)
  static let indexMarker = Array("RPLYIDX\n".utf8)
  static let endMarker = Array("RPLYEND\n".utf8)
  static let rowGroupMarker = Array("RPLG".utf8)

  /// Magic number and size in front of a skippable frame's content.
  static let skippableHeaderBytes = 8
  /// Length of the index frame and the end marker, the last bytes of the file.
  static let trailerBytes = 16

  /// Limits that a reader checks before it makes room for anything.
  static let mostHeaderBytes = 1 << 20
  static let mostGroupBytes = 1 << 30
  static let mostRows = 1 << 20
  /// A longer group ends with one session, which has all rows from this one on.
  static let mostRowsOfSessions = 1 << 17
  static let mostEdges = 1 << 24
  static let mostNodes = 1 << 24
  static let mostBlockTokens = 1 << 20
  /// Bytes that a block of a zstd frame can give (RFC 8878, section 3.1.1.2.4).
  static let mostBlockBytes = 1 << 17

  /// Whether a file that starts like this is meant to be a trace file of ours.
  static func recognizes(_ start: [UInt8]) -> Bool {
    start.count >= recognizedBytes && start.littleEndian(at: 0, as: UInt32.self) == headerMagic
      && start[skippableHeaderBytes..<recognizedBytes].elementsEqual(headerMarker)
  }

  /// Bytes that `recognizes` needs.
  static let recognizedBytes = 16
}

/// Integers in files are little-endian.
extension [UInt8] {
  mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  /// - Precondition: The value lies within the array.
  func littleEndian<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
    var value: Value = 0
    for byte in 0..<Value.bitWidth / 8 {
      value |= Value(truncatingIfNeeded: self[offset + byte]) << Value(8 * byte)
    }
    return value
  }
}
