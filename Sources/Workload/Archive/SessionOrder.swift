/// Follows the order of sessions from group to group: whole in one group each, by their start, and
/// the rows of each by arrival. A row of no session is one by itself; ties go by record.
struct SessionOrder {
  /// Sessions so far, without rows of none.
  private(set) var sessions: Int64 = 0
  private var lastStart: SimTime = 0
  private var lastRecord: Int64 = -1
  /// Sessions that have come up.
  private var met = NumberSet()
  /// Whether the next row is the first of a trace, at which time starts.
  private var isAtFirstRow: Bool

  init(startsAtFirstRow: Bool) { isAtFirstRow = startsAtFirstRow }

  /// Checks the rows of the next group.
  ///
  /// - Returns: The last arrival in the group.
  mutating func take(_ group: borrowing RowGroup) throws(GroupFault) -> SimTime {
    if group.session.isEmpty { return try takeLoneRows(group) }
    var end: SimTime = 0
    for row in 0..<group.count {
      end = max(end, group.arrival[row])
      let session = group.session[row]
      let goesOn = row > 0 && session >= 0 && session == group.session[row - 1]
      if goesOn {
        let earlier = (group.arrival[row - 1], group.record[row - 1])
        guard earlier < (group.arrival[row], group.record[row]) else {
          throw outOfOrder(group, row, "by arrival, then record, within its session")
        }
      } else {
        try start(group, row)
        if session >= 0 {
          guard met.insert(Int64(session)) else {
            throw RowGroupRules.fault(.session, row, session, "the rows of a session together")
          }
          sessions += 1
        }
      }
    }
    return end
  }

  /// Rows without sessions, which come by the million a second.
  private mutating func takeLoneRows(_ group: borrowing RowGroup) throws(GroupFault) -> SimTime {
    let count = group.count
    guard count > 0 else { return 0 }
    try start(group, 0)
    let arrival = group.arrival.span
    let record = group.record.span
    var isSorted = true
    var (lastArrival, lastNumber) = (arrival[0], record[0])
    for row in 1..<count {
      let (time, number) = (arrival[row], record[row])
      let follows = time > lastArrival || (time == lastArrival && number > lastNumber)
      isSorted = isSorted && follows
      (lastArrival, lastNumber) = (time, number)
    }
    if !isSorted {
      for row in 1..<count where (arrival[row - 1], record[row - 1]) >= (arrival[row], record[row])
      {
        throw outOfOrder(group, row, "by arrival, then record")
      }
    }
    (lastStart, lastRecord) = (lastArrival, lastNumber)
    return lastArrival
  }

  private mutating func start(_ group: borrowing RowGroup, _ row: Int) throws(GroupFault) {
    let next = (group.arrival[row], group.record[row])
    guard !isAtFirstRow || next.0 == 0 else {
      throw RowGroupRules.fault(.arrival, row, next.0, "0, time being counted from the first row")
    }
    isAtFirstRow = false
    guard (lastStart, lastRecord) < next else {
      throw outOfOrder(group, row, "sessions by start, then record, the last being \(lastStart)")
    }
    (lastStart, lastRecord) = next
  }

  private func outOfOrder(
    _ group: borrowing RowGroup,
    _ row: Int,
    _ expected: String
  ) -> GroupFault {
    RowGroupRules.fault(.arrival, row, group.arrival[row], "rows \(expected)")
  }
}
