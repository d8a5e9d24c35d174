public import Hardware
public import Workload

/// The rate scale at which a trace loads a fleet to a given degree.
public struct TargetLoad: Sendable, Equatable {
  /// How much faster than recorded sessions have to start; requests, where a trace has none.
  public var rateScale: Double
  /// The estimated busy share of every pool at that scale, in the order of the fleet's pools.
  public var utilization: [Double]

  /// Streams a trace once and scales the mean rate at which its sessions start.
  ///
  /// A request of no session is one by itself. In the long run requests come at the rate of starts,
  /// (starts − 1) ÷ the time from the first to the last, times the requests per start; while the first
  /// sessions are young, or when later turns wait for earlier ones, they come more slowly.
  ///
  /// - Parameters:
  ///   - load: The estimated busy share that the busiest pool shall have, above 0.
  ///   - trace: The requests.
  ///   - fleet: The hardware.
  ///   - limit: Only the first so many sessions count, as in the run.
  ///   - cachesPrefixes: Whether a prompt is computed only from where it departs from every earlier
  ///     one of the trace, in a cache that all instances share and that never evicts; generated tokens
  ///     that a later prompt goes on from are computed. Fleets with less memory, or routers that part a
  ///     session from its cache, have a higher load than was asked for. A prompt without a prefix, or
  ///     any prompt if false, is computed whole.
  /// - Throws: `StudyError.noRate` for a trace whose sessions all start at once or have nothing to
  ///   compute; what the trace's reader throws.
  public init(
    load: Double,
    of trace: any Trace,
    on fleet: Fleet,
    limit: Int64 = .max,
    cachesPrefixes: Bool = true
  ) throws(StudyError) {
    var estimate = LoadEstimate(fleet: fleet)
    let starts: Starts
    do throws(TraceError) {
      starts = try Self.stream(
        trace,
        limit: limit,
        seen: cachesPrefixes ? SeenPrefixes(hitTokens: fleet.blockTokens) : nil,
        into: &estimate
      )
    } catch {
      throw .trace(error)
    }
    let atOnePerSecond = estimate.pools.map(\.utilization)
    guard starts.span > 0, let rate = estimate.requestsPerSecond(load: load) else {
      throw .noRate(trace: trace.name, requests: estimate.requests)
    }
    let perStart = Double(estimate.requests) / Double(starts.count)
    let recorded = Double(starts.count - 1) / (Double(starts.span) * 1e-9) * perStart
    rateScale = rate / recorded
    utilization = atOnePerSecond.map { $0 * rate }
  }

  /// The starts of a trace's sessions.
  private struct Starts {
    var count: Int64 = 0
    private var first: SimTime?
    private var last: SimTime = 0
    private var seen: Set<Int32> = []

    /// The time from the first to the last.
    var span: SimTime { last - (first ?? last) }

    mutating func add(row: Int, of group: borrowing RowGroup) {
      let session = group.session.isEmpty ? -1 : group.session[row]
      guard session < 0 || seen.insert(session).inserted else { return }
      count += 1
      first = first ?? group.arrival[row]
      last = group.arrival[row]
    }
  }

  /// Adds the offered rows and returns the starts of their sessions.
  private static func stream(
    _ trace: any Trace,
    limit: Int64,
    seen: SeenPrefixes?,
    into estimate: inout LoadEstimate
  ) throws(TraceError) -> Starts {
    let reader = try trace.makeReader()
    var seen = seen
    var sessions = SessionLimit(limit)
    var starts = Starts()
    while let group = try reader.next() {
      seen?.add(group.prefixes, blockTokens: reader.names.blockTokens)
      for row in 0..<group.count {
        guard sessions.admits(row: row, of: group) else { continue }
        estimate.add(
          promptTokens: Int(group.promptTokens[row]),
          cachedTokens: seen?.meet(row: row, of: group) ?? 0,
          outputTokens: Int(group.outputTokens[row])
        )
        starts.add(row: row, of: group)
      }
      if sessions.isClosed { break }
    }
    return starts
  }
}
