import Hardware
import KVCache
import Workload

/// The state of one run, and its loop over instants.
///
/// What happens at an instant, and in which order, is written in the Semantics article; the
/// extensions of this type follow its phases.
struct Simulator: ~Copyable {
  let fleet: Fleet
  let options: RunOptions
  let signals: Signals
  /// Whether a policy reads the KV gauge of the instances that compute prompts, of those that decode.
  let readsEntryKV: Bool
  let readsDecodeKV: Bool
  /// Whether these hooks can answer anything but yes.
  let asksAdmit: Bool
  let asksDecodeAdmit: Bool
  let prefillOrderDependsOnTime: Bool
  let bridgeOrderDependsOnTime: Bool
  let gatewayOrderDependsOnTime: Bool
  let isMonolithic: Bool
  let emitsAtPrefill: Bool
  let stepsAlways: Bool
  /// Fleet.handoff, taken apart once.
  let decodeAt: HandOff.DecodeChoice
  let isLayerWise: Bool
  let isPull: Bool
  let isLagged: Bool
  let hasWindow: Bool
  /// Whether what happens to some request is written down.
  let explains: Bool
  var policies: PolicySet

  var now: SimTime = 0
  var queue: EventQueue
  var arrivals: Arrivals
  var requests = RequestTable()
  var instances: Slots<Instance>
  let tick: SimTime
  /// Per pool.
  var curves: Slots<DecodeCurves>
  /// The prefixes of the trace that somebody refers to, and what of them each instance has; no caches
  /// as long as there are no prefixes, or with an eviction that keeps nothing.
  var trie = PrefixTrie()
  var caches = Slots<PrefixCache>()
  let cachesPrefixes: Bool
  /// Whether what is cached takes no memory: a bound.
  let isUnbounded: Bool
  /// Whether the moment of an eviction matters: every boundary at which growth evicts is visited.
  let evictsByTime: Bool
  /// Tokens per block of the trace.
  var blockTokens: Int64 = 0
  /// Per instance: what is below its memory; the stores that the instances of a pool share, while
  /// they are made.
  var chains = Slots<TierChain>()
  var sharedStores: [TierStore] = []
  let hasTiers: Bool
  let prefetches: Bool
  var retentions = Retentions()
  var writeBacks = WriteBacks()
  /// Whether the gauge of hits is that of some request, not 0.
  var showsHits = false
  let retains: Bool
  let writesBack: Bool
  let readsSessions: Bool
  var sessions = SessionTable()
  var costs: Slots<PrefillCosts>
  var links: Links

  /// Gauges of the instances that compute prompts, and of those that only decode.
  var entryView = PoolView()
  var decodeView = PoolView()
  var entryInstances = Slots<Int32>()
  var decodeInstances = Slots<Int32>()
  var entryGrid: GridCursor
  var decodeGrid: GridCursor
  var entryCapacity: ContextLimits
  var decodeCapacity: ContextLimits

  /// Requests that are held, whether there are some, whether the head is to be asked about, and when its review fires.
  var gateway: WaitQueue
  var isHolding = false
  var gatewayDue = false
  var gatewayReview = SimTime.never
  /// Preempted requests that return to the prefill pool at this instant.
  var returns = Slots<Int32>()
  /// Pairs of instances between which a transfer was announced; looked up, never walked.
  var warmPairs: Set<Int> = []
  /// Of pairs of pools: the largest rate of a transfer.
  var pairCaps: Slots<Int64>
  /// What the whole run's totals were at the start and at the end of `RunOptions.window`.
  var windowEdges: ContiguousArray<WindowEdge> = []
  /// When the next sample of the pools is due, when the last one was taken, and what the instances of
  /// each pool had done by then.
  var nextSample = SimTime.never
  var lastSample: SimTime = 0
  var sampledTotals: [InstanceTotals]
  var samples: ContiguousArray<PoolSample> = []
  /// How many more samples the run may take.
  var samplesLeft = RunOptions.mostSamples

  /// Decode instances whose gauges changed in phase 1, through somebody else's boundary.
  var unpublished = Slots<Int32>()
  /// Whether phase 5 of this instant is over, or over for the first time.
  var hasStarted = false
  /// The instance that phase 5 is looking at; −1 outside of it.
  var starting = -1
  /// Instances that are not in a step and may start one at this instant.
  var ready = Slots<Int32>()
  /// Decode instances whose bridge queue is to be served at this instant.
  var bridges = Slots<Int32>()
  /// Prompts completed at this instant that go to a decode instance.
  var handoffs = Slots<Int32>()

  /// Prompt tokens of the fleet that wait: not yet computed, or for decode memory.
  var queuedTokens: Int64 = 0
  var finished: ContiguousArray<RequestRecord> = []
  var intervals: ContiguousArray<TokenIntervals> = []
  /// Of the step that is being credited; all 0 in between.
  var joinersByClass = Slots<Int32>()
  /// `stepsAtBatch[p][b]`: decode steps of pool `p` with a batch of `b`.
  var stepsAtBatch: Slots<Slots<Int64>>
  var result = RunResult()

  /// How many reasons the sink has been told of.
  private var toldReasons = 0

  static let blockSize = 256

  init(fleet: Fleet, policies: PolicySet, options: RunOptions, arrivals: consuming Arrivals) {
    self.fleet = fleet
    isLagged = options.viewLag > 0
    hasWindow = options.window != nil
    explains = options.explainedRecord >= 0
    tick = options.viewLag > 0 ? options.viewLag : fleet.tick
    decodeAt = fleet.handoff.decodeAt
    isLayerWise = fleet.handoff.overlap == .layerWise
    isPull = fleet.handoff.direction == .pull && !defect(.pullAtOnce)
    self.policies = policies
    self.options = options
    self.arrivals = arrivals
    signals = policies.signals
    // Locals, since an autoclosure that reads a property of a value half initialized is miscompiled.
    let (keeps, unbounded) = (policies.evict.keepsBlocks, policies.evict.isUnbounded)
    let tiered = keeps && fleet.pools.contains { $0.role != .decode && !$0.tiers.isEmpty }
    cachesPrefixes = keeps
    isUnbounded = unbounded
    hasTiers = tiered
    prefetches = tiered && policies.tier.prefetches
    // What leaves memory is used in a tier at that moment.
    evictsByTime = !unbounded && (tiered || policies.evict.dependsOnTime)
    retains = !policies.retain.keepsNothing
    writesBack = !policies.writeBack.keepsNothing
    readsSessions = signals.contains(.sessions)
    readsEntryKV = policies.admit.signals.union(policies.routePrefill.signals).contains(.kv)
    readsDecodeKV = policies.routeDecode.signals.contains(.kv)
    asksAdmit = !policies.admit.acceptsAll
    asksDecodeAdmit = !policies.decodeAdmit.admitsAll
    prefillOrderDependsOnTime = policies.orderPrefill.dependsOnTime
    bridgeOrderDependsOnTime = policies.orderBridge.dependsOnTime
    gatewayOrderDependsOnTime = policies.orderGateway.dependsOnTime
    gateway = WaitQueue(dependsOnTime: policies.orderGateway.dependsOnTime)
    isMonolithic = fleet.isMonolithic
    emitsAtPrefill = isMonolithic || fleet.firstToken == .prefill
    stepsAlways = options.mode == .stepping || options.consultsEveryBoundary
    let count = fleet.instanceCount
    queue = EventQueue(entities: 4 * count + 1)
    curves = Slots(minimumCapacity: fleet.pools.count)
    costs = Slots(minimumCapacity: fleet.pools.count)
    links = Links(
      nics: fleet.pools.flatMap { pool in
        repeatElement(pool.kind.nicBytesPerSecond, count: pool.count)
      },
      fabrics: fleet.pools.map(\.bindingFabric),
      stores: fleet.pools.map { pool in
        defect(.storeHasNoBandwidth) ? .max : pool.sharedTier?.tier.bytesPerSecond ?? .max
      },
      hasCaps: !fleet.handoff.pairs.isEmpty,
      discipline: policies.orderTransfers.discipline
    )
    pairCaps = Slots(repeating: .max, count: fleet.pools.count * fleet.pools.count)
    entryGrid = GridCursor(tick: tick)
    decodeGrid = GridCursor(tick: tick)
    instances = Slots(minimumCapacity: count)
    entryCapacity = ContextLimits()
    decodeCapacity = ContextLimits()
    stepsAtBatch = Slots(minimumCapacity: fleet.pools.count)
    finished.reserveCapacity(Self.blockSize * 2)
    intervals.reserveCapacity(Self.blockSize * 2)
    sampledTotals = Array(repeating: InstanceTotals(), count: fleet.pools.count)
    if options.sampleInterval > 0 { nextSample = options.sampleInterval }
    entryView.isLagged = isLagged
    decodeView.isLagged = isLagged
    makeInstances()
    capPairs()
  }

  private mutating func makeInstances() {
    let count = SimTime(fleet.instanceCount)
    for (poolIndex, pool) in fleet.pools.enumerated() {
      stepsAtBatch.append(Slots<Int64>(minimumCapacity: 256))
      curves.append(DecodeCurves(kind: pool.kind))
      costs.append(PrefillCosts(pool.kind.costs))
      for _ in 0..<pool.count {
        let index = instances.count
        let isDecode = pool.role == .decode
        instances.append(
          Instance(
            index: index,
            pool: poolIndex,
            position: isDecode ? decodeInstances.count : entryInstances.count,
            spec: pool,
            gridPhase: SimTime(wideProduct(SimTime(index), tick) / Int128(count)),
            prefillDependsOnTime: prefillOrderDependsOnTime,
            bridgeDependsOnTime: bridgeOrderDependsOnTime
          )
        )
        if isDecode {
          decodeInstances.append(Int32(index))
          decodeGrid.append(phase: instances[index].gridPhase)
          decodeView.append(capacityUnits: pool.kind.kvCapacityUnits)
          decodeCapacity.add(pool.kind)
        } else {
          entryInstances.append(Int32(index))
          entryGrid.append(phase: instances[index].gridPhase)
          entryView.append(capacityUnits: pool.kind.kvCapacityUnits)
          entryCapacity.add(pool.kind)
        }
      }
    }
  }

  mutating func run<Sink: RecordSink>(into sink: inout Sink) throws(TraceError) -> RunResult {
    try takeNodes()
    while true {
      let next = min(queue.nextTime, arrivals.nextTime)
      guard next != .never, next <= options.horizon else { break }
      law(next >= now, "time runs backwards")
      now = next
      if nextSample < next { try takeSamples(before: next, into: &sink) }
      if isLagged { takeSnapshots() }
      if hasWindow { passWindowEdges(by: now) }
      hasStarted = false
      repeat {
        repeat {
          while queue.nextTime == now { handleNextEvent() }
          try place()
        } while queue.nextTime == now || arrivals.nextTime == now || gatewayDue
        if !ready.isEmpty { startReadyInstances() }
        hasStarted = true
      } while gatewayDue && !defect(.gatewayForgotten)
      if isHolding { scheduleGateway() }
      if links.areChanged {
        links.share(at: now, queue: &queue, firstEntity: firstTransfer)
      }
      if max(finished.count, intervals.count, samples.count) >= Self.blockSize {
        flush(into: &sink)
      }
    }
    try arrivals.check()
    try finish(into: &sink)
    flush(into: &sink)
    return result
  }

  /// Event entities: the instances' steps and timers, their swap-ins, the gateway, the ends of the
  /// instances' retentions, their loads, the transfers.
  var gatewayEntity: Int { 2 * instances.count }
  var firstRetention: Int { 2 * instances.count + 1 }
  var firstLoad: Int { 3 * instances.count + 1 }
  var firstTransfer: Int { 4 * instances.count + 1 }

  private mutating func handleNextEvent() {
    let (kind, entity) = queue.pop()
    switch kind {
    case .boundary: endSegment(entity)
    case .transferJoin: joinLinks(entity - firstTransfer)
    case .transferEnd: drain(entity - firstTransfer)
    case .swapInEnd: endSwapIn(entity - instances.count)
    case .loadEnd: endLoad(entity - firstLoad)
    case .retentionEnd: endRetentions(entity - firstRetention)
    case .timer: if entity == gatewayEntity { wakeGateway() } else { fireTimer(entity) }
    }
  }

  private mutating func flush<Sink: RecordSink>(into sink: inout Sink) {
    if result.reasons.count > toldReasons {
      sink.receive(reasons: result.reasons)
      toldReasons = result.reasons.count
    }
    sink.receive(requests: finished)
    finished.removeAll(keepingCapacity: true)
    sink.receive(intervals: intervals)
    intervals.removeAll(keepingCapacity: true)
    flushSamples(into: &sink)
    if arrivals.hasEndedSessions { sink.receive(sessions: arrivals.takeEndedSessions()) }
  }

  /// Puts an instance on the list of those that may start a step at this instant. One that is in a
  /// step comes onto it when that ends.
  @inline(__always)
  mutating func markReady(_ index: Int) {
    guard instances[index].awaitsListing, index != starting else { return }
    instances[index].isReady = true
    ready.append(Int32(index))
  }

  /// Puts a decode instance on the list of those whose bridge queue is served at this instant.
  mutating func markBridge(_ index: Int) {
    guard !instances[index].isBridgeListed else { return }
    instances[index].isBridgeListed = true
    bridges.append(Int32(index))
  }
}

extension Pool {
  /// The cap of its shared fabric; none where its NICs together cannot reach it, and sharing by
  /// component stays possible.
  fileprivate var bindingFabric: Int64 {
    let (nics, overflow) = kind.nicBytesPerSecond.multipliedReportingOverflow(by: Int64(count))
    return !overflow && nics <= fabricBytesPerSecond ? .max : fabricBytesPerSecond
  }
}

/// The longest contexts that a set of instances holds, in tokens: where all hold a prompt, which is
/// the common case, no list of eligible ones has to be made.
struct ContextLimits {
  /// What each of them holds, and what some does.
  private var shortest = Int64.max
  private var longest: Int64 = -1

  mutating func add(_ kind: InstanceKind) {
    let tokens = kind.kv.tokens(units: kind.kvCapacityUnits)
    shortest = min(shortest, tokens)
    longest = max(longest, tokens)
  }

  func allHold(tokens: Int) -> Bool { Int64(tokens) <= shortest }

  func someHolds(tokens: Int) -> Bool { Int64(tokens) <= longest }
}
