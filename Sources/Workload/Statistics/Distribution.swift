/// Mean and quantiles of whole numbers.
///
/// A quantile q stands at the place (n − 1) q of the n sorted values, the first having place 0, and
/// is interpolated between the values beside it, as NumPy and pandas do.
public struct Distribution: Sendable, Equatable {
  /// How many values there are.
  public var count: Int64 = 0
  /// In the unit of the values, as all that follow.
  public var mean: Double = 0
  /// The median.
  public var p50: Double = 0
  /// The quantile 0.9.
  public var p90: Double = 0
  /// The quantile 0.99.
  public var p99: Double = 0
  /// The largest value.
  public var max: Int64 = 0

  /// The shares of the quantiles, in thousandths.
  static let shares: [Int64] = [500, 900, 990]
}

/// Counts each value apart: exact, in memory for the distinct values.
struct CountHistogram {
  /// By value, as far as token counts usually go.
  private var dense = ContiguousArray<Int64>()
  private var sparse: [Int64: Int64] = [:]
  private(set) var count: Int64 = 0
  private(set) var sum: Int128 = 0

  private static let denseValues = 1 << 17

  /// - Parameter value: At least 0.
  mutating func add(_ value: Int64) {
    count += 1
    sum += Int128(value)
    guard value < Self.denseValues else {
      sparse[value, default: 0] += 1
      return
    }
    while dense.count <= value {
      dense.append(contentsOf: repeatElement(0, count: Swift.max(1_024, dense.count)))
    }
    dense[Int(value)] += 1
  }

  /// nil where nothing was counted.
  var distribution: Distribution? {
    let counted = dense.indices.lazy.filter { dense[$0] > 0 }.map { (Int64($0), dense[$0]) }
    let larger = sparse.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return Distribution(ascending: counted + larger, count: count, sum: sum)
  }
}

/// Counts times in buckets of a 256th of their value, each of which stands for the mean of its times:
/// quantiles lie within 0.4 % of the exact ones and are exact where times are few, and memory does
/// not grow with distinct times. Mean and maximum are exact.
struct TimeHistogram {
  private var buckets = ContiguousArray<Bucket>(repeating: Bucket(), count: 512 + 54 * 256)
  private(set) var count: Int64 = 0
  private var sum: Int128 = 0
  private var largest: SimTime = 0

  private struct Bucket {
    var count: Int64 = 0
    var sum: Int128 = 0
  }

  /// - Parameter time: At least 0, in nanoseconds.
  mutating func add(_ time: SimTime) {
    let bucket = Self.bucket(of: time)
    buckets[bucket].count += 1
    buckets[bucket].sum += Int128(time)
    count += 1
    sum += Int128(time)
    largest = max(largest, time)
  }

  /// nil where nothing was counted.
  var distribution: Distribution? {
    let counted = buckets.lazy.filter { $0.count > 0 }
      .map { (Int64($0.sum / Int128($0.count)), $0.count) }
    var distribution = Distribution(ascending: counted, count: count, sum: sum)
    distribution?.max = largest
    return distribution
  }

  private static func bucket(of time: SimTime) -> Int {
    guard time >= 512 else { return Int(time) }
    let exponent = 63 - time.leadingZeroBitCount
    return 512 + (exponent - 9) * 256 + Int(time >> (exponent - 8)) & 255
  }
}

extension Distribution {
  /// Takes the quantiles of values that ascend, each with how often it was counted.
  fileprivate init?(
    ascending values: some Sequence<(Int64, Int64)>,
    count: Int64,
    sum: Int128
  ) {
    guard count > 0 else { return nil }
    // The places below and above each quantile, and the values there.
    let places = Self.shares.map { share in
      let (below, rest) = ((count - 1) * share).quotientAndRemainder(dividingBy: 1_000)
      return (below: below, above: rest > 0 ? below + 1 : below, rest: Double(rest) / 1_000)
    }
    let wanted = places.flatMap { [$0.below, $0.above] }
    var found = wanted.map { _ in 0.0 }
    var (seen, last) = (Int64(0), Int64(0))
    for (value, times) in values {
      for index in wanted.indices where (seen..<seen + times).contains(wanted[index]) {
        found[index] = Double(value)
      }
      seen += times
      last = value
    }
    let quantiles = places.enumerated().map { index, place in
      found[2 * index] + (found[2 * index + 1] - found[2 * index]) * place.rest
    }
    self.init(
      count: count,
      mean: Double(sum) / Double(count),
      p50: quantiles[0],
      p90: quantiles[1],
      p99: quantiles[2],
      max: last
    )
  }
}
