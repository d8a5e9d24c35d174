public import Hardware
public import Workload

/// The rate scale at which a trace loads a fleet to a given degree.
public struct TargetLoad: Sendable, Equatable {
  /// How much faster than recorded requests have to arrive.
  public var rateScale: Double
  /// The estimated busy share of every pool at that scale, in the order of the fleet's pools.
  public var utilization: [Double]

  /// Streams a trace once and scales its mean rate, (requests − 1) ÷ span.
  ///
  /// - Parameters:
  ///   - load: The estimated busy share that the busiest pool shall have, above 0.
  ///   - trace: The requests.
  ///   - fleet: The hardware.
  ///   - limit: Only the first so many sessions count, as in the run.
  /// - Throws: `StudyError.noRate` for a trace whose requests all arrive at once or have nothing to
  ///   compute; what the trace's reader throws.
  public init(
    load: Double,
    of trace: any Trace,
    on fleet: Fleet,
    limit: Int64 = .max
  ) throws(StudyError) {
    var estimate = LoadEstimate(fleet: fleet)
    let span: SimTime
    do throws(TraceError) {
      span = try Self.stream(trace, limit: limit, into: &estimate)
    } catch {
      throw .trace(error)
    }
    let atOnePerSecond = estimate.pools.map(\.utilization)
    guard span > 0, let rate = estimate.requestsPerSecond(load: load) else {
      throw .noRate(trace: trace.name, requests: estimate.requests)
    }
    let recorded = Double(estimate.requests - 1) / (Double(span) * 1e-9)
    rateScale = rate / recorded
    utilization = atOnePerSecond.map { $0 * rate }
  }

  /// Adds the offered rows and returns the time from the first arrival to the last.
  private static func stream(
    _ trace: any Trace,
    limit: Int64,
    into estimate: inout LoadEstimate
  ) throws(TraceError) -> SimTime {
    let reader = try trace.makeReader()
    var sessions = SessionLimit(limit)
    var (first, last): (SimTime?, SimTime) = (nil, 0)
    while let group = try reader.next() {
      for row in 0..<group.count {
        guard sessions.admits(row: row, of: group) else { continue }
        estimate.add(
          promptTokens: Int(group.promptTokens[row]),
          outputTokens: Int(group.outputTokens[row])
        )
        first = first ?? group.arrival[row]
        last = group.arrival[row]
      }
      if sessions.isClosed { break }
    }
    return last - (first ?? last)
  }
}
