/// One of several traces that are merged: its group at hand, and what its numbers become.
struct MergeSource {
  let name: String
  let reader: any TraceReader
  private(set) var group = RowGroup()
  /// The next row of the group.
  var row = 0
  var names = NameIndices()
  /// New numbers of sessions.
  var sessions: [Int32: Int32] = [:]
  private var offset: SimTime
  private var hasStarted = false
  private var isAtEnd = false

  init(_ name: String, _ reader: any TraceReader, offset: SimTime) {
    self.name = name
    self.reader = reader
    self.offset = offset
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
    repeat {
      guard let next = try reader.next() else {
        isAtEnd = true
        group = RowGroup()
        return false
      }
      group = next
    } while group.count == 0
    if !hasStarted {
      hasStarted = true
      offset -= group.arrival[0]
    }
    let (_, overflow) = group.arrival[group.count - 1].addingReportingOverflow(offset)
    if overflow {
      throw TraceError(.badData, file: name, problem: "ends more than 292 years after time 0")
    }
    group.moveTime(by: offset)
    return true
  }
}
