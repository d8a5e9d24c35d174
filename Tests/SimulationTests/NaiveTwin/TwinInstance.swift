import Hardware
import Simulation
import Workload

/// The decode times of one instance kind, shared by the instances of a pool.
final class TwinDecodeTimes {
  private var curves: DecodeCurves

  init(kind: InstanceKind) { curves = DecodeCurves(kind: kind) }

  func time(batch: Int, units: Int64) -> FineTime {
    curves.piece(batch: batch, units: units).time(units: units)
  }

  /// Where the piece of the curve begins, in units.
  func knot(batch: Int, units: Int64) -> Int64 {
    curves.piece(batch: batch, units: units).lowerUnits
  }
}

/// What an instance holds, by request; more than its capacity is an error of the twin.
struct TwinMemory {
  let shape: KVShape
  let capacity: Int64
  private(set) var used: Int64 = 0
  private var held: [Int: Int64] = [:]

  init(kind: InstanceKind) {
    shape = kind.kv
    capacity = kind.kvCapacityUnits
  }

  var free: Int64 { capacity - used }
  var residentCount: Int { held.count }
  var residents: [Int] { Array(held.keys) }

  /// Lets a request hold the KV of so many tokens, instead of what it held before.
  mutating func hold(_ tokens: Int, for request: Int) {
    let units = shape.units(tokens: tokens)
    used += units - (held[request] ?? 0)
    held[request] = units
    precondition(used <= capacity, "more KV is held than there is")
  }

  mutating func release(_ request: Int) {
    guard let units = held.removeValue(forKey: request) else {
      preconditionFailure("a request frees memory that it does not hold")
    }
    used -= units
    precondition(used >= 0, "more KV is freed than was held")
  }
}

/// A review that a hook asked for and that has not fired.
enum TwinReview {
  case none
  case at(SimTime)
  case steps(Int)

  init(_ review: Review) {
    switch review {
    case .never: self = .none
    case .at(let time): self = .at(time)
    case .afterSteps(let count): self = .steps(count)
    }
  }

  var instant: SimTime {
    if case .at(let time) = self { time } else { .never }
  }

  /// Counts a boundary; returns whether the review fires there, which ends it.
  mutating func countBoundary(at now: SimTime) -> Bool {
    if case .steps(let count) = self, count > 1 {
      self = .steps(count - 1)
      return false
    }
    if case .steps = self {
      self = .none
      return true
    }
    return fire(at: now)
  }

  /// Returns whether the instant that was asked for has come, which ends the review.
  mutating func fire(at now: SimTime) -> Bool {
    guard instant <= now else { return false }
    self = .none
    return true
  }
}

/// A request in a queue, and its rank there if that does not depend on time.
struct TwinWaiting {
  var request: Int
  var key: Double
}

struct TwinChunk {
  var request: Int
  var tokens: Int
}

struct TwinStep {
  var end: FineTime
  var chunks: [TwinChunk]
  /// Those that emit a token at the end; empty if the step does not decode.
  var decoding: [Int]
}

struct TwinInstance {
  let role: Role
  let kind: InstanceKind
  let decodeTimes: TwinDecodeTimes
  var memory: TwinMemory

  /// Prompts without a chunk; on decode instances there are none.
  var waiting: [TwinWaiting] = []
  /// The recompute queue, or what stands before all of `waiting`: the latest preempted first.
  var preempted: [Int] = []
  /// On decode instances, those to be recomputed whose memory is reserved, first admitted first.
  var admitted: [Int] = []
  /// Partly computed prompts, by their first chunk.
  var partial: [Int] = []
  var batch: [Int] = []
  var bridge: [TwinWaiting] = []
  var inTransfer: [Int] = []
  var landed: [Int] = []

  var step: TwinStep?
  var clock: FineTime = 0
  var stepsSincePrefill = 0
  var preemptedAt: SimTime = -1
  /// The last boundary at which nothing but growth happened.
  var quietBoundary: SimTime = -1
  /// Where the piece of the decode curve of its last plain decode step begins, in units.
  var lastKnot: Int64 = 0

  var isBatchDue = false
  /// What a preemption leaves of `isBatchDue`: it waits for a boundary, not for another instant.
  var isBatchDueAtBoundary = false
  var isRecomputeDue = false
  var isBridgeDue = false
  var batchReview = TwinReview.none
  /// Of decodeAdmit for the recompute queue; on mixed instances, for the prefill queue.
  var recomputeReview = TwinReview.none
  /// Of decodeAdmit for the bridge queue.
  var bridgeReview = TwinReview.none

  /// Whether something else than growth changed at this instant, so that it is published at once.
  var hasChanged = false
  var publishedUnits: Int64 = 0

  init(role: Role, kind: InstanceKind, decodeTimes: TwinDecodeTimes) {
    self.role = role
    self.kind = kind
    self.decodeTimes = decodeTimes
    memory = TwinMemory(kind: kind)
  }

  /// The visible end of the step that runs.
  var boundary: SimTime { step.map { FixedPoint.ceiling($0.end) } ?? .never }

  /// Requests on their way into the batch from outside.
  var inboundCount: Int { bridge.count + inTransfer.count + landed.count }

  /// The instant at which a review fires if the instance stands still.
  var timer: SimTime { min(batchReview.instant, recomputeReview.instant, bridgeReview.instant) }

  mutating func makeAllDue() {
    isBatchDue = true
    isRecomputeDue = true
    isBridgeDue = true
  }

  /// The batch or the memory changed: all hooks have something to decide, and it is published.
  mutating func notice() {
    makeAllDue()
    hasChanged = true
  }

  /// Lets each review of the instance fire for which `fires` holds, and returns those that did.
  mutating func fireReviews(_ fires: (inout TwinReview) -> Bool) -> [TwinReview] {
    let (batch, recompute, bridge) = (batchReview, recomputeReview, bridgeReview)
    var fired: [TwinReview] = []
    if fires(&batchReview) {
      isBatchDue = true
      fired.append(batch)
    }
    if fires(&recomputeReview) {
      if role == .mixed { isBatchDue = true } else { isRecomputeDue = true }
      fired.append(recompute)
    }
    if fires(&bridgeReview) {
      isBridgeDue = true
      fired.append(bridge)
    }
    return fired
  }
}
