/// How much of a trace is still to be made.
struct Budget {
  private var requests = Int64.max
  /// Whether requests are what is asked for.
  private var isCounted = false
  private var sessions = Int64.max
  private var microseconds = Int64.max

  init(_ size: SyntheticTrace.Size) {
    switch size {
    case .requests(let count):
      requests = count
      isCounted = true
    case .sessions(let count): sessions = count
    case .hours(let hours): microseconds = Int64(min(hours * 3.6e9, 9e15).rounded())
    }
  }

  /// Whether another session starts, so long behind the first.
  func allows(_ time: Int64) -> Bool { requests > 0 && sessions > 0 && time < microseconds }

  /// Takes a session out of the budget, as many of its requests as are left.
  mutating func take(_ wanted: Int64) -> Int64 {
    let taken = min(wanted, requests)
    requests -= taken
    sessions -= 1
    return taken
  }

  /// Puts back what a session that ended early has left of its requests, for others to make. Those that
  /// end early once all requests are given out leave the trace shorter: a session that started then would
  /// be none of the arrival process.
  mutating func giveBack(_ rest: Int64) {
    if isCounted { requests += rest }
  }
}
