import Hardware
import Simulation
import Workload

/// Plain policies that drive the twin through every rule: they wait, reject, review, keep state
/// and choose badly.
enum SamplePolicies {
  /// Accepts everything, in the order of arrival, with chunks beside decodes.
  static func plain(
    chunk: Int = 1_000,
    discipline: LinkDiscipline = .maxMinFair
  ) -> PolicySet {
    PolicySet(
      admit: Gate(queueLimit: .max),
      orderGateway: Order(by: .arrival),
      routePrefill: Turns(),
      orderPrefill: Order(by: .arrival),
      formBatch: Chunked(tokens: chunk),
      routeDecode: LeastKV(),
      orderBridge: Order(by: .arrival),
      decodeAdmit: Watermark(percent: 100, review: .never),
      preempt: Victim(takesNewest: true),
      orderTransfers: Links(discipline: discipline),
      evict: TestPolicies.Evicting(rule: .none),
      retain: TestPolicies.Retaining(rule: .release),
      writeBack: TestPolicies.WritingBack(oneIn: 0),
      tier: TestPolicies.Tiering()
    )
  }

  static func draw(using random: inout SplitMix64) -> PolicySet {
    var set = plain(chunk: random.pick(1, 4, 16, 64))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: set.admit = Gate(queueLimit: random.pick(5, 12))
    case 1: set.admit = Paced(interval: SimTime(random.pick(1, 20, 100)))
    case 2: set.admit = TestPolicies.QueueGate(limit: random.pick(1, 2, 4))
    case 3: set.admit = TestPolicies.Patience(patience: SimTime(random.pick(10, 90)), limit: 2)
    default: break
    }
    set.orderGateway = Order(by: random.pick(.arrival, .length, .priority, .slack))
    if random.isOne(in: 2) { set.routePrefill = Scattered() }
    set.orderPrefill = Order(by: random.pick(.arrival, .length, .priority, .slack))
    set.orderBridge = Order(by: random.pick(.arrival, .length, .priority, .slack))
    switch Int.random(in: 0..<4, using: &random) {
    case 0: set.formBatch = PromptsFirst(tokens: random.pick(8, 30, 100))
    case 1: set.formBatch = Gathering(requests: random.pick(2, 4), patience: random.pick(15, 100))
    case 2: set.formBatch = Alternating(tokens: random.pick(5, 40), decodes: random.pick(1, 3))
    default: break
    }
    if random.isOne(in: 2) { set.routeDecode = Scattered() }
    if random.isOne(in: 8) { set.routeDecode = TestPolicies.Weigher() }
    set.decodeAdmit = Watermark(
      percent: random.pick(100, 100, 90, 60),
      review: random.pick(.never, .afterSteps(1), .afterSteps(3))
    )
    if random.isOne(in: 6) {
      set.decodeAdmit = TestPolicies.Deadline(patience: SimTime(random.pick(60, 400)), percent: 90)
    }
    set.preempt = Victim(
      takesNewest: random.isOne(in: 2),
      restore: random.pick(.recompute, .swap)
    )
    set.orderTransfers = Links(discipline: random.pick(.maxMinFair, .firstComeFirstServed))
    return set
  }

  /// Rejects while the instances together have a queue of some length.
  struct Gate: Admit {
    var queueLimit: Int

    func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision {
      var queued = 0
      for position in 0..<pool.count { queued += pool.queuedRequests[position] }
      guard queued >= queueLimit else { return .accept }
      return .reject(reason: request.priority > 0 ? "busy, though urgent" : "busy")
    }
  }

  /// Lets one request in per interval, first come, first served.
  struct Paced: Admit {
    let interval: SimTime
    private var opensAt: SimTime = 0

    init(interval: SimTime) { self.interval = interval }

    mutating func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision {
      guard pool.now >= opensAt, pool.heldAhead == 0 else {
        return .hold(review: .at(max(opensAt, pool.now + 1)))
      }
      opensAt = pool.now + interval
      return .accept
    }
  }

  /// One instance after the other, whatever they do.
  struct Turns: RoutePrefill {
    var next = 0

    mutating func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
      next += 1
      return (next - 1) % pool.count
    }
  }

  /// A random instance, keyed by the request.
  struct Scattered: RoutePrefill, RouteDecode {
    func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
      Int(request.random(.routeDecode) % UInt64(pool.count))
    }
  }

  /// The least published KV; the first of equals.
  struct LeastKV: RouteDecode {
    var signals: Signals { .kv }

    func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
      var best = 0
      for i in 0..<pool.count
      where pool.kvUnits[i] + pool.inboundUnits[i] < pool.kvUnits[best] + pool.inboundUnits[best] {
        best = i
      }
      return best
    }
  }

  struct Order: OrderQueue {
    enum Criterion { case arrival, length, priority, slack }

    var criterion: Criterion

    init(by criterion: Criterion) { self.criterion = criterion }

    var dependsOnTime: Bool { criterion == .slack }
    var reviewsAreExact: Bool { criterion != .slack }

    func key(_ request: RequestView, now: SimTime) -> Double {
      switch criterion {
      case .arrival: Double(request.arrival)
      case .length: Double(request.promptTokens)
      case .priority: -Double(request.priority)
      // Whoever waited long overtakes the short ones.
      case .slack: now - request.arrival > 150 ? 0 : Double(request.promptTokens)
      }
    }
  }

  struct Chunked: FormBatch {
    var tokens: Int

    func form(_ instance: BatchView) -> BatchDecision {
      BatchDecision(promptTokens: tokens, splitsPrompts: true, decodesBesidePrompts: true)
    }
  }

  struct PromptsFirst: FormBatch {
    var tokens: Int

    func form(_ instance: BatchView) -> BatchDecision {
      BatchDecision(promptTokens: tokens, splitsPrompts: false, decodesBesidePrompts: false)
    }
  }

  /// Waits for company, for a while.
  struct Gathering: FormBatch {
    var requests: Int
    var patience: SimTime

    var signals: Signals { .oldestQueued }

    func form(_ instance: BatchView) -> BatchDecision {
      let limit = instance.oldestQueuedAt + patience
      let starts =
        instance.queuedRequests >= requests || instance.partialRequests > 0
        || instance.now >= limit
      return BatchDecision(
        promptTokens: starts ? 64 : 0,
        splitsPrompts: true,
        decodesBesidePrompts: true,
        review: starts ? .never : .at(limit)
      )
    }
  }

  /// Gives every third batch of the fleet a smaller budget, so that the order of asking counts.
  struct Rationed: FormBatch {
    var tokens: Int
    private var turn = 0

    init(tokens: Int) { self.tokens = tokens }

    var reviewsAreExact: Bool { false }

    mutating func form(_ instance: BatchView) -> BatchDecision {
      turn += 1
      return BatchDecision(
        promptTokens: turn % 3 == 0 ? 1 : tokens,
        splitsPrompts: true,
        decodesBesidePrompts: true
      )
    }
  }

  /// Prompts after so many steps of decoding.
  struct Alternating: FormBatch {
    var tokens: Int
    var decodes: Int

    func form(_ instance: BatchView) -> BatchDecision {
      let left = decodes - instance.stepsSincePrefill
      let waits = left > 0 && instance.runningRequests > 0
      return BatchDecision(
        promptTokens: waits ? 0 : tokens,
        splitsPrompts: true,
        decodesBesidePrompts: false,
        review: waits ? .afterSteps(left) : .never
      )
    }
  }

  /// Leaves a share of the memory free for growth.
  struct Watermark: DecodeAdmit {
    var percent: Int64
    var review: Review

    func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision {
      let used = instance.usedUnits + instance.kv.units(tokens: request.contextTokens)
      return used * 100 <= instance.capacityUnits * percent ? .admit : .wait(review: review)
    }
  }

  /// Lets a request wait in its queue for a while.
  struct Delay: DecodeAdmit {
    var patience: SimTime

    func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision {
      let end = request.queuedAt + patience
      return instance.now >= end ? .admit : .wait(review: .at(end))
    }
  }

  struct Victim: Preempt {
    var takesNewest: Bool
    var restore = PreemptDecision.Restore.recompute

    func preempt(_ instance: MemoryView) -> PreemptDecision {
      let victim = takesNewest ? instance.residents.count - 1 : 0
      return PreemptDecision(victim: victim, restore: restore)
    }
  }

  struct Links: OrderTransfers {
    var discipline: LinkDiscipline
  }
}
