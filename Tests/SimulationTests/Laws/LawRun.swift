import Simulation
import Workload

/// What a run of the engine leaves, in a form in which two runs can be compared.
struct LawRun {
  var result = RunResult()
  /// By record.
  var records: [RequestRecord] = []
  /// By session.
  var sessions: [SessionRecord] = []
  var samples: [PoolSample] = []
  /// How often each inter-token latency occurred, by class and nanoseconds.
  var intervals: [Interval: Int64] = [:]

  struct Interval: Hashable {
    var requestClass: UInt16
    var nanoseconds: Int64
  }

  /// Runs a case; the engine gets the whole trace in memory where it has to, unless told otherwise.
  init(
    _ test: Case,
    mode: EngineMode,
    consultsEveryBoundary: Bool = false,
    isInMemory: Bool? = nil
  ) throws(TraceError) {
    var options = test.options
    options.mode = mode
    options.consultsEveryBoundary = consultsEveryBoundary
    let trace = test.trace
    var sink = Sink()
    result =
      isInMemory ?? test.needsMemory
      ? try Engine.run(
        trace,
        fleet: test.fleet,
        policies: test.policies,
        options: options,
        sink: &sink
      )
      : try Engine.run(
        trace.makeReader(),
        fleet: test.fleet,
        policies: test.policies,
        options: options,
        sink: &sink
      )
    records = sink.records.sorted { $0.record < $1.record }
    sessions = sink.sessions.sorted { $0.session < $1.session }
    samples = sink.samples
    intervals = sink.intervals
  }

  private struct Sink: RecordSink {
    var records: [RequestRecord] = []
    var sessions: [SessionRecord] = []
    var samples: [PoolSample] = []
    var intervals: [Interval: Int64] = [:]

    mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
      for index in requests.indices { records.append(requests[index]) }
    }

    mutating func receive(sessions ended: borrowing ContiguousArray<SessionRecord>) {
      for index in ended.indices { sessions.append(ended[index]) }
    }

    mutating func receive(samples taken: borrowing ContiguousArray<PoolSample>) {
      for index in taken.indices { samples.append(taken[index]) }
    }

    mutating func receive(intervals bulk: borrowing ContiguousArray<TokenIntervals>) {
      for index in bulk.indices {
        let entry = bulk[index]
        for step in 0..<Int128(entry.steps) {
          let time = entry.first + step * entry.increment
          let interval = Interval(
            requestClass: entry.requestClass,
            nanoseconds: Int64((time + 0xFFFF_FFFF) >> 32)
          )
          intervals[interval, default: 0] += Int64(entry.requests)
        }
      }
    }
  }
}
