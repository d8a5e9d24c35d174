import Hardware
import Workload

/// A chunk of a prompt in the current step.
struct Chunk {
  var slot: Int32
  var tokens: Int64
}

/// When a hook wants to be asked again on an instance.
struct PendingReview {
  var at = SimTime.never
  /// Value of `InstanceTotals.steps` at which it fires.
  var step = Int64.max

  var isPending: Bool { at != .never || step != .max }

  func fires(at now: SimTime, stepsDone: Int64) -> Bool { at <= now || step <= stepsDone }

  /// Takes a new review in place of the old one; one for the past fires as soon as time moves.
  mutating func replace(with review: Review, stepsDone: Int64, now: SimTime) {
    self = PendingReview()
    switch review {
    case .never: break
    case .at(let time): at = max(time, now + 1)
    case .afterSteps(let steps):
      let sum = stepsDone.addingReportingOverflow(Int64(max(1, steps)))
      step = sum.overflow ? .max : sum.partialValue
    }
  }
}

/// Which queue a request leaves when it gets decode memory.
enum MemoryQueue {
  /// Preempted requests of a decode instance; on a mixed one, all that wait for their first chunk.
  case recompute
  /// Requests whose KV is in host memory.
  case swapped
  case bridge
  /// None yet: a layer-wise hand-off whose prompt is about to be computed. Its review is not kept.
  case beforePrefill
}

/// The steps an instance is executing: one step with chunks, or decode steps of a fixed batch.
struct Segment {
  var steps: Int64 = 0
  var hasDecodes = false
  /// Whether the batch stood still in the step before, so its next tokens span more than one step.
  var resumes = false
  /// Duration and energy of the only step, if it has chunks.
  var time: FineTime = 0
  var energy: FineEnergy = 0
  /// Its decode steps, if it has no chunks.
  var series = StepSeries()
  /// Visible end of the first step.
  var firstBoundary: SimTime = 0
  /// The boundaries that have passed by `countedAt`, the last time they were counted.
  var countedAt: SimTime = -1
  var counted: Int64 = 0
}

/// One model replica: clock, memory, batch and queues.
struct Instance: ~Copyable {
  // What every look at an instance reads stands first, what only some runs need last.

  let index: Int
  let pool: Int
  /// Position in its pool view.
  let position: Int
  let role: Role
  var isStepping = false
  /// Whether it is on the list of instances that may start a step at this instant.
  var isReady = false
  /// Whether it is on the list of those whose bridge queue is served at this instant.
  var isBridgeListed = false
  var batchDue = false
  var recomputeDue = false
  var lastStepDecoded = true
  /// With pull: whether the bridge queue is to be served at the next boundary.
  var bridgeAwaitsBoundary = false

  /// The decode batch: its size, and sums over it.
  var batch = 0
  var batchGrowth: Int64 = 0
  var batchUnits: Int64 = 0
  var batchTokens: Int64 = 0
  /// KV held or reserved, in units, as of the last credited boundary.
  var usedUnits: Int64 = 0
  /// Tokens to compute of requests whose first chunk has not started.
  var waitingTokens: Int64 = 0
  /// Tokens left of partly computed prompts.
  var partialTokens: Int64 = 0
  /// Requests that this instance was chosen to decode and that are not in its batch yet.
  var inbound = 0
  /// KV of the inbound requests that have no memory here yet.
  var inboundUnits: Int64 = 0
  /// Phase of the publication grid, and the first grid point after the last refresh.
  let gridPhase: SimTime
  var nextGrid: SimTime = 0
  var publishedAt: SimTime = -1

  /// Inner time of the last boundary, or of the start after standing still.
  var clock: FineTime = 0
  /// Visible time of the last boundary; −1 before the first.
  var boundary: SimTime = -1
  var lastTokenBoundary: SimTime = -1
  /// Decode steps done.
  var decodeSteps: Int64 = 0
  var segment = Segment()

  let kv: KVShape
  let capacityUnits: Int64
  let maxBatch: Int
  /// Requests that hold or have reserved memory.
  var residents = 0
  /// Tokens held outside the batch, and since when; for the time integrals.
  var heldTokens: Int64 = 0
  var heldSince: SimTime = 0
  /// Their integral so far, in tokens × ns.
  var heldTime: Int128 = 0

  var finishes = StepHeap()
  /// Members that have not emitted since they joined.
  var joiners = Slots<Int32>()
  /// Requests with memory here whose KV is on its way or has landed.
  var transit = Slots<Int32>()
  /// Those of them that landed while a step was running.
  var landed = Slots<Int32>()
  var classCounts = Slots<Int32>()
  /// Members that reach the end of their sliding window before they finish.
  var crossings = StepHeap()
  /// Members whose context is shorter than the window.
  var batchInWindow = 0
  var batchWindowTokens: Int64 = 0

  var waiting: WaitQueue
  /// Preempted requests, the latest last: the head of the prefill queue, or the recompute queue.
  var preempted = Slots<Int32>()
  /// Preempted requests whose KV is in host memory, the latest last.
  var swapped = Slots<Int32>()
  /// Decode role: recomputations that have their memory.
  var admitted = Slots<Int32>()
  var partials = Slots<Int32>()
  var chunks = Slots<Chunk>()
  /// Prompts completed for a decode instance that has not reserved memory for them yet.
  var bridge: WaitQueue
  var stepsSincePrefill = 0
  /// Whether something was preempted at the boundary at this visible time.
  var preemptedAt: SimTime = -1
  var batchReview = PendingReview()
  /// Of decodeAdmit for the recompute queue, or for the prefill queue of a mixed instance.
  var recomputeReview = PendingReview()
  /// Of decodeAdmit for the swapped out.
  var swapReview = PendingReview()
  /// Of decodeAdmit for the bridge queue.
  var bridgeReview = PendingReview()

  var totals = InstanceTotals()

  let kvReplication: Int64
  let handoffLatency: SimTime
  let layers: Int64
  /// Tokens held outside the batch that lie in sliding windows, and their integral so far.
  var heldWindowTokens: Int64 = 0
  var heldWindowTime: Int128 = 0
  var host: HostMemory
  var loads = Loads()
  /// Units of one prefix block; 0 as long as there are none.
  var blockUnits: Int64 = 0
  /// Idle blocks of which growth must not evict any but at a boundary that is visited, in units.
  var untouchableUnits: Int64 = 0
  /// Retentions of blocks here, the oldest first, and the units that they pin.
  var retained = Slots<Int32>(minimumCapacity: 1)
  var retainedUnits: Int64 = 0

  init(
    index: Int,
    pool: Int,
    position: Int,
    spec: Pool,
    gridPhase: SimTime,
    prefillDependsOnTime: Bool,
    bridgeDependsOnTime: Bool
  ) {
    self.index = index
    self.pool = pool
    self.position = position
    self.gridPhase = gridPhase
    role = spec.role
    kv = spec.kind.kv
    capacityUnits = spec.kind.kvCapacityUnits
    maxBatch = spec.role == .prefill ? .max : spec.kind.maxBatch
    kvReplication = spec.kind.kvReplication
    handoffLatency = spec.kind.handoffLatency
    layers = Int64(spec.kind.layers)
    host = HostMemory(kind: spec.kind)
    waiting = WaitQueue(dependsOnTime: prefillDependsOnTime)
    bridge = WaitQueue(dependsOnTime: bridgeDependsOnTime)
  }

  /// Whether it is neither in a step nor on the list of those that may start one.
  @inline(__always) var awaitsListing: Bool { !isStepping && !isReady }

  @inline(__always) var freeUnits: Int64 { capacityUnits - usedUnits }

  /// Requests that could start their first chunk.
  @inline(__always) var startable: Int {
    role == .decode ? admitted.count : waiting.count + preempted.count
  }

  @inline(__always) var queuedRequests: Int {
    let queued = role == .decode ? admitted.count : waiting.count
    return queued + returningRequests
  }

  /// Those of them that were preempted.
  @inline(__always) var returningRequests: Int { preempted.count + swapped.count }

  /// Prompt tokens that are to be computed here.
  @inline(__always) var queuedTokens: Int { Int(waitingTokens + partialTokens) }

  @inline(__always) var runningRequests: Int { batch + partials.count }

  /// Whether a preempted request waits for memory to come back outside the prefill queue.
  @inline(__always) var hasReturns: Bool {
    !swapped.isEmpty || (role == .decode && !preempted.isEmpty)
  }

  /// Bytes that a request of so many tokens has on this instance, all copies counted.
  func storedBytes(tokens: Int64) -> Int64 { kv.bytes(tokens: Int(tokens)) * kvReplication }

  /// Bytes of so many units here, all copies counted.
  func storedUnits(_ units: Int64) -> Int64 { units * kv.unitBytes * kvReplication }

  /// Bytes of the part of so many tokens' KV that can be shared, all copies counted.
  func sharedBytes(tokens: Int64) -> Int64 {
    kv.fullUnitsPerToken * tokens * kv.unitBytes * kvReplication
  }

  /// Changes what is held outside the batch, closing the time integral so far.
  mutating func hold(tokens: Int64, sign: Int64, at now: SimTime) {
    settleHeld(at: now)
    heldTokens += sign * tokens
    heldWindowTokens += sign * min(tokens, Int64(kv.windowTokens))
  }

  /// Changes by how many blocks what is in use through the cache exceeds what requests hold through it.
  mutating func holdShared(blocks: Int64, of blockTokens: Int64, at now: SimTime) {
    guard blocks != 0 else { return }
    settleHeld(at: now)
    heldTokens += blocks * blockTokens
  }

  mutating func settleHeld(at now: SimTime) {
    guard now > heldSince else { return }
    let elapsed = now - heldSince
    heldTime &+= wideProduct(heldTokens, elapsed)
    if kv.windowTokens > 0 { heldWindowTime &+= wideProduct(heldWindowTokens, elapsed) }
    heldSince = now
  }

  mutating func setReview(_ review: PendingReview, of queue: MemoryQueue) {
    switch queue {
    case .recompute: recomputeReview = review
    case .swapped: swapReview = review
    case .bridge: bridgeReview = review
    case .beforePrefill: break
    }
  }

  mutating func use(units: Int64) {
    usedUnits += units
    law(usedUnits >= 0 && usedUnits <= capacityUnits, "KV out of balance")
    totals.peakUnits = max(totals.peakUnits, usedUnits)
  }

  mutating func count(requestClass: UInt16, _ change: Int32) {
    let index = Int(requestClass)
    while index >= classCounts.count { classCounts.append(0) }
    classCounts[index] += change
  }
}
