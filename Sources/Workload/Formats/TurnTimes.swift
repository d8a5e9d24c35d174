extension SimTime {
  /// This time of a source's own clock, from 0 on, so much later.
  func later(by delay: SimTime, at position: Int) throws(Fault) -> SimTime {
    let (sum, overflow) = addingReportingOverflow(delay)
    guard !overflow, sum < .max else {
      throw Fault(at: position, "time is more than 292 years after time 0")
    }
    return sum
  }
}

extension RowGroup {
  /// Ends the edges of the row at hand.
  mutating func endEdges() {
    if edgeStart.isEmpty { edgeStart.append(0) }
    edgeStart.append(Int32(edges.count))
  }
}
