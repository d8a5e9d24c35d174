import Workload

/// Reads another reader's rows and counts the processor time that this takes, so that the speed of
/// a replay can be told apart from the speed of its importer.
final class TimedReader: TraceReader {
  private let base: any TraceReader
  private(set) var nanoseconds: Int64 = 0

  init(_ base: any TraceReader) { self.base = base }

  var names: TraceNames { base.names }

  var seconds: Double { Double(nanoseconds) * 1e-9 }

  func next() throws(TraceError) -> RowGroup? {
    let start = CPUClock.thread.now
    defer { nanoseconds += CPUClock.thread.now - start }
    return try base.next()
  }
}
