/// Start times for sessions of a source that has none: evenly spaced, in whole microseconds.
struct EvenStarts {
  private let sessionsPerSecond: Double?

  init(_ options: ReadOptions) { sessionsPerSecond = options.sessionsPerSecond }

  /// When the session of this number starts, in nanoseconds since the first one did; 0 without a rate.
  func start(of session: Int, at position: Int) throws(Fault) -> SimTime {
    guard let rate = sessionsPerSecond else { return 0 }
    let microseconds = (Double(session) * 1e6 / rate).rounded()
    guard microseconds < Double(SimTime.max / 1_000) else {
      throw Fault(
        at: position,
        "request would start more than 292 years after the first; raise the rate"
      )
    }
    return SimTime(microseconds) * 1_000
  }
}
