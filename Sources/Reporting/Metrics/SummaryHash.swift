import Workload

/// A 128-bit hash of a sequence of words: two lanes of SplitMix64's finalizer, fed in order.
struct SummaryHash {
  private var low: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var high: UInt64 = 0xD1B5_4A32_D192_ED03

  mutating func absorb(_ word: UInt64) {
    low = SplitMix64.mix(low ^ word)
    high = SplitMix64.mix(high &+ word &* 0xFF51_AFD7_ED55_8CCD)
  }

  mutating func absorb(_ word: Int64) { absorb(UInt64(bitPattern: word)) }

  mutating func absorb(_ word: Int128) {
    absorb(UInt64(truncatingIfNeeded: word))
    absorb(UInt64(truncatingIfNeeded: word >> 64))
  }

  mutating func absorb(_ text: String) {
    absorb(UInt64(text.utf8.count))
    for byte in text.utf8 { absorb(UInt64(byte)) }
  }

  var digest: UInt128 { UInt128(high) << 64 | UInt128(low) }
}
