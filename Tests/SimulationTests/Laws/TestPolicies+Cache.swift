import KVCache
import Simulation
import Workload

extension TestPolicies {
  /// Caches by a rule of the cache's own, at the scale of the cases.
  struct Evicting: Evict {
    enum Rule: CaseIterable {
      case none, lru, fifo, lfu, slru, lengthAware, ttl, infinite
      case costAware, workloadAware, s3fifo, sieve
    }

    var rule: Rule
    /// Of `ttl` and `workloadAware`, in nanoseconds.
    var lifetime: SimTime = 400

    var keepsBlocks: Bool { rule != .none }
    var isUnbounded: Bool { rule == .infinite }
    var dependsOnTime: Bool { rule == .workloadAware }

    func makeEviction(_ context: EvictionContext) -> any Eviction {
      switch rule {
      case .none: KeepNothing()
      case .lru: LRU()
      case .fifo: FIFO()
      case .lfu: LFU()
      case .slru: SLRU()
      case .lengthAware: LengthAware()
      case .ttl: TTL(lifetime: lifetime)
      case .infinite: KeepAll()
      case .costAware: CostAware(context)
      case .workloadAware: WorkloadAware(lifespan: lifetime)
      case .s3fifo: S3FIFO(capacityBlocks: context.capacityBlocks)
      case .sieve: Sieve()
      }
    }
  }

  /// Keeps as drawn for each request, whatever is known of it.
  struct Retaining: Retain {
    enum Rule { case release, discard, swap, hold(SimTime), mixed(SimTime) }

    var rule: Rule

    var keepsNothing: Bool { if case .release = rule { true } else { false } }

    func retain(_ turn: RetentionView) -> Retention {
      switch rule {
      case .release: .release
      case .discard: .discard
      case .swap: .swap
      case .hold(let limit): .hold(limit)
      case .mixed(let limit): [.release, .swap, .hold(limit), .hold(.never)][Int(turn.record % 4)]
      }
    }
  }

  /// Keeps for as long as the gaps and waits so far suggest, what costs more to compute again than
  /// it takes of the memory.
  struct Learning: Retain {
    private var gaps: [Int32: SimTime] = [:]
    private var longestWait: SimTime = 0

    mutating func observe(gap: SimTime, tool: Int32) {
      gaps[tool] = max(gaps[tool, default: 0], gap)
    }

    mutating func observe(wait: SimTime) { longestWait = max(longestWait, wait) }

    func retain(_ turn: RetentionView) -> Retention {
      let share = (turn.heldUnits + turn.usedUnits) * 100 / turn.capacityUnits
      if share > 90 || turn.cachedTokens * 4 < turn.contextTokens { return .discard }
      guard turn.recomputeTime > SimTime(share) / 4 else { return .release }
      return .hold((gaps[turn.tool] ?? 40) + longestWait + 1)
    }
  }

  /// Sends back what some requests computed, or all of them.
  struct WritingBack: WriteBack {
    enum Target { case prefill, store, inTurns }

    /// One request of so many does; 0 for none.
    var oneIn: Int64
    var target = Target.prefill

    var keepsNothing: Bool { oneIn == 0 }
    var usesStore: Bool { target != .prefill }

    func writeBack(_ turn: RetentionView) -> WriteBackDecision {
      guard oneIn > 0, turn.record % oneIn == 0 else { return .stays }
      switch target {
      case .prefill: return .prefill
      case .store: return .store
      case .inTurns: return turn.record / oneIn % 2 == 0 ? .store : .prefill
      }
    }
  }

  /// Writes to tiers, where there are any, what leaves an instance's memory.
  struct Tiering: TierBlocks {
    var write = TierWrite.back
    var prefetches = false
  }

  /// Where the session was before, or else where its record falls.
  struct GoingHome: RoutePrefill, RouteDecode {
    var signals: Signals { .sessions }

    func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int {
      if request.home >= 0, request.record % 4 != 0 { return request.home }
      let age = request.arrival - request.sessionStart
      return Int((request.record + age / 64 + request.sessionService / 16) % Int64(pool.count))
    }
  }
}
