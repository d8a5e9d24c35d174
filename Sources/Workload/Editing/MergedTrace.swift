/// Several traces at once, their requests interleaved by time.
///
/// Each trace starts at its offset; time is counted from the first arrival of them all. Records are
/// numbered anew in the merged order, in which the rows of one instant stand in the order of their
/// traces, and edges follow. Sessions and prefix nodes are numbered anew as they are first met, so
/// that none of one trace is taken for another's and nothing is shared between traces. Names are
/// merged by their text; a row of a trace without a column has the column's default.
///
/// Memory is for one row group per trace, and for the sessions, the prefix nodes and the records of
/// sessions, which later edges may name. Where an edge names a record that arrives later, all rows
/// from there up to that record are held: the whole trace, if the first request waits for the last.
public struct MergedTrace: Trace {
  public let name: String
  public let traces: [any Trace]
  /// When each trace's first request arrives, in nanoseconds.
  public let offsets: [SimTime]

  /// - Parameters:
  ///   - traces: At least one.
  ///   - offsets: One for each trace, at least 0; none starts all of them together.
  ///   - name: What the whole is called.
  public init(_ traces: [any Trace], offsets: [SimTime] = [], name: String = "merged") {
    self.traces = traces
    self.offsets = offsets.isEmpty ? traces.map { _ in 0 } : offsets
    self.name = name
  }

  /// - Throws: `badData` without traces, or where there are not as many offsets; what the readers
  ///   of the traces throw. The reader throws `badData` where block sizes differ, time ends, or
  ///   there are more sessions, prefix nodes or names than can be numbered.
  public func makeReader() throws(TraceError) -> any TraceReader {
    guard !traces.isEmpty, offsets.count == traces.count, offsets.allSatisfy({ $0 >= 0 }) else {
      throw TraceError(
        .badData,
        file: name,
        problem: "\(traces.count) traces are merged with \(offsets.count) offsets; expected at "
          + "least one trace, and one offset of at least 0 for each"
      )
    }
    return try MergedReader(self)
  }
}

private final class MergedReader: TraceReader {
  private let name: String
  private var sources: [MergeSource] = []
  private var sessions: Int32 = 0
  private var columns = MergedNames()
  private var blockTokens = 0
  private var prefixes: MergedPrefixes
  private var links: MergedLinks
  private var record: Int64 = 0
  private var isAtEnd = false
  private var failure: TraceError?

  var names: TraceNames {
    var names = columns.names
    names.blockTokens = blockTokens
    return names
  }

  var provenance: TraceProvenance? {
    let parts = sources.map { $0.reader.provenance ?? TraceProvenance() }
    let note = "merged of " + sources.map(\.name).joined(separator: ", ")
    return TraceProvenance(of: parts, note: note)
  }

  init(_ trace: MergedTrace) throws(TraceError) {
    name = trace.name
    prefixes = MergedPrefixes(sources: trace.traces.count)
    links = MergedLinks(sources: trace.traces.count)
    for (source, offset) in zip(trace.traces, trace.offsets) {
      sources.append(try MergeSource(source.name, source.makeReader(), startingAt: offset))
    }
    let origin = sources.compactMap(\.firstArrival).min() ?? 0
    for source in sources.indices {
      sources[source].countTime(from: origin)
      try load(source)
    }
  }

  func next() throws(TraceError) -> RowGroup? {
    if let failure { throw failure }
    do throws(TraceError) {
      // A group waits until every record that its edges name has its new number.
      while !isAtEnd, !links.hasReadyGroup {
        if let group = try merge() { links.append(group) } else { isAtEnd = true }
      }
      return try links.next(of: name)
    } catch {
      failure = error
      throw error
    }
  }

  /// The next rows in merged order; their edges still name the records of their source.
  private func merge() throws(TraceError) -> RowGroup? {
    var group = RowGroup()
    while group.count < RowGroup.preferredRows, let source = earliest() {
      try append(from: source, to: &group)
      sources[source].row += 1
      if sources[source].row == sources[source].group.count { try load(source) }
    }
    guard group.count > 0 else { return nil }
    group.prefixes = prefixes.takeGroup()
    return group
  }

  /// The source whose next row arrives first; nil where all are at their end.
  private func earliest() -> Int? {
    var (found, first) = (Int?.none, SimTime.never)
    for index in sources.indices {
      guard let arrival = sources[index].arrival, arrival < first || found == nil else { continue }
      (found, first) = (index, arrival)
    }
    return found
  }

  private func append(from source: Int, to group: inout RowGroup) throws(TraceError) {
    let row = sources[source].row
    var numbers = RowNumbers(record: record)
    let session = sources[source].session
    if session >= 0 {
      numbers.session = try number(ofSession: session, of: source)
      links.map(sources[source].group.record[row], of: source, to: record)
    }
    if let end = sources[source].prefixEnd {
      guard let node = prefixes.touch(end, of: source) else {
        throw failed("has more than \(Int32.max) prefix nodes, or row \(record) names one it lacks")
      }
      numbers.prefixNode = node
    }
    group.append(row, of: sources[source].group, numbers, sources[source].names, &columns)
    links.takeEdges(of: row, in: sources[source].group, of: source, record: record, &group)
    record += 1
  }

  private func number(ofSession session: Int32, of source: Int) throws(TraceError) -> Int32 {
    if let number = sources[source].sessions[session] { return number }
    guard sessions < .max else { throw failed("has more than \(Int32.max) sessions") }
    sources[source].sessions.insert(session, sessions)
    sessions += 1
    return sessions - 1
  }

  /// Takes the next group of a source.
  private func load(_ source: Int) throws(TraceError) {
    guard try sources[source].read() else { return }
    columns.meet(sources[source].group)
    guard columns.add(sources[source].reader.names, to: &sources[source].names) else {
      throw failed("has more than 65,535 different names in one column")
    }
    guard !sources[source].group.prefixNode.isEmpty else { return }
    let blockTokens = sources[source].reader.names.blockTokens
    guard self.blockTokens == 0 || self.blockTokens == blockTokens else {
      throw failed(
        "has prefix blocks of \(self.blockTokens) tokens, and \(sources[source].name) of "
          + "\(blockTokens); traces with prefixes are merged only where their blocks are as large"
      )
    }
    self.blockTokens = blockTokens
    prefixes.define(sources[source].group.prefixes, of: source)
  }

  private func failed(_ problem: String) -> TraceError {
    TraceError(.badData, file: name, problem: problem)
  }
}
