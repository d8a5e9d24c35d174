import Simulation
import Workload

/// How many requests met an SLO, of those that it can be judged for.
///
/// Only a completed request can meet its SLOs. One that was unfinished at the horizon and had
/// broken none of them is left out; every other request that has the SLO is a miss.
public struct Attainment: Sendable, Equatable {
  public var met: Int64 = 0
  public var counted: Int64 = 0

  public init() {}

  /// From 0 to 1; nil where no request counts.
  public var share: Double? { counted == 0 ? nil : Double(met) / Double(counted) }

  mutating func merge(_ other: Attainment) {
    met += other.met
    counted += other.counted
  }
}

/// How one request did against its targets.
struct Judgement {
  /// Whether it counts at all.
  var counts: Bool
  var metTTFT: Bool
  var metTPOT: Bool

  /// - Parameters:
  ///   - record: The request as it left the engine.
  ///   - objective: Its own targets.
  ///   - ttft: Arrival to first token, in nanoseconds.
  ///   - tpot: Time per output token, in nanoseconds; 0 for a one-token output, which meets every
  ///     target.
  init(_ record: borrowing RequestRecord, objective: ServiceObjective, ttft: SimTime, tpot: SimTime)
  {
    let completed = record.outcome == .completed
    metTTFT = completed && ttft <= objective.ttft
    metTPOT = completed && tpot <= objective.tpot
    counts = true
    if record.outcome == .unfinished { counts = Self.isBroken(record, objective) }
  }

  /// Whether it met every target that it has.
  func metAll(_ objective: ServiceObjective) -> Bool {
    (objective.ttft == 0 || metTTFT) && (objective.tpot == 0 || metTPOT)
  }

  /// Whether an unfinished request can no longer meet its targets, or is behind on them.
  private static func isBroken(_ record: borrowing RequestRecord, _ objective: ServiceObjective)
    -> Bool
  {
    let hasToken = record.firstToken >= 0
    let waited = (hasToken ? record.firstToken : record.finish) - record.arrival
    if objective.ttft > 0, waited > objective.ttft { return true }
    guard objective.tpot > 0, hasToken else { return false }
    // The token that is being generated counts as if it came now: the best that is still possible.
    let sinceFirst = Int128(record.finish - record.firstToken)
    return sinceFirst > Int128(objective.tpot) * Int128(record.emittedTokens)
  }
}
