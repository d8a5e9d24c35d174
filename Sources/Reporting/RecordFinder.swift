public import Simulation

/// Keeps one record of a run.
public struct RecordFinder: RecordSink {
  /// The number of the record in the source.
  public let number: Int64
  /// Nil until it has left the engine.
  public private(set) var record: RequestRecord?

  public init(_ number: Int64) { self.number = number }

  public mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    for index in requests.indices where requests[index].record == number {
      record = requests[index]
    }
  }

  public mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}
}
