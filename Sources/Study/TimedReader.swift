import Simulation
import Workload

/// Reads another reader's rows and counts the processor time that this takes, so that the speed of
/// a replay can be told apart from the speed of its importer.
final class TimedReader: TraceReader {
  private let base: any TraceReader
  private(set) var nanoseconds: Int64 = 0
  /// A group that was read ahead.
  private var ahead: RowGroup?

  init(_ base: any TraceReader) { self.base = base }

  var names: TraceNames { base.names }

  var seconds: Double { Double(nanoseconds) * 1e-9 }

  func next() throws(TraceError) -> RowGroup? {
    if let group = ahead {
      ahead = nil
      return group
    }
    let start = CPUClock.thread.now
    defer { nanoseconds += CPUClock.thread.now - start }
    return try base.next()
  }

  /// Whether the rows say which session they belong to, as far as the first of them show.
  func hasSessions() throws(TraceError) -> Bool {
    try peek().map { !$0.session.isEmpty } ?? false
  }

  /// The loop that the trace was made for: closed where a row of the group ahead waits for others.
  func recordedLoop() throws(TraceError) -> LoopMode {
    try peek().map { !$0.edges.isEmpty } ?? false ? .closed : .open
  }

  private func peek() throws(TraceError) -> RowGroup? {
    if ahead == nil { ahead = try next() }
    return ahead
  }

  /// Reads all that is left.
  func rest(named name: String) throws(TraceError) -> InMemoryTrace {
    var groups: [RowGroup] = []
    while let group = try next() { groups.append(group) }
    return InMemoryTrace(name: name, names: names, groups: groups)
  }
}
