/// Turns source times into nanoseconds since the first arrival and insists on their order.
struct ArrivalClock {
  /// The first arrival, in the source's own time.
  private(set) var first: Int64?
  private var last: Int64 = 0

  /// Rebases an arrival, in nanoseconds since an origin that is the same for the whole source.
  mutating func arrival(_ time: Int64, at position: Int) throws(Fault) -> SimTime {
    guard let first else {
      first = time
      last = time
      return 0
    }
    guard time >= last else {
      throw Fault(at: position, "arrival is earlier than the line before; sort the file by time")
    }
    last = time
    return try sinceFirst(time, first, at: position)
  }

  /// Rebases another instant of a row whose arrival has been taken.
  func instant(_ time: Int64, at position: Int) throws(Fault) -> SimTime {
    try sinceFirst(time, first ?? time, at: position)
  }

  private func sinceFirst(_ time: Int64, _ first: Int64, at position: Int) throws(Fault) -> SimTime
  {
    let (elapsed, overflow) = time.subtractingReportingOverflow(first)
    if overflow || elapsed == .max {
      throw Fault(at: position, "time is more than 292 years after the first arrival")
    }
    return elapsed
  }
}
