import Workload

/// A fixed number of sessions, each of which thinks, asks, waits for its answer and thinks again.
///
/// The unit of time is the mean service time of the one server, as in `PoissonTrace`.
struct InteractiveTrace {
  let sessions: Int
  /// Mean time that a session thinks, in mean services.
  let thinking: Double
  private let turns: Int
  private(set) var rows = RowGroup()
  /// By record: the service of the turn, and what its session thinks after it, in mean services.
  private(set) var sizes: [Double] = []
  private(set) var thoughts: [Double] = []

  init(sessions: Int, turns: Int, thinking: Double, seed: UInt64) {
    self.sessions = sessions
    self.turns = turns
    self.thinking = thinking
    var random = SplitMix64(seed: SplitMix64.mix(seed))
    func exponential(_ mean: Double) -> Double { -DeterministicMath.log(random.uniform()) * mean }
    let tokens = 100_000.0
    rows.edgeStart = [0]
    // Every session starts with a thought, so the server is empty at first.
    let starts = (0..<sessions).map { _ in exponential(thinking) }.sorted()
    for (session, start) in starts.enumerated() {
      for turn in 0..<turns {
        let record = Int64(sizes.count)
        let size = max(1, exponential(tokens).rounded())
        rows.append(record, at: SimTime(start * PoissonTrace.service), Int32(size), 1)
        rows.session.append(Int32(session))
        rows.turn.append(Int32(turn))
        if turn > 0, let thought = thoughts.last {
          let delay = SimTime((thought * PoissonTrace.service).rounded())
          rows.edges.append(
            TurnEdge(parentRecord: record - 1, delay: delay, trigger: .completion)
          )
        }
        rows.edgeStart.append(Int32(rows.edges.count))
        sizes.append(size / tokens)
        thoughts.append(exponential(thinking))
      }
    }
  }

  func isLastTurn(_ record: Int64) -> Bool { (Int(record) + 1) % turns == 0 }

  /// Mean time in the server, by mean value analysis: an arrival finds what a system with one session
  /// less has on average. Source: Reiser, Lavenberg, "Mean-value analysis of closed multichain
  /// queuing networks", JACM 1980.
  var meanStay: Double {
    var (stay, present) = (0.0, 0.0)
    for count in 1...sessions {
      stay = 1 + present
      present = Double(count) * stay / (thinking + stay)
    }
    return stay
  }
}
