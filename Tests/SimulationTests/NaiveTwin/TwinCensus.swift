import Hardware
import Simulation

/// How often the twin met situations that an engine gets wrong easily and that no record shows.
struct TwinCensus: Sendable {
  enum Event: String, CaseIterable, Sendable {
    case recomputedOnDecode = "recomputed on a decode instance"
    case recomputedOnMixed = "recomputed on a mixed instance"
    case handOffWaitedForMemory = "hand-off waited for memory"
    case headOfLineBlocked = "head of a queue blocked one that fits"
    case threeFlowsReshared = "three flows of a NIC shared anew"
    case windowCrossed = "left the sliding window"
    case knotCrossed = "knot inside a segment"
    case arrivedAtInnerBoundary = "arrived at a boundary inside a segment"
    case landedAtInnerBoundary = "landed at a boundary inside a segment"
    case kindsMet = "two kinds of event in a nanosecond"
    case timedReviewStanding = "review .at while standing"
    case timedReviewStepping = "review .at while stepping"
    case countedReview = "review .afterSteps"
  }

  private var counts = [Int](repeating: 0, count: Event.allCases.count)

  /// Every situation and how often it came up.
  var all: [(event: Event, count: Int)] { Array(zip(Event.allCases, counts)) }

  mutating func count(_ event: Event) {
    for index in Event.allCases.indices where Event.allCases[index] == event {
      counts[index] += 1
    }
  }

  mutating func count(_ fired: [TwinReview], isStepping: Bool) {
    for review in fired {
      switch review {
      case .none: break
      case .at: count(isStepping ? .timedReviewStepping : .timedReviewStanding)
      case .steps: count(.countedReview)
      }
    }
  }
}

extension NaiveTwin {
  /// Counts an instant at which events of different kinds meet.
  mutating func countKinds() {
    let kinds = [
      instances.contains { $0.boundary == now },
      instances.contains { $0.step == nil && $0.timer == now },
      transfers.contains { !$0.hasJoined && $0.nextInstant == now },
      transfers.contains { $0.hasJoined && $0.nextInstant == now },
      nextArrival < requests.count && requests[nextArrival].row.arrival == now,
    ]
    if kinds.count(where: \.self) > 1 { census.count(.kindsMet) }
  }

  /// Counts a request that stands behind the head of its queue though it would fit.
  mutating func countBlocked(behind head: Int, in queue: [Int], at i: Int) {
    guard !fits(head, at: i) else { return }
    let rest = queue.drop { $0 != head }.dropFirst()
    if rest.contains(where: { fits($0, at: i) }) { census.count(.headOfLineBlocked) }
  }

  /// Counts a change of rates on a NIC with three flows or more, one of which was running.
  mutating func countSharing(of joined: [Int], at rates: [Int64]) {
    for t in joined {
      let mates = zip(joined, rates).filter { transfers[$0.0].sender == transfers[t].sender }
      guard mates.count > 2 else { continue }
      let changes = mates.contains { mate, rate in
        transfers[mate].bytesPerSecond > 0 && transfers[mate].bytesPerSecond != rate
      }
      if changes { return census.count(.threeFlowsReshared) }
    }
  }

  /// Counts a plain decode step that follows another of the same batch on the curve's next piece.
  mutating func countKnot(of decoding: [Int], at i: Int) {
    let shape = instances[i].memory.shape
    let units = decoding.reduce(0) { $0 + shape.units(tokens: requests[$1].contextTokens) }
    let knot = instances[i].decodeTimes.knot(batch: decoding.count, units: units)
    let isInner = instances[i].quietBoundary == now
    if isInner, instances[i].lastKnot != knot { census.count(.knotCrossed) }
    instances[i].lastKnot = knot
  }
}
