/// A source of requests that can be read from its start any number of times.
public protocol Trace: Sendable {
  /// What a result table calls the trace, usually the file's name.
  var name: String { get }

  /// Opens the trace at its first row.
  func makeReader() throws(TraceError) -> any TraceReader
}

/// Reads a trace once, from the first row to the last, one row group at a time.
public protocol TraceReader: AnyObject {
  /// The names met so far; complete after the last row group.
  var names: TraceNames { get }

  /// The date and time of the first arrival as the source spells it, such as
  /// `2023-11-16 18:15:46.6805900`; nil where the source does not say, or nothing was read yet.
  var epoch: String? { get }

  /// Where the trace comes from, as far as the source says, from the start on; nil where the rows
  /// are from no file. Its epoch may be empty where `epoch` is known.
  var provenance: TraceProvenance? { get }

  /// The failed requests met so far and what became of them; nil where the source has none or
  /// nothing was to become of them.
  var failures: FailureCount? { get }

  /// Returns the next rows, or nil after the last.
  ///
  /// Groups come sorted by arrival, and each starts no earlier than the one before it ended.
  func next() throws(TraceError) -> RowGroup?
}

extension TraceReader {
  public var epoch: String? { nil }
  public var provenance: TraceProvenance? { nil }
  public var failures: FailureCount? { nil }
}

/// A trace that is already in memory.
public struct InMemoryTrace: Trace {
  public let name: String
  public var names: TraceNames
  public var groups: [RowGroup]

  public init(name: String, names: TraceNames = TraceNames(), groups: [RowGroup]) {
    self.name = name
    self.names = names
    self.groups = groups
  }

  /// Reads a trace into memory, from its first row to its last.
  public init(reading trace: some Trace) throws(TraceError) {
    let reader = try trace.makeReader()
    var groups: [RowGroup] = []
    while let group = try reader.next() { groups.append(group) }
    self.init(name: trace.name, names: reader.names, groups: groups)
  }

  public func makeReader() throws(TraceError) -> any TraceReader {
    Reader(names: names, groups: groups)
  }

  private final class Reader: TraceReader {
    let names: TraceNames
    private let groups: [RowGroup]
    private var position = 0

    init(names: TraceNames, groups: [RowGroup]) {
      self.names = names
      self.groups = groups
    }

    func next() throws(TraceError) -> RowGroup? {
      guard position < groups.count else { return nil }
      defer { position += 1 }
      return groups[position]
    }
  }
}
