public import Simulation

/// Keeps all records in memory, for tests and small studies.
public struct RecordCollector: RecordSink {
  public private(set) var requests: ContiguousArray<RequestRecord> = []
  public private(set) var intervals: ContiguousArray<TokenIntervals> = []

  public init() {}

  public mutating func receive(requests block: borrowing ContiguousArray<RequestRecord>) {
    requests.append(contentsOf: copy block)
  }

  public mutating func receive(intervals block: borrowing ContiguousArray<TokenIntervals>) {
    intervals.append(contentsOf: copy block)
  }
}
