import Hardware
import Policies
import Simulation
import Workload

/// Median latencies of a closed loop on a fleet.
struct ClosedLoopMedians: Sendable, Equatable {
  /// In nanoseconds; nil where no measured request completed, or none had a second token.
  var timeToFirstToken: Double?
  var timePerOutputToken: Double?
  /// Measured requests that completed.
  var completed: Int
}

extension ClosedLoop {
  /// Replays the requests in the engine and takes the medians of those that count.
  ///
  /// - Throws: `TraceError` where the clock runs out, which takes centuries of simulated time.
  func medians(on fleet: Fleet, policies: PolicySet) throws(TraceError) -> ClosedLoopMedians {
    var options = RunOptions()
    options.loop = .closed
    var sink = MedianSink(measured: measured)
    _ = try Engine.run(
      trace(named: "closed loop"),
      fleet: fleet,
      policies: policies,
      options: options,
      sink: &sink
    )
    return sink.medians
  }
}

/// Keeps what medians need of the requests that count.
private struct MedianSink: RecordSink {
  let measured: Range<Int64>
  private var firstTokens: [SimTime] = []
  private var tokenTimes: [Double] = []

  init(measured: Range<Int64>) { self.measured = measured }

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    for index in 0..<requests.count {
      let request = requests[index]
      guard measured.contains(request.record), request.outcome == .completed else { continue }
      firstTokens.append(request.firstToken - request.arrival)
      guard request.outputTokens > 1 else { continue }
      tokenTimes.append(
        Double(request.finish - request.firstToken) / Double(request.outputTokens - 1)
      )
    }
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}

  var medians: ClosedLoopMedians {
    ClosedLoopMedians(
      timeToFirstToken: Quantiles(firstTokens.map(Double.init))?.median,
      timePerOutputToken: Quantiles(tokenTimes)?.median,
      completed: firstTokens.count
    )
  }
}
