/// What rows are sorted by.
struct RowKey: Comparable {
  /// Arrival and record of the session's first row; 0 where rows are sorted by arrival alone.
  var start: SimTime
  var first: Int64
  var arrival: SimTime
  var record: Int64

  static func < (a: RowKey, b: RowKey) -> Bool {
    if a.start != b.start { return a.start < b.start }
    if a.first != b.first { return a.first < b.first }
    if a.arrival != b.arrival { return a.arrival < b.arrival }
    return a.record < b.record
  }

  /// The key of a row where rows are sorted by arrival alone.
  init(_ group: borrowing RowGroup, _ row: Int) {
    self.init(start: 0, first: 0, arrival: group.arrival[row], record: group.record[row])
  }

  init(start: SimTime, first: Int64, arrival: SimTime, record: Int64) {
    self.start = start
    self.first = first
    self.arrival = arrival
    self.record = record
  }

  func isOfSameSession(as other: RowKey) -> Bool {
    start == other.start && first == other.first
  }
}

/// The first row of every session met so far: the least by arrival, then record.
struct SessionStarts {
  private var starts = NumberedValues<Start>()

  private struct Start {
    var arrival: SimTime
    var record: Int64
    /// Runs that were on disk when the session was met.
    var runs: Int32
  }

  /// Takes the rows of a group, `runs` being on disk so far, and returns whether a session began
  /// earlier than one of these could know that may hold rows of it.
  mutating func take(_ group: borrowing RowGroup, runs: Int) -> Bool {
    var isLate = false
    for row in group.session.indices where group.session[row] >= 0 {
      let number = group.session[row]
      let (arrival, record) = (group.arrival[row], group.record[row])
      guard var start = starts[number] else {
        starts.insert(number, Start(arrival: arrival, record: record, runs: Int32(runs)))
        continue
      }
      guard (arrival, record) < (start.arrival, start.record) else { continue }
      isLate = isLate || start.runs < runs
      start.arrival = arrival
      start.record = record
      starts.replace(number, start)
    }
    return isLate
  }

  /// The key of a row whose group has been taken; a row of no session is one by itself.
  func key(_ group: borrowing RowGroup, _ row: Int) -> RowKey {
    let (arrival, record) = (group.arrival[row], group.record[row])
    guard !group.session.isEmpty, let start = starts[group.session[row]] else {
      return RowKey(start: arrival, first: record, arrival: arrival, record: record)
    }
    return RowKey(start: start.arrival, first: start.record, arrival: arrival, record: record)
  }
}
