import Hardware
import KVCache
import Simulation
import Workload

/// A second engine, written from `Semantics.md` alone and for nothing but clarity.
///
/// It keeps plain arrays, visits every boundary of every instance, looks for the next instant by
/// scanning everything that could happen, and shares the network anew from nothing each time.
/// It has no code in common with the engine, so what both get right is what the page says.
struct NaiveTwin {
  let fleet: Fleet
  let options: RunOptions
  let firstToken: FirstToken
  let signals: Signals
  let links: TwinLinks
  /// Tokens per block of the trace; 0 without prefixes.
  let blockTokens: Int
  let hasCache: Bool
  var policies: PolicySet
  /// In the trace's order.
  var requests: [TwinRequest]
  /// When each of them arrives; never while it waits for others, and once it has arrived.
  var due: [SimTime]
  var instances: [TwinInstance] = []
  var gateway = TwinGateway()
  /// Hand-offs with memory reserved and not landed.
  var transfers: [TwinTransfer] = []
  /// The pairs of instances between which there was a transfer.
  var connected: Set<[Int]> = []
  /// Requests that were preempted at this instant and return to the prefill pool.
  var toReturn: [Int] = []
  /// Prompts that were completed at this instant and whose hand-off has not begun.
  var toPlace: [Int] = []
  var retentions: [TwinRetention] = []
  /// ∫ KV that was retained for a session dt, in bytes × ns.
  var retainedByteTime: [Int32: Int128] = [:]
  /// The instance that the latest routed request of a session was sent to, by side.
  var prefillHomes: [Int32: Int] = [:]
  var decodeHomes: [Int32: Int] = [:]
  var linksChanged = false
  /// Edges of the closed loop that have fired, and requests that have ended.
  var firedEdges = 0
  var endedRequests = 0
  /// Whether steps have been started at this instant, which the gateway may have noticed.
  var isAfterStarts = false
  /// Reasons of rejections and failures; the first three are the engine's own.
  var reasons = [
    "",
    "prompt exceeds the KV capacity of every instance",
    "outgrew the KV capacity of an empty instance",
  ]
  var now: SimTime = -1
  var census = TwinCensus()

  /// Replays `rows` and returns a record for each offered request, by record number.
  static func run(
    rows: RowGroup,
    blockTokens: Int = 0,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions
  ) -> [RequestRecord] {
    replay(
      rows: rows,
      blockTokens: blockTokens,
      fleet: fleet,
      policies: policies,
      options: options
    ).records
  }

  /// The same, and what was met on the way.
  static func runCounting(
    rows: RowGroup,
    blockTokens: Int = 0,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions
  ) -> (records: [RequestRecord], census: TwinCensus) {
    let result = replay(
      rows: rows,
      blockTokens: blockTokens,
      fleet: fleet,
      policies: policies,
      options: options
    )
    return (result.records, result.census)
  }

  /// Replays `rows` and returns all that can be said of it.
  static func replay(
    rows: RowGroup,
    blockTokens: Int = 0,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions
  ) -> TwinResult {
    var twin = NaiveTwin(
      rows: rows,
      blockTokens: blockTokens,
      fleet: fleet,
      policies: policies,
      options: options
    )
    while true {
      let next = twin.nextInstant()
      guard next < .never, next <= options.horizon else { break }
      twin.process(next)
    }
    return twin.finish()
  }

  private init(
    rows: RowGroup,
    blockTokens: Int,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions
  ) {
    self.blockTokens = blockTokens
    self.fleet = fleet
    self.options = options
    self.policies = policies
    firstToken = fleet.firstToken
    signals = policies.signals
    hasCache = blockTokens > 0 && policies.evict.keepsBlocks
    requests = TwinTrace.requests(
      of: rows,
      blockTokens: blockTokens,
      hasCache: hasCache,
      options
    )
    due = requests.map(\.dueAt)
    for (index, pool) in fleet.pools.enumerated() {
      let times = TwinDecodeTimes(kind: pool.kind)
      var shared: [TwinTier] = []
      for _ in 0..<pool.count {
        let tiers = Self.tiers(
          of: pool,
          blockTokens: blockTokens,
          policies,
          sharing: &shared
        )
        let units = pool.kind.kv.fullUnitsPerToken * Int64(blockTokens)
        let cache = TwinCache(
          hasCache ? Self.order(of: policies) : .lru,
          capacity: units > 0 ? Int(pool.kind.kvCapacityUnits / units) : .max
        ) { depth in tiers.promptTime(blockTokens, (depth - 1) * blockTokens) }
        instances.append(
          TwinInstance(
            pool: index,
            role: pool.role,
            kind: pool.kind,
            decodeTimes: times,
            memory: TwinMemory(kind: pool.kind, blockTokens: blockTokens, cache: cache),
            tiers: tiers
          )
        )
      }
    }
    links = TwinLinks(
      nics: instances.map(\.kind.nicBytesPerSecond),
      pools: instances.map(\.pool),
      fabrics: fleet.pools.map(\.fabricBytesPerSecond),
      stores: fleet.pools.map { $0.tiers.first(where: \.isShared)?.bytesPerSecond ?? .max }
    )
  }

  static func order(of policies: PolicySet) -> TwinEviction {
    guard let order = TwinEviction(policies.evict) else {
      preconditionFailure("an eviction that the twin cannot follow")
    }
    return order
  }

  private func nextInstant() -> SimTime {
    var next = nextGatewayInstant()
    next = min(next, due.min() ?? .never)
    for instance in instances {
      next = min(next, instance.step == nil ? instance.timer : instance.boundary)
      for swapIn in instance.swapIns { next = min(next, swapIn.end) }
      if let load = instance.loads.first { next = min(next, load.end) }
    }
    for retention in retentions { next = min(next, retention.deadline) }
    for transfer in transfers { next = min(next, transfer.nextInstant(after: now)) }
    return next
  }

  /// One instant, phase by phase.
  private mutating func process(_ instant: SimTime) {
    publishGrid(before: instant)
    countRetained(until: instant)
    now = instant
    for i in instances.indices {
      instances[i].memory.expire(at: now)
      tellTiers(at: i, isForGood: true)
    }
    countKinds()
    noticeGridPoints()
    for i in instances.indices where instances[i].boundary == now { finishStep(at: i) }
    repeat {
      repeat {
        moveTransfers()
        fireTimers()
        place()
      } while isGatewayDue || nextDue() != nil
      for i in instances.indices where instances[i].step == nil { startStep(at: i) }
      isAfterStarts = true
    } while isGatewayDue
    isAfterStarts = false
    shareLinks()
    publishChanges()
  }

  private mutating func fireTimers() {
    endRetentions()
    for i in instances.indices where instances[i].step == nil {
      let fired = instances[i].fireReviews { $0.fire(at: now) }
      census.count(fired, isStepping: false)
    }
    fireGatewayReview()
  }

  private mutating func finish() -> TwinResult {
    let end = options.horizon == .never ? now : options.horizon
    let isCut = !requests.allSatisfy(\.isOver)
    for r in requests.indices where requests[r].isOffered && !requests[r].isOver {
      self.end(r, .unfinished, at: end)
    }
    countRetained(until: end)
    let (sessions, notDue) = endedSessions(at: end)
    for _ in 0..<notDue { census.count(.notDue) }
    for i in instances.indices {
      // Finite work leaves nothing behind but idle blocks.
      let isUnused = instances[i].memory.isUnused
      precondition(isUnused || options.horizon != .never, "KV is held by nobody")
      instances[i].memory.expire(at: isCut ? end : now)
      if let step = instances[i].step {
        // Of the step that the horizon cuts, what has passed.
        let start = step.end - step.duration
        instances[i].totals.busy += FixedPoint.fine(nanoseconds: end) - start
      }
      instances[i].totals.peakUnits = instances[i].memory.peak
      instances[i].totals.evictedBlocks = Int64(instances[i].memory.cache.evicted)
    }
    return TwinResult(
      records: requests.filter(\.isOffered).map(\.row).sorted { $0.record < $1.record },
      sessions: sessions,
      notDue: notDue,
      totals: instances.map(\.totals),
      census: census
    )
  }
}
