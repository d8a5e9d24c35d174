/// One of several traces that are merged: its group at hand, and what its numbers become.
struct MergeSource {
  let name: String
  let reader: any TraceReader
  private(set) var group = RowGroup()
  /// The next row of the group.
  var row = 0
  var names = NameIndices()
  /// New numbers of sessions.
  var sessions = NumberedValues<Int32>()
  /// When its first row arrives in the merged trace.
  private let start: SimTime
  /// What its arrivals are moved by; known once it has a row.
  private var offset: SimTime = 0
  /// The first group, until merging begins.
  private var first: RowGroup?
  private var isAtEnd = false

  /// Reads up to the first row.
  init(_ name: String, _ reader: any TraceReader, startingAt start: SimTime) throws(TraceError) {
    self.name = name
    self.reader = reader
    self.start = start
    first = try Self.nextRows(of: reader)
  }

  /// When the first row arrives; nil for a trace without rows.
  var firstArrival: SimTime? { first.map { _ in start } }

  /// Counts time from an instant that no source starts before.
  mutating func countTime(from origin: SimTime) {
    if let first { offset = start - origin - first.arrival[0] }
  }

  /// The arrival of the next row; nil at the end.
  var arrival: SimTime? { isAtEnd ? nil : group.arrival[row] }

  /// The session of the next row as the source numbers it; −1 for none.
  var session: Int32 { group.session.isEmpty ? -1 : group.session[row] }

  /// The node in which the next row's path ends, as the source numbers it; nil for none.
  var prefixEnd: Int32? {
    guard !group.prefixNode.isEmpty, group.prefixNode[row] >= 0 else { return nil }
    return group.prefixNode[row]
  }

  /// Takes the next group, and returns false at the end.
  mutating func read() throws(TraceError) -> Bool {
    row = 0
    var next = first.take()
    if next == nil { next = try Self.nextRows(of: reader) }
    guard let next else {
      isAtEnd = true
      group = RowGroup()
      return false
    }
    group = next
    let (_, overflow) = group.arrival[group.count - 1].addingReportingOverflow(offset)
    if overflow {
      throw TraceError(.badData, file: name, problem: "ends more than 292 years after time 0")
    }
    group.moveTime(by: offset)
    return true
  }

  private static func nextRows(of reader: any TraceReader) throws(TraceError) -> RowGroup? {
    while let group = try reader.next() {
      if group.count > 0 { return group }
    }
    return nil
  }
}
