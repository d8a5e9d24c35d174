/// Counts of whole numbers in the buckets of an HDR histogram with 3 significant digits.
///
/// Numbers below 2,048 have a bucket each; above, every octave has 1,024 of the same width, so that the
/// largest number of a bucket is less than a thousandth above its smallest. Buckets of two sets are the
/// same, so sets add up. An engine books several latencies per request, so booking is a shift, a look-up
/// and an addition.
///
/// Source: Gil Tene's HdrHistogram, http://hdrhistogram.org.
struct LatencyBuckets: Sendable, Equatable {
  /// By bucket, in the order of numbers. Has room for 137 s from the start, in nanoseconds; it grows
  /// where that is not enough.
  private var counts = ContiguousArray<UInt64>(repeating: 0, count: index(of: 1 << 37) + 1)
  private(set) var total: UInt64 = 0
  /// The extremes, exactly; 0 is the largest of no numbers.
  private var least = UInt64.max
  private var largest: UInt64 = 0

  /// By how many bits a number is too long for the first 2,048 buckets.
  @inline(__always)
  private static func excessBits(of value: UInt64) -> Int {
    53 &- (value | 2_047).leadingZeroBitCount
  }

  @inline(__always)
  private static func index(of value: UInt64) -> Int {
    let bits = excessBits(of: value)
    return bits &<< 10 &+ Int(truncatingIfNeeded: value &>> UInt64(bits))
  }

  /// The largest number in the bucket of a number.
  static func bucketEnd(of value: UInt64) -> UInt64 {
    value | ((1 << UInt64(excessBits(of: value))) - 1)
  }

  private static func bucketEnd(at index: Int) -> UInt64 {
    let bits = max(0, index >> 10 - 1)
    return (UInt64(index - bits << 10 + 1) << UInt64(bits)) &- 1
  }

  @inline(__always)
  mutating func add(_ value: UInt64, count: UInt64 = 1) {
    let index = Self.index(of: value)
    if index >= counts.count { grow(toHold: index) }
    counts[index] &+= count
    total &+= count
    least = min(least, value)
    largest = max(largest, value)
  }

  private mutating func grow(toHold index: Int) {
    counts.append(contentsOf: repeatElement(0, count: index + 1 - counts.count))
  }

  /// The number that `percent` of all do not exceed: the largest of its bucket, or of all; at 0 or less
  /// the smallest, exactly, and at 100 or more the largest. There must be one.
  func value(atPercent percent: Double) -> UInt64 {
    guard percent > 0 else { return least }
    guard percent < 100 else { return largest }
    // A hair less, so that rounding does not reach into the next bucket.
    let share = percent.nextDown * Double(total) / 100
    let rank = max(1, UInt64(share.rounded(.up)))
    var below: UInt64 = 0
    for (index, count) in counts.enumerated() {
      below += count
      if below >= rank { return max(least, min(largest, Self.bucketEnd(at: index))) }
    }
    return largest
  }

  mutating func merge(_ other: LatencyBuckets) {
    if other.counts.count > counts.count { grow(toHold: other.counts.count - 1) }
    for (index, count) in other.counts.enumerated() { counts[index] &+= count }
    total &+= other.total
    least = min(least, other.least)
    largest = max(largest, other.largest)
  }

  /// Calls a function with the largest number of each bucket that has some, and their count, in the
  /// order of numbers.
  func forEach(_ body: (_ largest: UInt64, _ count: UInt64) -> Void) {
    guard total > 0 else { return }
    for index in Self.index(of: least)...Self.index(of: largest) where counts[index] > 0 {
      body(Self.bucketEnd(at: index), counts[index])
    }
  }
}
