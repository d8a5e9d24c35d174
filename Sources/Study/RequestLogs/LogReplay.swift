public import Hardware
public import Policies
import Simulation
public import Workload

/// The arrivals of a log, replayed in the engine.
public struct LogReplay: Sendable {
  private let log: RequestLog
  private let deployment: LogDeployment
  private let trace: InMemoryTrace
  private let policies: PolicySet
  private let sampleInterval: SimTime

  /// - Throws: `PolicyError` where the settings are none that the policies take.
  public init(_ log: RequestLog, on deployment: LogDeployment) throws(PolicyError) {
    self.log = log
    self.deployment = deployment
    policies = try deployment.policies()
    trace = Self.trace(log)
    sampleInterval = LogSeries.interval(of: log.series)
  }

  /// What became of the requests, in the order of the log.
  struct Outcome: Sendable {
    /// Nil for those that did not complete.
    var latencies: [Latencies?]
    var samples: [LogSample]
    var preemptions: Int
  }

  /// Replays the log under some constants.
  ///
  /// - Parameters:
  ///   - constants: Those of the step formulas that are not the catalogue's.
  ///   - source: Where they come from.
  ///   - samples: Whether to note what runs and waits over time.
  /// - Returns: What became of the requests.
  /// - Throws: `LogStudyError` where the model does not fit the chips, or time runs out.
  func outcome(
    _ constants: FittedConstants,
    source: String = "fit",
    samples: Bool = false
  ) throws(LogStudyError) -> Outcome {
    var options = RunOptions()
    if samples { options.sampleInterval = sampleInterval }
    var sink = LogSink(requests: log.requests.count)
    let fleet: Fleet
    do throws(FleetError) {
      fleet = try deployment.fleet(constants, source: source)
    } catch {
      throw .fleet(error)
    }
    do throws(TraceError) {
      _ = try Engine.run(
        trace.makeReader(),
        fleet: fleet,
        policies: policies,
        options: options,
        sink: &sink
      )
    } catch {
      throw .trace(error)
    }
    return sink.outcome
  }

  private static func trace(_ log: RequestLog) -> InMemoryTrace {
    var groups: [RowGroup] = []
    var group = RowGroup()
    for (index, request) in log.requests.enumerated() {
      group.record.append(Int64(index))
      group.arrival.append(request.arrival)
      group.promptTokens.append(Int32(request.promptTokens))
      group.outputTokens.append(Int32(request.outputTokens))
      if group.count == RowGroup.preferredRows {
        groups.append(group)
        group = RowGroup()
      }
    }
    if group.count > 0 { groups.append(group) }
    return InMemoryTrace(name: log.file, groups: groups)
  }
}

/// Why a log cannot be replayed.
public enum LogStudyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The hardware does not take the deployment.
  case fleet(FleetError)
  /// The catalogue does not have the model or the chip.
  case catalogue(CatalogueError)
  /// Nothing says what was served.
  case noModel(log: String)
  case trace(TraceError)
  /// No request completed in the replay.
  case nothingCompleted(log: String)
  /// A part of the log that errors are taken of has no requests.
  case tooFew(log: String, requests: Int)

  public var description: String {
    switch self {
    case .fleet(let error): error.description
    case .catalogue(let error): error.description
    case .noModel(let log): "\(log): does not say what model was served; name it"
    case .trace(let error): error.description
    case .nothingCompleted(let log):
      "\(log): no request completes in the replay; is this the chip that they were served on?"
    case .tooFew(let log, let requests):
      "\(log): has \(requests) requests; expected at least two, to fit to some and judge by others"
    }
  }
}

/// Keeps what a log is compared with.
private struct LogSink: RecordSink {
  private(set) var outcome: LogReplay.Outcome

  init(requests: Int) {
    outcome = LogReplay.Outcome(
      latencies: [Latencies?](repeating: nil, count: requests),
      samples: [],
      preemptions: 0
    )
  }

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    for index in 0..<requests.count {
      let request = requests[index]
      outcome.preemptions += Int(request.preemptions)
      guard request.outcome == .completed else { continue }
      outcome.latencies[Int(request.record)] = Latencies(
        arrival: request.arrival,
        firstToken: request.firstToken,
        finish: request.finish,
        outputTokens: Int(request.outputTokens)
      )
    }
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}

  mutating func receive(samples: borrowing ContiguousArray<PoolSample>) {
    for index in 0..<samples.count {
      let sample = samples[index]
      let seconds = Double(sample.end - sample.start) * 1e-9
      guard seconds > 0 else { continue }
      outcome.samples.append(
        LogSample(
          time: Double(sample.end) * 1e-9,
          running: Double(sample.runningRequests),
          waiting: Double(sample.queuedRequests),
          generatedPerSecond: Double(sample.work.decodeTokens) / seconds
        )
      )
    }
  }
}
