public import Simulation
public import Workload

/// Latencies in nanoseconds: in the buckets of an HDR histogram with 3 significant digits for
/// quantiles, and an exact sum for the mean.
public struct LatencyDistribution: Sendable, Equatable {
  private var buckets = LatencyBuckets()
  /// In units of 2⁻³² ns, so that intervals of a fraction of a nanosecond add up exactly.
  private var sum: Int128 = 0

  public init() {}

  public var count: UInt64 { buckets.total }

  public mutating func record(_ nanoseconds: SimTime) {
    buckets.add(UInt64(max(nanoseconds, 0)))
    sum &+= Int128(nanoseconds) << 32
  }

  /// Records `steps` × `requests` inter-token latencies.
  ///
  /// The latencies of a run of steps are an arithmetic progression, so each bucket of the histogram
  /// gets one consecutive part of it, whose end is found by a division.
  ///
  /// - Complexity: O(buckets that the progression crosses).
  public mutating func record(_ intervals: TokenIntervals) {
    guard intervals.steps > 0, intervals.requests > 0 else { return }
    let steps = Int64(intervals.steps)
    let requests = UInt64(intervals.requests)
    if steps == 1 {
      sum &+= intervals.first &* Int128(requests)
      buckets.add(Self.ceiling(intervals.first), count: requests)
      return
    }
    let last = intervals.first &+ intervals.increment &* Int128(steps - 1)
    sum &+= ((intervals.first &+ last) &* Int128(steps)) >> 1 &* Int128(requests)

    let rising = intervals.increment >= 0
    var low = rising ? intervals.first : last
    let high = rising ? last : intervals.first
    let increment = intervals.increment.magnitude
    var left = steps
    while true {
      let value = Self.ceiling(low)
      let bucketEnd = Int128(LatencyBuckets.bucketEnd(of: value)) << 32
      guard high > bucketEnd else {
        // The largest value by itself, since the histogram keeps its extremes exactly.
        if left > 1 { buckets.add(value, count: UInt64(left - 1) * requests) }
        buckets.add(Self.ceiling(high), count: requests)
        return
      }
      // Of the rest, the first, and those whole increments after it that stay in the bucket.
      let inBucket = Self.quotient(bucketEnd - low, Int128(increment)) + 1
      buckets.add(value, count: UInt64(inBucket) * requests)
      low += Int128(increment) * Int128(inBucket)
      left -= inBucket
    }
  }

  private static func ceiling(_ time: Int128) -> UInt64 {
    UInt64(truncatingIfNeeded: max(time + 0xFFFF_FFFF, 0) >> 32)
  }

  /// A 64-bit division where it suffices: nearly always, and several times faster.
  private static func quotient(_ dividend: Int128, _ divisor: Int128) -> Int64 {
    if let narrow = Int64(exactly: dividend), let by = Int64(exactly: divisor) {
      return narrow / by
    }
    return Int64(dividend / divisor)
  }

  /// The latency that `percent` of the values (0 to 100) do not exceed, to 3 significant digits, in
  /// nanoseconds; nil without values.
  public func quantile(percent: Double) -> SimTime? {
    count == 0 ? nil : SimTime(buckets.value(atPercent: percent))
  }

  /// The mean to the nearest nanosecond, from the exact sum; nil without values.
  public var mean: SimTime? {
    guard count > 0 else { return nil }
    let divisor = Int128(count) << 32
    return SimTime((sum + divisor / 2) / divisor)
  }

  public mutating func merge(_ other: LatencyDistribution) {
    // Adding buckets takes a while, and most merges are of the only class there is.
    guard other.count > 0 else { return }
    if count == 0 {
      self = other
      return
    }
    buckets.merge(other.buckets)
    sum += other.sum
  }

  func absorb(into hash: inout SummaryHash) {
    hash.absorb(sum)
    hash.absorb(count)
    buckets.forEach { largest, count in
      hash.absorb(largest)
      hash.absorb(count)
    }
  }
}
