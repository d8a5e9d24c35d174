/// How requests arrive: their rate, and how bursty they come.
///
/// Counts are of bins of one length, the first of which starts at the first arrival. Variances are
/// over all values, not estimates for a larger population.
public struct ArrivalProfile: Sendable, Equatable {
  /// From the first arrival to the last, in nanoseconds.
  public var span: SimTime
  /// Requests over the span, per second; nil where all arrive at once.
  public var perSecond: Double?
  /// Mean and largest number of requests in whole minutes, the last one left out where the trace
  /// ends in it; nil for a trace that is shorter.
  public var minuteMean: Double?
  public var minutePeak: Int64?
  /// Standard deviation over mean of the times between arrivals, 1 for a Poisson process; nil where
  /// all arrive at once.
  public var interArrivalCV: Double?
  /// The index of dispersion: variance over mean of the requests per second, the last second
  /// included; 1 for a Poisson process, 0 without requests.
  public var dispersion: Double

  /// How far the busiest whole minute is above the mean one; nil without a whole minute.
  public var minutePeakOverMean: Double? {
    guard let minuteMean, let minutePeak, minuteMean > 0 else { return nil }
    return Double(minutePeak) / minuteMean
  }
}

/// The sums that an arrival profile needs, over arrivals that ascend: exact, in integers.
struct ArrivalSums {
  private var first: SimTime?
  private var last: SimTime = 0
  private var rows: Int64 = 0
  /// At most the square of the span, since no gap is negative.
  private var squaredGaps: Int128 = 0
  private var seconds = BinCounts(length: .nanosecondsPerSecond)
  private var minutes = BinCounts(length: 60 * .nanosecondsPerSecond)

  mutating func add(_ arrivals: borrowing ContiguousArray<SimTime>) {
    for index in arrivals.indices {
      let arrival = arrivals[index]
      let start = first ?? arrival
      let gap = first == nil ? 0 : arrival - last
      first = start
      last = arrival
      rows += 1
      squaredGaps += Int128(gap) * Int128(gap)
      seconds.add(arrival - start)
      minutes.add(arrival - start)
    }
  }

  var profile: ArrivalProfile {
    let span = last - (first ?? 0)
    let gaps = Double(rows - 1)
    let relative = gaps * Double(squaredGaps) / (Double(span) * Double(span)) - 1
    return ArrivalProfile(
      span: span,
      perSecond: span > 0 ? Double(rows) / Double(span) * 1e9 : nil,
      minuteMean: minutes.wholeBins?.mean,
      minutePeak: minutes.wholeBins?.peak,
      interArrivalCV: span > 0 ? max(0, relative).squareRoot() : nil,
      dispersion: rows > 0 ? seconds.variance / seconds.mean : 0
    )
  }
}

/// Counts of events in bins of equal length, for events in order of time.
private struct BinCounts {
  let length: SimTime
  /// The bin of the last event, and its events so far.
  private var bin: Int64 = 0
  private var inBin: Int64 = 0
  /// Over the bins before.
  private var sum: Int128 = 0
  private var squares: Int128 = 0
  private var largest: Int64 = 0

  init(length: SimTime) { self.length = length }

  mutating func add(_ time: SimTime) {
    let next = time / length
    if next != bin {
      sum += Int128(inBin)
      squares += Int128(inBin) * Int128(inBin)
      largest = max(largest, inBin)
      inBin = 0
      bin = next
    }
    inBin += 1
  }

  /// Of the bins but the last; nil where there is no other.
  var wholeBins: (mean: Double, peak: Int64)? {
    bin > 0 ? (Double(sum) / Double(bin), largest) : nil
  }

  /// Of all bins.
  var mean: Double { (Double(sum) + Double(inBin)) / Double(bin + 1) }

  var variance: Double {
    let mean = mean
    let squares = Double(squares) + Double(inBin) * Double(inBin)
    return max(0, squares / Double(bin + 1) - mean * mean)
  }
}
