public import Simulation
import Workload

/// What became of the sessions of a closed-loop run; a request that is in none is no session.
public struct SessionMetrics: Sendable {
  /// From the arrival of a session's first request to the end of its last, of completed sessions.
  public private(set) var completion = LatencyDistribution()
  public private(set) var sums = SessionSums()
  /// By the session's number in the trace, which may be any; only looked up and counted, so that no
  /// result depends on the order.
  private var states: [Int32: State] = [:]

  public init() {}

  /// What is known of a session: its requests and its own record may come in either order.
  struct State: OptionSet {
    let rawValue: UInt8

    /// Some request has an SLO.
    static let hasObjective = State(rawValue: 1)
    /// Some request has broken its SLO.
    static let missed = State(rawValue: 2)
    /// The upper bits are the raw value of the outcome.
    static let outcomeShift: UInt8 = 2

    var outcome: Outcome { Outcome(rawValue: rawValue >> Self.outcomeShift) ?? .unfinished }

    func with(_ outcome: Outcome) -> State {
      State(rawValue: rawValue & 3 | outcome.rawValue << Self.outcomeShift)
    }

    /// As long as the session itself has not been reported.
    static let started = State().with(.unfinished)

    /// Takes in how one of its requests did.
    mutating func note(_ judgement: Judgement, _ objective: ServiceObjective) {
      guard !objective.isEmpty else { return }
      insert(.hasObjective)
      if judgement.counts, !judgement.metAll(objective) { insert(.missed) }
    }

    /// Whether all its requests completed within their SLOs; nil where it has none, and where it has
    /// not ended and could still meet them all.
    var isMet: Bool? {
      guard contains(.hasObjective), outcome != .unfinished || contains(.missed) else { return nil }
      return outcome == .completed && !contains(.missed)
    }
  }

  mutating func add(session: Int32, _ judgement: Judgement, _ objective: ServiceObjective) {
    guard session >= 0 else { return }
    states[session, default: .started].note(judgement, objective)
  }

  mutating func add(_ record: borrowing SessionRecord) {
    guard record.session >= 0 else { return }
    states[record.session] = states[record.session, default: .started].with(record.outcome)
    if record.outcome == .completed { completion.record(record.finish - record.start) }
    sums.add(record)
  }

  /// Sessions of which a request was offered.
  public var started: Int64 { Int64(states.count) }

  /// What can become of a session; requests are cancelled only after one was rejected or failed,
  /// which is then what became of their session.
  static let outcomes = Outcome.allCases.filter { $0 != .cancelled }

  public func outcome(_ outcome: Outcome) -> Int64 { count { $0.outcome == outcome } }

  /// Mean KV that retention policies held for a session over time, in byte-seconds; nil without one.
  public var meanRetainedByteSeconds: Double? {
    started > 0 ? sums.retainedByteSeconds / Double(started) : nil
  }

  /// Sessions whose requests all completed within their SLOs, of those that ended or have already
  /// missed one. A session without SLOs does not count, nor one that could still meet them all.
  public var attainment: Attainment {
    var attainment = Attainment()
    attainment.counted = count { $0.isMet != nil }
    attainment.met = count { $0.isMet == true }
    return attainment
  }

  private func count(_ condition: (State) -> Bool) -> Int64 {
    states.values.reduce(0) { $0 + (condition($1) ? 1 : 0) }
  }

  func absorb(into hash: inout SummaryHash) {
    hash.absorb("sessions")
    for outcome in Outcome.allCases { hash.absorb(self.outcome(outcome)) }
    hash.absorb(attainment.met)
    hash.absorb(attainment.counted)
    completion.absorb(into: &hash)
    sums.absorb(into: &hash)
  }
}
