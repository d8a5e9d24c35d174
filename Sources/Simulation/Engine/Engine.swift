public import Hardware
public import Workload

/// Replays a trace against a fleet under a set of policies.
public enum Engine {
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
  /// - Throws: What the reader throws. The sink has then received a part of the requests.
  public static func run<Sink: RecordSink>(
    _ reader: any TraceReader,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions,
    sink: inout Sink
  ) throws(TraceError) -> RunResult {
    let arrivals = try ArrivalStream(reader: reader, options: options)
    var simulator = Simulator(
      fleet: fleet,
      policies: policies,
      options: options,
      arrivals: arrivals
    )
    return try simulator.run(into: &sink)
  }
}
