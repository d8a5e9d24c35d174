import Policies
import Simulation
import Testing

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

  @Test func `priority serves requests of priority 0, 5 and −1 as 5, 0, −1`() {
    let served = [0, 5, -1].sorted {
      HighestPriorityFirst().key(request(priority: $0), now: 0)
        < HighestPriorityFirst().key(request(priority: $1), now: 0)
    }
    #expect(served == [5, 0, -1])
  }

  @Test func `priority tells the two most urgent of all apart, and leaves equals to their entry`() {
    let order = HighestPriorityFirst()
    let urgent = order.key(request(priority: .max), now: 0)
    #expect(urgent < order.key(request(priority: .max - 1), now: 0))
    #expect(urgent == order.key(request(queuedAt: 9, priority: .max), now: 10))
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

  @Test func `whole-prompts leaves no prompt cut while decodes go on`() {
    let decision = WholePrompts(tokens: 1_000).form(batch(queued: 3, running: 12))
    #expect(
      decision
        == BatchDecision(promptTokens: 988, splitsPrompts: false, decodesBesidePrompts: true)
    )
    #expect(WholePrompts(tokens: 8).form(batch(running: 12)).promptTokens == 0)
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

struct TransferTests {
  @Test func `transfers are served in order or share fairly`() {
    #expect(InOrderTransfers().discipline == .firstComeFirstServed)
    #expect(FairShareTransfers().discipline == .maxMinFair)
  }
}
