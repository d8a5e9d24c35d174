import Hardware
import Simulation
import Workload

/// Latencies of a closed loop on a fleet.
struct ClosedLoopLatencies: Sendable, Equatable {
  /// Mean over all requests, the burst with which all clients start among them, in nanoseconds; nil
  /// where none completed.
  var timeToFirstToken: Double?
  /// Median, in nanoseconds; nil where no request had a second token.
  var timePerOutputToken: Double?
  /// Requests that completed.
  var completed: Int
}

extension ClosedLoop {
  /// Replays the requests in the engine.
  ///
  /// - Throws: `TraceError` where the clock runs out, which takes centuries of simulated time.
  func latencies(
    on fleet: Fleet,
    policies: PolicySet
  ) throws(TraceError) -> ClosedLoopLatencies {
    var options = RunOptions()
    options.loop = .closed
    var sink = LatencySink()
    _ = try Engine.run(
      trace(named: "closed loop"),
      fleet: fleet,
      policies: policies,
      options: options,
      sink: &sink
    )
    return sink.latencies
  }
}

/// Keeps what latencies need of the requests.
private struct LatencySink: RecordSink {
  private var firstTokens: Int128 = 0
  private var completed = 0
  private var tokenTimes: [Double] = []

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    for index in 0..<requests.count where requests[index].outcome == .completed {
      let request = requests[index]
      firstTokens += Int128(request.firstToken - request.arrival)
      completed += 1
      guard request.outputTokens > 1 else { continue }
      tokenTimes.append(
        Double(request.finish - request.firstToken) / Double(request.outputTokens - 1)
      )
    }
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}

  var latencies: ClosedLoopLatencies {
    ClosedLoopLatencies(
      timeToFirstToken: completed == 0 ? nil : Double(firstTokens) / Double(completed),
      timePerOutputToken: Quantiles(tokenTimes)?.median,
      completed: completed
    )
  }
}
