import Hardware
import Policies
import Workload

@testable import Simulation

/// The columns of a pool view as a copyable value, so that tests can permute them.
struct Gauges {
  var queued: [Int]
  var tokens: [Int]
  var running: [Int]
  var inbound: [Int]
  var inboundUnits: [Int64]
  var kv: [Int64]
  var capacity: [Int64]
  var sent: [Int]
  var sentTokens: [Int]
  var sentUnits: [Int64]
  var hits: [Int]
  var heldAhead = 0

  var count: Int { queued.count }

  /// Columns that are left out are 0; capacities 1,000 units.
  init(
    count: Int,
    queued: [Int]? = nil,
    tokens: [Int]? = nil,
    running: [Int]? = nil,
    inbound: [Int]? = nil,
    inboundUnits: [Int64]? = nil,
    kv: [Int64]? = nil,
    capacity: [Int64]? = nil,
    sent: [Int]? = nil,
    sentTokens: [Int]? = nil,
    sentUnits: [Int64]? = nil,
    hits: [Int]? = nil
  ) {
    let zeros = [Int](repeating: 0, count: count)
    self.queued = queued ?? zeros
    self.tokens = tokens ?? zeros
    self.running = running ?? zeros
    self.inbound = inbound ?? zeros
    self.inboundUnits = inboundUnits ?? zeros.map(Int64.init)
    self.kv = kv ?? zeros.map(Int64.init)
    self.capacity = capacity ?? [Int64](repeating: 1_000, count: count)
    self.sent = sent ?? zeros
    self.sentTokens = sentTokens ?? zeros
    self.sentUnits = sentUnits ?? zeros.map(Int64.init)
    self.hits = hits ?? zeros
  }

  /// Every gauge drawn below `bound`, so that ties are as rare as it is large.
  init(count: Int, below bound: Int, using random: inout SplitMix64) {
    self.init(count: count)
    for position in 0..<count {
      queued[position] = .random(in: 0..<bound, using: &random)
      tokens[position] = .random(in: 0..<bound, using: &random)
      running[position] = .random(in: 0..<bound, using: &random)
      inbound[position] = .random(in: 0..<bound, using: &random)
      inboundUnits[position] = .random(in: 0..<Int64(bound), using: &random)
      kv[position] = .random(in: 0..<Int64(bound), using: &random)
      capacity[position] = .random(in: 1...Int64(bound), using: &random)
      sent[position] = .random(in: 0..<bound, using: &random)
      sentTokens[position] = .random(in: 0..<bound, using: &random)
      sentUnits[position] = .random(in: 0..<Int64(bound), using: &random)
      hits[position] = .random(in: 0..<bound, using: &random)
    }
  }

  /// The view in which position i shows instance `order[i]`.
  func view(_ order: [Int]? = nil, now: SimTime = 0) -> PoolView {
    let order = order ?? Array(0..<count)
    var view = PoolView()
    view.isLagged = (sent + sentTokens).contains { $0 > 0 } || sentUnits.contains { $0 > 0 }
    view.now = now
    view.heldAhead = heldAhead
    view.count = count
    view.queuedRequests = Column(order.map { queued[$0] })
    view.queuedTokens = Column(order.map { tokens[$0] })
    view.runningRequests = Column(order.map { running[$0] })
    view.inboundRequests = Column(order.map { inbound[$0] })
    view.inboundUnits = Column(order.map { inboundUnits[$0] })
    view.kvUnits = Column(order.map { kv[$0] })
    view.kvCapacityUnits = Column(order.map { capacity[$0] })
    view.isOfOneCapacity = Set(order.map { capacity[$0] }).count < 2
    view.sentRequests = Column(order.map { sent[$0] })
    view.sentTokens = Column(order.map { sentTokens[$0] })
    view.sentUnits = Column(order.map { sentUnits[$0] })
    view.hitTokens = Column(order.map { hits[$0] })
    return view
  }
}

/// The specs that choose every policy of a hook with its defaults, and each of its named choices.
func specs(for hook: PolicyHook) -> [String] {
  PolicyRegistry.standard.entries(for: hook).flatMap { entry in
    [entry.name]
      + entry.parameters.flatMap { parameter -> [String] in
        guard case .choice(let names) = parameter.kind else { return [] }
        return names.map { "\(entry.name):\(parameter.name)=\($0)" }
      }
  }
}

/// The defaults with another policy for one hook.
func policies(_ spec: String, for hook: PolicyHook) throws -> PolicySet {
  var set = try PolicyChoice.defaults.resolve()
  try PolicyRegistry.standard.install(spec, for: hook, in: &set)
  return set
}

func request(
  record: Int64 = 0,
  queuedAt: SimTime = 0,
  contextTokens: Int = 1,
  decodedTokens: Int = 0,
  emittedTokens: Int = 0,
  maxOutputTokens: Int = 0,
  tenant: UInt16 = 0,
  priority: Int32 = 0,
  tpotSLO: SimTime = 0,
  seed: UInt64 = 1
) -> RequestView {
  RequestView(
    record: record,
    arrival: 0,
    queuedAt: queuedAt,
    promptTokens: contextTokens - decodedTokens,
    contextTokens: contextTokens,
    emittedTokens: emittedTokens,
    maxOutputTokens: maxOutputTokens,
    requestClass: 0,
    tenant: tenant,
    priority: priority,
    tpotSLO: tpotSLO,
    seed: seed
  )
}

func batch(
  now: SimTime = 0,
  queued: Int = 1,
  oldest: SimTime = 0,
  partial: Int = 0,
  running: Int = 0,
  stepsSincePrefill: Int = 0
) -> BatchView {
  BatchView(
    now: now,
    role: running > 0 ? .mixed : .prefill,
    queuedRequests: queued,
    queuedTokens: queued * 10,
    oldestQueuedAt: oldest,
    partialRequests: partial,
    runningRequests: running,
    stepsSincePrefill: stepsSincePrefill
  )
}

func resident(
  record: Int64 = 0,
  admittedAt: SimTime = 0,
  tokens: Int,
  emitted: Int = 0,
  limit: Int = 0,
  priority: Int32 = 0,
  isDecoding: Bool = true,
  recomputeTime: SimTime = 0,
  swapTime: SimTime = .never
) -> Resident {
  Resident(
    record: record,
    admittedAt: admittedAt,
    contextTokens: tokens,
    emittedTokens: emitted,
    maxOutputTokens: limit,
    priority: priority,
    isDecoding: isDecoding,
    recomputeTime: recomputeTime,
    swapTime: swapTime
  )
}

let oneUnitPerToken = KVShape(fullBytesPerToken: 1)

func memory(
  _ residents: [Resident],
  capacity: Int64,
  kv: KVShape = oneUnitPerToken,
  stepTimeIfAdmitted: SimTime = 0
) -> MemoryView {
  MemoryView(
    now: 0,
    kv: kv,
    capacityUnits: capacity,
    usedUnits: residents.reduce(0) { $0 + kv.units(tokens: $1.contextTokens) },
    residentCount: residents.count,
    stepTimeIfAdmitted: stepTimeIfAdmitted,
    residents: ContiguousArray(residents)
  )
}
