/// The sessions of a trace that start in a window of time, whole.
///
/// A request of no session is one by itself. Time is counted from the first arrival that is kept;
/// records, sessions and prefix nodes keep their numbers, and names theirs. Of an archive only the
/// groups are read whose sessions start in the window; other traces are read up to its end, and on
/// as long as sessions that started in it may have turns. Memory is for the sessions that started
/// before the window or in it.
public struct CutTrace: Trace {
  public let base: any Trace
  /// When sessions start that are kept, in nanoseconds since the first arrival of the base.
  public let window: Range<SimTime>

  public var name: String { base.name }

  public init(_ base: any Trace, to window: Range<SimTime>) {
    self.base = base
    self.window = window
  }

  /// - Throws: What the base's reader throws; the reader throws `badData` where no session starts
  ///   in the window.
  public func makeReader() throws(TraceError) -> any TraceReader {
    guard let archive = base as? TraceArchive else {
      return CutReader(try base.makeReader(), self, isBySession: false)
    }
    // Sessions that start at the window's start may stand behind others in the group before.
    let later = archive.index.firstIndex { $0.start >= window.lowerBound } ?? archive.index.count
    let reader = try archive.makeSessionReader(startingAt: max(0, later - 1))
    return ArrivalOrder(CutReader(reader, self, isBySession: true))
  }
}

/// Reads the rows that are kept, in the order of the base.
private final class CutReader: TraceReader {
  private let base: any TraceReader
  private let trace: CutTrace
  /// Whether a session's rows stand together, and sessions are in order of their start; else rows
  /// are in order of arrival.
  private let isBySession: Bool
  private var kept: Set<Int32> = []
  /// Sessions that started before the window.
  private var earlier: Set<Int32> = []
  /// The arrival of the first row that is kept.
  private var origin: SimTime?
  private var isAtEnd = false

  var names: TraceNames { base.names }

  /// The base's first arrival, where it is kept.
  var epoch: String? { origin == 0 ? base.epoch : nil }

  var provenance: TraceProvenance? {
    let (start, end) = (trace.window.lowerBound, trace.window.upperBound)
    let from = start > 0 ? " from \(seconds(start)) s" : ""
    let to = end < .never ? " up to \(seconds(end)) s" : ""
    return base.provenance.map {
      TraceProvenance(of: [$0], note: "cut\(from)\(to) of \(trace.name)")
    }
  }

  init(_ base: any TraceReader, _ trace: CutTrace, isBySession: Bool) {
    self.base = base
    self.trace = trace
    self.isBySession = isBySession
  }

  func next() throws(TraceError) -> RowGroup? {
    while !isAtEnd, let group = try base.next() {
      if let first = group.arrival.first, first >= trace.window.upperBound {
        isAtEnd = isBySession || kept.isEmpty
      }
      let rows = ContiguousArray(group.record.indices.lazy.filter { self.keeps($0, of: group) })
      if !rows.isEmpty { return rebased(group.keeping(rows)) }
    }
    isAtEnd = true
    guard origin != nil else {
      let (from, to) = (trace.window.lowerBound, trace.window.upperBound)
      throw TraceError(
        .badData,
        file: trace.name,
        problem:
          "no session starts from \(seconds(from)) s up to \(seconds(to)) s; cut a window in "
          + "which one does"
      )
    }
    return nil
  }

  private func keeps(_ row: Int, of group: borrowing RowGroup) -> Bool {
    let arrival = group.arrival[row]
    let session = group.session.isEmpty ? -1 : group.session[row]
    guard session >= 0 else { return trace.window.contains(arrival) }
    if kept.contains(session) { return true }
    // Rows are in order of arrival within a session, so the first one met is its start.
    if arrival < trace.window.lowerBound {
      earlier.insert(session)
      return false
    }
    guard arrival < trace.window.upperBound, !earlier.contains(session) else { return false }
    kept.insert(session)
    return true
  }

  private func rebased(_ group: consuming RowGroup) -> RowGroup {
    var group = group
    let origin = origin ?? group.arrival[0]
    self.origin = origin
    guard origin != 0 else { return group }
    group.moveTime(by: -origin)
    return group
  }
}

extension RowGroup {
  /// Moves arrivals and deadlines.
  ///
  /// A deadline that moves beyond the range of time becomes the first or last instant of it, so
  /// that none is met or missed which was not, and that it stays one.
  ///
  /// - Precondition: No arrival moves beyond the range of time.
  mutating func moveTime(by offset: SimTime) {
    for row in arrival.indices { arrival[row] += offset }
    for row in deadline.indices where deadline[row] != .never {
      let (time, overflow) = deadline[row].addingReportingOverflow(offset)
      deadline[row] = min(overflow ? (offset < 0 ? .min : .never) : time, .never - 1)
    }
  }
}
