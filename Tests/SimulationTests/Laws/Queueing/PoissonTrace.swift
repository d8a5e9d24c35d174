import Workload

/// Poisson arrivals of customers with random sizes, and the trace that has them.
///
/// The unit of time is the mean service time of one server, which lasts `service` nanoseconds.
struct PoissonTrace {
  enum Sizes { case constant, exponential }

  /// Nanoseconds of a mean service; whole nanoseconds are fine enough to pass for real numbers.
  static let service = 1_000_000.0

  private(set) var rows = RowGroup()
  /// From each arrival to the next, in mean services.
  private(set) var gaps: [Double] = []
  /// In mean services.
  private(set) var sizes: [Double] = []
  let meanGap: Double
  let sizeVariance: Double

  enum Column { case prompt, output }

  /// - Parameters:
  ///   - count: Customers.
  ///   - gap: Mean time between arrivals, in mean services.
  ///   - distribution: The distribution of the work that a customer brings.
  ///   - tokens: How many tokens the mean customer brings.
  ///   - column: Where the tokens stand; the other column holds ones.
  ///   - seed: Of the gaps and the sizes.
  init(
    count: Int,
    gap: Double,
    sizes distribution: Sizes,
    tokens: Double,
    in column: Column,
    seed: UInt64
  ) {
    var random = SplitMix64(seed: SplitMix64.mix(seed))
    meanGap = gap
    sizeVariance = distribution == .exponential ? 1 : 0
    var time = 0.0
    for record in 0..<count {
      let draw = distribution == .exponential ? -DeterministicMath.log(random.uniform()) : 1
      let size = max(1, (draw * tokens).rounded())
      rows.record.append(Int64(record))
      rows.arrival.append(SimTime(time.rounded()))
      rows.promptTokens.append(column == .prompt ? Int32(size) : 1)
      rows.outputTokens.append(column == .output ? Int32(size) : 1)
      sizes.append(size / tokens)
      gaps.append(-DeterministicMath.log(random.uniform()) * gap)
      time += gaps[record] * Self.service
    }
  }

  /// Arrival of a customer, in mean services.
  func arrival(_ index: Int) -> Double { Double(rows.arrival[index]) / Self.service }
}
