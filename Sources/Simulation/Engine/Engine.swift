public import Hardware
public import Workload

/// Replays a trace against a fleet under a set of policies.
public enum Engine {
  /// Grows whenever the same inputs give another result, so that results tell which of them compare.
  public static let resultsVersion = 5

  /// Runs a simulation from the first arrival until nothing is left to do, or the horizon.
  ///
  /// - Parameters:
  ///   - reader: The trace, at its first row; row groups are loaded as time reaches them.
  ///   - fleet: The hardware.
  ///   - policies: One policy per hook; the run works on its own copies.
  ///   - options: Engine mode, seed, scaling and limits.
  ///   - sink: Receives every offered request once, and the inter-token latencies, in blocks.
  /// - Returns: Totals, digest and reasons. Everything in it is the same in both engine modes but
  ///   `InstanceTotals.boundaries`.
  /// - Throws: What the reader throws, and an error for more samples than `RunOptions.mostSamples`.
  ///   The sink has then received a part of the requests.
  public static func run<Sink: RecordSink>(
    _ reader: any TraceReader,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions,
    sink: inout Sink
  ) throws(TraceError) -> RunResult {
    precondition(options.loop == .open, "a closed loop needs its trace in memory")
    let arrivals = try Arrivals(reader, options)
    return try run(arrivals, fleet: fleet, policies: policies, options: options, into: &sink)
  }

  /// Runs a simulation of a trace in memory: a closed loop, or an open one whose sessions start faster
  /// or slower than recorded.
  ///
  /// - Parameters:
  ///   - trace: The trace; the edges of its turns are what a closed loop waits for.
  ///   - fleet: The hardware.
  ///   - policies: One policy per hook; the run works on its own copies.
  ///   - options: Loop, engine mode, seed, scaling and limits.
  ///   - sink: Receives every offered request once, the inter-token latencies, and the sessions of a
  ///     closed loop, in blocks.
  /// - Returns: Totals, digest and reasons, as for a streamed trace.
  /// - Throws: `TraceError` for edges that name no request of their session, or form a cycle, and for
  ///   more samples than `RunOptions.mostSamples`.
  public static func run<Sink: RecordSink>(
    _ trace: InMemoryTrace,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions,
    sink: inout Sink
  ) throws(TraceError) -> RunResult {
    let arrivals = try Arrivals(trace, options)
    return try run(arrivals, fleet: fleet, policies: policies, options: options, into: &sink)
  }

  private static func run<Sink: RecordSink>(
    _ arrivals: consuming Arrivals,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions,
    into sink: inout Sink
  ) throws(TraceError) -> RunResult {
    let lags = 0...RunOptions.longestViewLag
    precondition(lags.contains(options.viewLag), "a view lag of over an hour")
    var simulator = Simulator(
      fleet: fleet,
      policies: policies,
      options: options,
      arrivals: arrivals
    )
    return try simulator.run(into: &sink)
  }
}
