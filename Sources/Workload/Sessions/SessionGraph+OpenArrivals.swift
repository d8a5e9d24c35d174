extension SessionGraph {
  /// When each row arrives in an open loop.
  ///
  /// That is its session's start ÷ `rateScale`, rounded down, plus the recorded time from the
  /// session's start to the row: sessions come faster, but nothing within one does.
  ///
  /// - Parameter rateScale: How many times faster than recorded sessions start.
  /// - Returns: Nanoseconds since the first arrival, by position.
  /// - Throws: `badData` where a row would arrive more than 146 years after the first one, half the
  ///   range of time.
  /// - Precondition: `rateScale` is above 0.
  public func openArrivals(rateScale: Double) throws(TraceError) -> ContiguousArray<SimTime> {
    precondition(rateScale > 0)
    let latest = SimTime.max / 2
    // Rows of a session share its start, and most traces have as many sessions as rows or nearly so.
    var starts = sessionStart
    if rateScale != 1 {
      for index in starts.indices {
        let start = Double(starts[index]) / rateScale
        starts[index] = start <= Double(latest) ? SimTime(start) : .never
      }
    }
    var arrivals = ContiguousArray<SimTime>()
    arrivals.reserveCapacity(count)
    for group in trace.groups {
      for row in 0..<group.count {
        let index = Int(session[arrivals.count])
        let sinceStart = group.arrival[row] - sessionStart[index]
        let (arrival, overflow) = starts[index].addingReportingOverflow(sinceStart)
        guard !overflow, arrival <= latest else {
          throw TraceError(
            .badData,
            file: trace.name,
            problem: "record \(group.record[row]) arrives more than 146 years after the first one "
              + "at a rate × \(rateScale); raise the rate"
          )
        }
        arrivals.append(arrival)
      }
    }
    return arrivals
  }
}
