import Reporting
import Simulation

/// Everything that one run feeds. What was not asked for costs a test per block.
struct RunSink: RecordSink {
  var summary: SummarySink
  var dataset: DatasetWriter?
  var explained: RecordFinder?
  var progress: RunProgress?
  var counts = RecordCounts()

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    summary.receive(requests: requests)
    dataset?.receive(requests: requests)
    explained?.receive(requests: requests)
    progress?.add(requests: requests.count)
    counts.requests += Int64(requests.count)
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {
    summary.receive(intervals: intervals)
  }

  mutating func receive(reasons: [String]) { dataset?.receive(reasons: reasons) }

  mutating func receive(sessions: borrowing ContiguousArray<SessionRecord>) {
    summary.receive(sessions: sessions)
    dataset?.receive(sessions: sessions)
    for index in sessions.indices where sessions[index].session >= 0 { counts.sessions += 1 }
  }

  mutating func receive(samples: borrowing ContiguousArray<PoolSample>) {
    dataset?.receive(samples: samples)
    counts.samples += Int64(samples.count)
  }
}

/// How many records of each kind left the engine: the rows of a dataset's tables.
struct RecordCounts {
  var requests: Int64 = 0
  var sessions: Int64 = 0
  var samples: Int64 = 0
}
