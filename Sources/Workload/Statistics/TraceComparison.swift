/// How far two traces are from each other, statistic by statistic.
public struct TraceComparison: Sendable {
  public struct Row: Sendable {
    public let statistic: TraceStatistic
    public let first: ValueCounts
    public let second: ValueCounts
    /// The two-sample Kolmogorov-Smirnov distance; nil where a trace does not have the statistic.
    public let distance: Double?
  }

  public let first: TraceSamples
  public let second: TraceSamples
  /// The statistics that at least one of the traces has.
  public let rows: [Row]

  public init(_ first: TraceSamples, _ second: TraceSamples) {
    self.first = first
    self.second = second
    rows = TraceStatistic.allCases.compactMap { statistic in
      let (one, other) = (first[statistic], second[statistic])
      guard one.count > 0 || other.count > 0 else { return nil }
      return Row(
        statistic: statistic,
        first: one,
        second: other,
        distance: one.distance(to: other)
      )
    }
  }
}
