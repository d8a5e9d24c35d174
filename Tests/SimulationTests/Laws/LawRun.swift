import Simulation
import Workload

/// What a run of the engine leaves, in a form in which two runs can be compared.
struct LawRun {
  var result = RunResult()
  var records: [RequestRecord] = []
  /// How often each inter-token latency occurred, by class and nanoseconds.
  var intervals: [Interval: Int64] = [:]

  struct Interval: Hashable {
    var requestClass: UInt16
    var nanoseconds: Int64
  }

  init(_ test: Case, mode: EngineMode, consultsEveryBoundary: Bool = false) throws(TraceError) {
    var options = test.options
    options.mode = mode
    options.consultsEveryBoundary = consultsEveryBoundary
    let trace = InMemoryTrace(name: "case", groups: [test.rows])
    var sink = Sink()
    result = try Engine.run(
      trace.makeReader(),
      fleet: test.fleet,
      policies: test.policies,
      options: options,
      sink: &sink
    )
    records = sink.records.sorted { $0.record < $1.record }
    intervals = sink.intervals
  }

  private struct Sink: RecordSink {
    var records: [RequestRecord] = []
    var intervals: [Interval: Int64] = [:]

    mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
      for index in requests.indices { records.append(requests[index]) }
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
