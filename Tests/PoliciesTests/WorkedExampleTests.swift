import Policies
import Simulation
import Testing

struct AdmitTests {
  @Test func `accept-all accepts behind 10,000 waiting requests`() {
    #expect(AcceptAll().admit(request(), Gauges(count: 1, queued: [10_000]).view()) == .accept)
  }

  @Test func `queue-cap counts the requests of the whole pool`() {
    let admit = QueueCap(requestsPerInstance: 2, tokensPerInstance: 1_000)
    #expect(admit.admit(request(), Gauges(count: 2, queued: [3, 0]).view()) == .accept)
    #expect(
      admit.admit(request(), Gauges(count: 2, queued: [3, 1]).view())
        == .reject(reason: "the queues hold their cap of requests")
    )
  }

  @Test func `queue-cap counts the tokens of the whole pool`() {
    let admit = QueueCap(requestsPerInstance: 2, tokensPerInstance: 1_000)
    #expect(admit.admit(request(), Gauges(count: 2, tokens: [1_999, 0]).view()) == .accept)
    #expect(
      admit.admit(request(), Gauges(count: 2, tokens: [1_500, 500]).view())
        == .reject(reason: "the queues hold their cap of prompt tokens")
    )
  }
}

struct OrderTests {
  @Test func `fcfs leaves the order to the engine's tie rule`() {
    let keys = [700, 90, 300].map {
      FirstComeFirstServed().key(request(contextTokens: $0), now: 5)
    }
    #expect(keys == [0, 0, 0])
  }

  @Test func `sjf serves prompts of 700, 90 and 300 tokens as 90, 300, 700`() {
    let served = [700, 90, 300].sorted {
      ShortestJobFirst().key(request(contextTokens: $0), now: 0)
        < ShortestJobFirst().key(request(contextTokens: $1), now: 0)
    }
    #expect(served == [90, 300, 700])
  }

  @Test func `hrrn lets a long request that waited go first, until the short one has waited too`() {
    let order = HighestResponseRatio(nanosecondsPerToken: 10)
    let short = request(queuedAt: 9_500, contextTokens: 100)
    let long = request(queuedAt: 4_000, contextTokens: 1_000)
    #expect(order.key(short, now: 10_000) == -1.5)
    #expect(order.key(long, now: 10_000) == -1.6)
    #expect(order.key(short, now: 11_000) == -2.5)
    #expect(order.key(long, now: 11_000) == -1.7)
  }
}

struct BatchTests {
  @Test func `chunked gives prompts what 12 decodes leave of 512 tokens`() {
    let decision = Chunked(tokens: 512).form(batch(running: 12))
    #expect(
      decision
        == BatchDecision(promptTokens: 500, splitsPrompts: true, decodesBesidePrompts: true)
    )
  }

  @Test func `chunked leaves nothing for prompts when decodes fill the budget`() {
    #expect(Chunked(tokens: 8).form(batch(running: 12)).promptTokens == 0)
  }

  @Test func `prefill-priority computes whole prompts while decodes stall`() {
    let decision = PrefillPriority(tokens: 1_000).form(batch(queued: 3, running: 12))
    #expect(
      decision
        == BatchDecision(promptTokens: 1_000, splitsPrompts: false, decodesBesidePrompts: false)
    )
  }

  private let milliseconds: Int64 = 1_000_000
  private var staggered: Staggered {
    Staggered(requests: 4, holdNanoseconds: 50 * milliseconds, steps: 8, tokens: 8_192)
  }

  @Test func `staggered holds two prompts until the older has waited 50 ms`() {
    let held = staggered.form(
      batch(now: 30 * milliseconds, queued: 2, oldest: 10 * milliseconds)
    )
    #expect(held.promptTokens == 0)
    #expect(held.review == .at(60 * milliseconds))
  }

  @Test func `staggered starts when the fourth prompt comes`() {
    let open = staggered.form(
      batch(now: 31 * milliseconds, queued: 4, oldest: 10 * milliseconds)
    )
    #expect(open.promptTokens == 8_192)
    #expect(open.review == .never)
  }

  @Test func `staggered opens a window after 8 decode steps`() {
    let held = staggered.form(batch(queued: 9, running: 20, stepsSincePrefill: 5))
    #expect(held.promptTokens == 0)
    #expect(held.review == .afterSteps(3))
    let open = staggered.form(batch(queued: 1, running: 20, stepsSincePrefill: 8))
    #expect(open.promptTokens == 8_172)
  }

  @Test func `staggered always goes on with a prompt that is partly computed`() {
    let idle = staggered.form(batch(queued: 1, partial: 1))
    let decoding = staggered.form(batch(queued: 1, partial: 1, running: 2, stepsSincePrefill: 0))
    #expect(idle.promptTokens == 8_192)
    #expect(decoding.promptTokens == 8_190)
  }
}

struct MemoryTests {
  private let residents = [
    resident(record: 1, tokens: 10, emitted: 1, limit: 5),
    resident(record: 2, tokens: 6, emitted: 2, limit: 10),
  ]

  @Test func `fits admits whatever fits`() {
    #expect(Fits().admit(request(contextTokens: 10), memory([], capacity: 10)) == .admit)
  }

  @Test func `peak-future-tokens admits 8 tokens, whose peak with the residents is 36`() {
    var policy = PeakFutureTokens(assumedOutputTokens: 1_024)
    let newcomer = request(contextTokens: 8, emittedTokens: 1, maxOutputTokens: 6)
    #expect(policy.admit(newcomer, memory(residents, capacity: 40)) == .admit)
    #expect(policy.admit(newcomer, memory(residents, capacity: 36)) == .admit)
    #expect(policy.admit(newcomer, memory(residents, capacity: 35)) != .admit)
  }

  @Test func `peak-future-tokens lets 15 tokens wait for the 3 steps after which their peak is 40`()
  {
    var policy = PeakFutureTokens(assumedOutputTokens: 1_024)
    let newcomer = request(contextTokens: 15, emittedTokens: 1, maxOutputTokens: 6)
    #expect(
      policy.admit(newcomer, memory(residents, capacity: 40)) == .wait(review: .afterSteps(3))
    )
  }

  @Test func `peak-future-tokens takes the assumed output where the limit is unknown`() {
    var policy = PeakFutureTokens(assumedOutputTokens: 20)
    let alone = memory([resident(tokens: 5, isDecoding: false)], capacity: 50)
    #expect(policy.admit(request(contextTokens: 5), alone) == .admit)
    #expect(policy.admit(request(contextTokens: 6), alone) == .wait(review: .never))
  }

  @Test func `newest-first preempts the latest, and of two at once the larger record`() {
    let view = memory(
      [
        resident(record: 7, admittedAt: 10, tokens: 1),
        resident(record: 9, admittedAt: 30, tokens: 1),
        resident(record: 8, admittedAt: 30, tokens: 1),
      ],
      capacity: 3
    )
    #expect(NewestFirst().victim(view) == 1)
  }
}

struct TransferTests {
  @Test func `transfers are served in order or share fairly`() {
    #expect(InOrderTransfers().discipline == .firstComeFirstServed)
    #expect(FairShareTransfers().discipline == .maxMinFair)
  }
}
