import KVCache
import Policies
import Simulation
import Testing
import Workload

private let second: SimTime = 1_000_000_000

/// A completed turn whose blocks take `heldUnits` of 100 units of memory.
private func turn(
  tool: Int32 = 7,
  contextTokens: Int = 1_000,
  recomputeTime: SimTime = 0,
  heldUnits: Int64 = 5
) -> RetentionView {
  RetentionView(
    now: 0,
    record: 0,
    session: 0,
    requestClass: 0,
    tool: tool,
    contextTokens: contextTokens,
    cachedTokens: contextTokens,
    recomputeTime: recomputeTime,
    heldUnits: heldUnits,
    capacityUnits: 100,
    usedUnits: heldUnits
  )
}

struct SessionRouteTests {
  private func turn(home: Int) -> RequestView {
    var turn = request()
    turn.home = home
    return turn
  }

  @Test(
    arguments: [
      ([10_000, 200_000], 0), ([10_000, 120_000], 1),
      // Neither too many more, nor too many times as many, is enough alone.
      ([10_000, 141_072], 1), ([10_000, 141_073], 0), ([400_000, 600_000], 1),
      ([400_000, 600_001], 0),
    ]
  )
  func `session-affinity goes home unless that has too much more and too many times as much`(
    tokens: [Int],
    picked: Int
  ) {
    let pool = Gauges(count: 2, tokens: tokens).view()
    #expect(SessionAffinity().route(turn(home: 1), pool) == picked)
  }

  @Test func `session-affinity without a home is least-tokens`() {
    let pool = Gauges(count: 3, tokens: [3, 1, 2]).view()
    #expect(SessionAffinity().route(request(), pool) == 1)
  }

  @Test func `session-affinity spreads the first requests of sessions over equals`() {
    let idle = Gauges(count: 3).view()
    let uneven = Gauges(count: 3, tokens: [0, 1, 1]).view()
    let positions = (Int32(0)..<6).map { session in
      var first = request()
      first.session = session
      #expect(SessionAffinity().route(first, uneven) == 0)
      return SessionAffinity().route(first, idle)
    }
    #expect(positions == [0, 1, 2, 0, 1, 2])
  }

  @Test func `session-affinity counts what was sent to an instance since it published`() {
    let pool = Gauges(count: 2, tokens: [10, 10], sentTokens: [0, 200_000]).view()
    #expect(SessionAffinity().route(turn(home: 1), pool) == 0)
    #expect(SessionAffinity(slackTokens: 200_000).route(turn(home: 1), pool) == 1)
  }

  @Test(arguments: [([30, 60], 0), ([30, 45], 1), ([30, 50], 1), ([60, 85], 1)])
  func `session-affinity for decode leaves 60 % for 30 %, but not 45 %`(kv: [Int64], picked: Int) {
    let pool = Gauges(count: 2, kv: kv, capacity: [100, 100]).view()
    #expect(DecodeAffinity().route(turn(home: 1), pool) == picked)
    #expect(DecodeAffinity().route(request(), pool) == 0)
  }

  @Test func `cache-aware takes a longer queue where more of the prompt is cached`() {
    let pool = Gauges(count: 2, tokens: [5_000, 8_000], hits: [0, 6_000]).view()
    #expect(CacheAware().route(request(contextTokens: 10_000), pool) == 1)
    let even = Gauges(count: 2, tokens: [2_000, 8_000], hits: [0, 6_000]).view()
    #expect(CacheAware().route(request(contextTokens: 10_000), even) == 0)
  }
}

struct SessionOrderTests {
  @Test func `program-fcfs serves the turn of the older session, whenever it came`() {
    var old = request(queuedAt: 100 * second)
    old.sessionStart = 0
    var new = request(queuedAt: 5 * second)
    new.sessionStart = 5 * second
    let order = ProgramFirstComeFirstServed()
    #expect(order.key(old, now: 100 * second) < order.key(new, now: 100 * second))
  }

  @Test func `plas serves the session that was served 3 s before that of 40 s`() {
    var short = request(contextTokens: 9_000)
    short.sessionService = 3 * second
    var long = request(contextTokens: 1)
    long.sessionService = 40 * second
    let order = LeastAttainedService()
    #expect(order.key(short, now: 0) < order.key(long, now: 0))
  }
}

struct RetainTests {
  @Test func `release, discard, preserve, swap and ttl always answer the same`() throws {
    for (spec, answer) in [
      ("release", Retention.release), ("discard", .discard), ("preserve", .hold(.never)),
      ("swap", .swap), ("ttl", .hold(2 * second)), ("ttl:seconds=0.5", .hold(second / 2)),
    ] {
      var retain = try policies(spec, for: .retain).retain
      #expect(retain.retain(turn()) == answer, "\(spec)")
      #expect(retain.keepsNothing == (answer == .release), "\(spec)")
    }
  }

  @Test func `adaptive-ttl holds for 1 s after a tool that took 1 s nine times and 600 s once`() {
    var policy = AdaptiveTTL()
    for _ in 0..<9 { policy.observe(gap: second, tool: 7) }
    policy.observe(gap: 600 * second, tool: 7)
    #expect(policy.retain(turn(recomputeTime: 3 * second)) == .hold(second))
    #expect(policy.retain(turn(recomputeTime: 600 * second)) == .hold(600 * second))
    #expect(policy.retain(turn(recomputeTime: 3 * second, heldUnits: 0)) == .hold(600 * second))
    #expect(policy.retain(turn(recomputeTime: 0)) == .release)
  }

  @Test func `adaptive-ttl goes by all gaps for a tool of less than 8, and holds nothing before`() {
    var policy = AdaptiveTTL()
    for _ in 0..<7 { policy.observe(gap: second, tool: 7) }
    #expect(policy.retain(turn(recomputeTime: second)) == .release)
    policy.observe(gap: 100 * second, tool: 8)
    #expect(policy.retain(turn(tool: 8, recomputeTime: second)) == .hold(second))
    for _ in 0..<7 { policy.observe(gap: 100 * second, tool: 8) }
    #expect(policy.retain(turn(tool: 8, recomputeTime: second)) == .release)
  }

  @Test func `adaptive-ttl counts the mean of the last 100 waits, as often as it is told`() {
    var policy = AdaptiveTTL(waitWeight: 2)
    for _ in 0..<8 { policy.observe(gap: 600 * second, tool: 7) }
    // Holding costs 5 % of 600 s.
    #expect(policy.retain(turn(recomputeTime: second)) == .release)
    for _ in 0..<100 { policy.observe(wait: 15 * second) }
    #expect(policy.retain(turn(recomputeTime: second)) == .hold(600 * second))
    for _ in 0..<4 { policy.observe(wait: 0) }
    #expect(policy.retain(turn(recomputeTime: second)) == .release)
    for _ in 0..<100 { policy.observe(wait: 15 * second) }
    #expect(policy.retain(turn(recomputeTime: second)) == .hold(600 * second))
  }

  @Test func `adaptive-ttl forgets the gap before the last 256`() {
    var policy = AdaptiveTTL()
    policy.observe(gap: 3 * second, tool: 7)
    for _ in 0..<255 { policy.observe(gap: second, tool: 7) }
    let free = turn(recomputeTime: second, heldUnits: 0)
    #expect(policy.retain(free) == .hold(3 * second))
    policy.observe(gap: second, tool: 7)
    #expect(policy.retain(free) == .hold(second))
  }

  @Test func `adaptive-ttl holds for the gap that pays best, found by trying all`() {
    var random = SplitMix64(seed: 21)
    var held = 0
    for _ in 0..<300 {
      var policy = AdaptiveTTL(history: 1)
      let count = Int.random(in: 1...40, using: &random)
      let gaps = (0..<count).map { _ in SimTime.random(in: 0...100, using: &random) * second }
      for gap in gaps { policy.observe(gap: gap, tool: 7) }
      let gain = SimTime.random(in: 1...60, using: &random) * second
      let units = Int64.random(in: 0...100, using: &random)
      /// What holding so long is worth, times 100 and the number of gaps.
      func value(_ length: SimTime) -> Int64 {
        gaps.reduce(0) { sum, gap in
          sum + (gap <= length ? 100 * gain : 0) - units * min(gap, length)
        }
      }
      let best = gaps.map(value).max() ?? 0
      switch policy.retain(turn(recomputeTime: gain, heldUnits: units)) {
      case .hold(let length):
        held += 1
        #expect(value(length) == best && best > 0)
      case .release: #expect(best <= 0 || value(0) == best)
      case .discard, .swap: Issue.record("adaptive-ttl gives blocks up")
      }
    }
    #expect(held > 100 && held < 300)
  }
}

struct WriteBackTests {
  @Test func `stays never writes back, the others do from the shortest context on`() throws {
    for (spec, tokens, answer) in [
      ("stays", 100_000, WriteBackDecision.stays), ("prefill", 1, .prefill),
      ("prefill:tokens=500", 499, .stays), ("prefill:tokens=500", 500, .prefill),
      ("store", 1, .store), ("store:tokens=500", 499, .stays), ("store:tokens=500", 500, .store),
    ] {
      var writeBack = try policies(spec, for: .writeBack).writeBack
      #expect(writeBack.writeBack(turn(contextTokens: tokens)) == answer, "\(spec)")
      #expect(writeBack.keepsNothing == (spec == "stays"), "\(spec)")
      #expect(writeBack.usesStore == spec.hasPrefix("store"), "\(spec)")
    }
  }
}

struct TierTests {
  @Test func `a tier policy writes when its name says, and loads early where told`() throws {
    for (spec, write, prefetches) in [
      ("write-back", TierWrite.back, false), ("write-through", .through, false),
      ("write-on-hit", .hit(2), false), ("write-on-hit:hits=5,prefetch=true", .hit(5), true),
      ("write-back:prefetch=true", .back, true),
    ] {
      let tier = try policies(spec, for: .tier).tier
      #expect(tier.write == write, "\(spec)")
      #expect(tier.prefetches == prefetches, "\(spec)")
    }
  }
}

struct EvictTests {
  @Test func `only none keeps nothing, only infinite has no bound, and only one goes by time`()
    throws
  {
    for entry in PolicyRegistry.standard.entries(for: .evict) {
      let evict = try policies(entry.name, for: .evict).evict
      #expect(evict.keepsBlocks == (entry.name != "none"), "\(entry.name)")
      #expect(evict.isUnbounded == (entry.name == "infinite"), "\(entry.name)")
      #expect(evict.dependsOnTime == (entry.name == "workload-aware"), "\(entry.name)")
    }
  }

  @Test func `a parameter of an eviction reaches the caches`() throws {
    let context = EvictionContext(blockTokens: 16, capacityBlocks: 100)
    for (spec, lifetime) in [("ttl", 300 * second), ("ttl:seconds=0.001", second / 1_000)] {
      let eviction = try policies(spec, for: .evict).evict.makeEviction(context)
      #expect(eviction.lifetime == lifetime, "\(spec)")
    }
    let slru = try policies("slru:uses=3", for: .evict).evict.makeEviction(context)
    #expect((slru as? SLRU)?.protectedUses == 3)
  }
}
