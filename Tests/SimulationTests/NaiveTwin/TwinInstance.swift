import Hardware
import Simulation
import Workload

/// The costs of the decode steps of one instance kind, shared by the instances of a pool.
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

/// A request in a queue, and its rank there if that does not depend on time.
struct TwinWaiting {
  var request: Int
  var key: Double
}

/// A prompt's blocks on their way from the tiers.
struct TwinLoad {
  /// Nobody's where the request has given its memory up.
  var request: Int?
  /// Blocks of its path that are there at the end.
  var blocks: Int
  var end: SimTime
}

struct TwinChunk {
  var request: Int
  var tokens: Int
}

struct TwinStep {
  var duration: FineTime
  var end: FineTime
  var chunks: [TwinChunk]
  /// Those that emit a token at the end; empty if the step does not decode.
  var decoding: [Int]
  var unitsRead: Int64
}

struct TwinInstance {
  let pool: Int
  let role: Role
  let kind: InstanceKind
  let decodeTimes: TwinDecodeTimes
  var memory: TwinMemory
  var host: TwinHostLink

  /// Prompts without a chunk; on decode instances there are none.
  var waiting: [TwinWaiting] = []
  /// The recompute queue, or what stands before all of `waiting`: the latest preempted first.
  var preempted: [Int] = []
  /// On decode instances, those to be recomputed whose memory is reserved, first admitted first.
  var admitted: [Int] = []
  /// Those whose KV is on the host, or on its way there, the latest preempted first.
  var swapped: [Int] = []
  var tiers: TwinTiers
  /// Loads that have begun, each of which begins when the one before it ends.
  var loads: [TwinLoad] = []
  /// When the last of them ends.
  var tiersAreFreeAt: SimTime = 0
  /// Those whose KV comes back from the host, and when it will be here.
  var swapIns: [(request: Int, end: SimTime)] = []
  /// Partly computed prompts, by their first chunk.
  var partial: [Int] = []
  var batch: [Int] = []
  /// Those this decode instance was chosen for and that have not joined its batch since.
  var inbound: [Int] = []
  var bridge: [TwinWaiting] = []
  /// Handed off, or swapped in, while a step ran.
  var landed: [Int] = []

  var step: TwinStep?
  var clock: FineTime = 0
  var stepsSincePrefill = 0
  var preemptedAt: SimTime = -1
  /// The last boundary at which nothing but growth happened.
  var quietBoundary: SimTime = -1
  /// Where the piece of the decode curve of its last plain decode step begins, in units.
  var lastKnot: Int64 = 0
  var totals = TwinTotals()

  var isBatchDue = false
  /// What a preemption leaves of `isBatchDue`: it waits for a boundary, not for another instant.
  var isBatchDueAtBoundary = false
  var isRecomputeDue = false
  var isBridgeDue = false
  var batchReview = TwinReview.none
  /// Of decodeAdmit for the recompute queue; on mixed instances, for the prefill queue.
  var recomputeReview = TwinReview.none
  /// Of decodeAdmit for the swapped out.
  var swapReview = TwinReview.none
  /// Of decodeAdmit for the bridge queue.
  var bridgeReview = TwinReview.none

  /// Whether something else than growth changed at this instant, so that it is published at once.
  private(set) var hasChanged = false
  /// Whether it changed since the gateway queue was served.
  var wakesGateway = false
  /// What it published last.
  var published = TwinGauges()
  /// What the router sent here since then, where gauges lag.
  var sent: [TwinSent] = []

  init(
    pool: Int,
    role: Role,
    kind: InstanceKind,
    decodeTimes: TwinDecodeTimes,
    memory: TwinMemory,
    tiers: TwinTiers
  ) {
    self.pool = pool
    self.role = role
    self.kind = kind
    self.decodeTimes = decodeTimes
    self.memory = memory
    self.tiers = tiers
    host = TwinHostLink(kind: kind)
  }

  /// The visible end of the step that runs.
  var boundary: SimTime { step.map { FixedPoint.ceiling($0.end) } ?? .never }

  /// The instant at which a review fires if the instance stands still.
  var timer: SimTime {
    min(batchReview.instant, recomputeReview.instant, swapReview.instant, bridgeReview.instant)
  }

  /// A gauge changed.
  mutating func change() {
    hasChanged = true
    wakesGateway = true
  }

  /// What changed has been published.
  mutating func settle() {
    hasChanged = false
    wakesGateway = false
  }

  /// Whether somebody preempted waits for memory, other than in a prefill queue.
  var hasReturns: Bool { !swapped.isEmpty || (role == .decode && !preempted.isEmpty) }

  mutating func makeAllDue() {
    isBatchDue = true
    isRecomputeDue = true
    isBridgeDue = true
  }

  /// The batch or the memory changed: all hooks have something to decide, and it is published.
  mutating func notice() {
    makeAllDue()
    change()
  }

  /// Lets each review of the instance fire for which `fires` holds, and returns those that did.
  mutating func fireReviews(_ fires: (inout TwinReview) -> Bool) -> [TwinReview] {
    let (batch, recompute) = (batchReview, recomputeReview)
    let (swap, bridge) = (swapReview, bridgeReview)
    var fired: [TwinReview] = []
    if fires(&batchReview) {
      isBatchDue = true
      fired.append(batch)
    }
    if fires(&recomputeReview) {
      if role == .mixed { isBatchDue = true } else { isRecomputeDue = true }
      fired.append(recompute)
    }
    if fires(&swapReview) {
      isRecomputeDue = true
      fired.append(swap)
    }
    if fires(&bridgeReview) {
      isBridgeDue = true
      fired.append(bridge)
    }
    return fired
  }
}
