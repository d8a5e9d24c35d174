import Workload

/// A file of a dataset, and what is in it.
public struct DatasetFile: Sendable, Equatable {
  /// In the dataset's folder.
  public var name: String
  /// `TextDigest` of its content, decompressed.
  public var digest: UInt128

  public init(name: String, digest: UInt128) {
    self.name = name
    self.digest = digest
  }
}

/// A digest of a text that comes in pieces, whatever these are.
public struct TextDigest: Sendable {
  private var digest = Digest128()
  /// Bytes that do not fill a word yet, the first in the lowest.
  private var word: UInt64 = 0
  /// Bytes so far.
  public private(set) var count = 0

  public init() {}

  public mutating func add(_ piece: ArraySlice<UInt8>) {
    var position = piece.startIndex
    while position < piece.endIndex, count % 8 != 0 {
      add(piece[position])
      position += 1
    }
    unsafe piece.withUnsafeBytes { bytes in
      var offset = position - piece.startIndex
      while offset + 8 <= bytes.count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        digest.add(word.littleEndian)
        offset += 8
        count += 8
      }
      position = piece.startIndex + offset
    }
    for byte in piece[position...] { add(byte) }
  }

  private mutating func add(_ byte: UInt8) {
    word |= UInt64(byte) << UInt64(count % 8 * 8)
    count += 1
    if count % 8 == 0 {
      digest.add(word)
      word = 0
    }
  }

  /// The digest of what has come so far.
  public var value: UInt128 {
    var whole = digest
    if count % 8 != 0 { whole.add(word) }
    // Zeros at the end would else be nothing.
    whole.add(UInt64(count))
    return whole.value
  }
}
