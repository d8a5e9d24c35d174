import Reporting
import Simulation

/// Everything that one run feeds. What was not asked for costs a test per block.
struct RunSink: RecordSink {
  var summary: SummarySink
  var export: RequestExport?
  var explained: RecordFinder?

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    summary.receive(requests: requests)
    export?.receive(requests: requests)
    explained?.receive(requests: requests)
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {
    summary.receive(intervals: intervals)
  }

  mutating func receive(reasons: [String]) { export?.receive(reasons: reasons) }

  mutating func receive(sessions: borrowing ContiguousArray<SessionRecord>) {
    summary.receive(sessions: sessions)
  }
}
