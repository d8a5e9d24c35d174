/// A 128-bit hash of a sequence of integers, the same on every machine.
///
/// Two multiply-and-fold lanes; what has no order is hashed item by item, and the digests added.
public struct Digest128: Sendable {
  @usableFromInline var low: UInt64 = 0x243F_6A88_85A3_08D3
  @usableFromInline var high: UInt64 = 0x1319_8A2E_0370_7344

  @inlinable
  public init() {}

  @inlinable @inline(__always)
  public mutating func add(_ value: some FixedWidthInteger) {
    add(UInt64(truncatingIfNeeded: value))
  }

  @inlinable @inline(__always)
  public mutating func add(_ word: UInt64) {
    let a = (low ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let b = (high ^ word).multipliedFullWidth(by: 0xD1B5_4A32_D192_ED03)
    low = a.low ^ b.high
    high = b.low &+ a.high
  }

  public mutating func add(wide value: Int128) {
    add(value._low)
    add(value._high)
  }

  public var value: UInt128 {
    UInt128(_low: SplitMix64.mix(low &+ 0x9E37_79B9), _high: SplitMix64.mix(high ^ low))
  }
}

extension UInt128 {
  /// 32 lower-case hexadecimal digits.
  public var hex: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
