/// How far two traces are from each other, statistic by statistic.
public struct TraceComparison: Sendable {
  /// One statistic of both traces.
  public struct Row: Sendable {
    /// What is compared.
    public let statistic: TraceStatistic
    /// The values of the first trace; none where it does not have the statistic.
    public let first: ValueCounts
    /// The values of the second trace, likewise.
    public let second: ValueCounts
    /// The two-sample Kolmogorov-Smirnov distance; nil where a trace does not have the statistic.
    public let distance: Double?
  }

  /// The traces that are compared.
  public let first: TraceSamples
  public let second: TraceSamples
  /// The statistics that at least one of the traces has.
  public let rows: [Row]

  /// Compares two traces that have been read.
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
