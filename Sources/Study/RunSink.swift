import Reporting
import Simulation

/// Everything that one run feeds. What was not asked for costs a test per block.
struct RunSink: RecordSink {
  var summary: SummarySink
  var dataset: DatasetWriter?
  var explained: RecordFinder?
  var progress: RunProgress?

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    summary.receive(requests: requests)
    dataset?.receive(requests: requests)
    explained?.receive(requests: requests)
    progress?.add(requests: requests.count)
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {
    summary.receive(intervals: intervals)
  }

  mutating func receive(reasons: [String]) { dataset?.receive(reasons: reasons) }

  mutating func receive(sessions: borrowing ContiguousArray<SessionRecord>) {
    summary.receive(sessions: sessions)
    dataset?.receive(sessions: sessions)
  }

  mutating func receive(samples: borrowing ContiguousArray<PoolSample>) {
    dataset?.receive(samples: samples)
  }
}
