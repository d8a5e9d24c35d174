import Policies
import Simulation
import Testing
import Workload

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

  @Test func `watermark leaves a tenth of 100 units free`() {
    let view = memory([resident(tokens: 70)], capacity: 100)
    let policy = Watermark(freeMillionths: 100_000)
    #expect(policy.admit(request(contextTokens: 20), view) == .admit)
    #expect(policy.admit(request(contextTokens: 21), view) == .wait(review: .never))
  }

  @Test func `watermark rounds what stays free down, in integers`() {
    let capacity: Int64 = 1 << 60
    let tokens = Int(capacity - capacity / 100)
    let policy = Watermark(freeMillionths: 10_000)
    #expect(policy.admit(request(contextTokens: tokens), memory([], capacity: capacity)) == .admit)
    #expect(
      policy.admit(request(contextTokens: tokens + 1), memory([], capacity: capacity)) != .admit
    )
    #expect(policy.admit(request(contextTokens: 99), memory([], capacity: 99)) == .admit)
  }

  private let milliseconds: Int64 = 1_000_000

  @Test func `slo-batch-cap admits by the request's own SLO, else by the parameter`() {
    let policy = SLOBatchCap(tpotNanoseconds: 50 * milliseconds)
    let short = memory(residents, capacity: 100, stepTimeIfAdmitted: 50 * milliseconds)
    let long = memory(residents, capacity: 100, stepTimeIfAdmitted: 51 * milliseconds)
    #expect(policy.admit(request(), short) == .admit)
    #expect(policy.admit(request(), long) == .wait(review: .never))
    #expect(policy.admit(request(tpotSLO: 60 * milliseconds), long) == .admit)
    #expect(policy.admit(request(tpotSLO: 40 * milliseconds), short) == .wait(review: .never))
    #expect(policy.signals == .stepTime)
  }

  @Test func `slo-batch-cap rejects late if asked to, but nobody who has decoded`() {
    let policy = SLOBatchCap(tpotNanoseconds: 50 * milliseconds, otherwise: .reject)
    let long = memory(residents, capacity: 100, stepTimeIfAdmitted: 51 * milliseconds)
    #expect(
      policy.admit(request(contextTokens: 9), long)
        == .reject(reason: "a decode step would exceed the TPOT SLO")
    )
    #expect(
      policy.admit(request(contextTokens: 9, decodedTokens: 2), long) == .wait(review: .never)
    )
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
    #expect(NewestFirst().preempt(view) == PreemptDecision(victim: 1, restore: .recompute))
    #expect(NewestFirst(restore: .swap).preempt(view) == PreemptDecision(victim: 1, restore: .swap))
  }

  @Test func `priority preempts the lowest, and of equals the one admitted last`() {
    let view = memory(
      [
        resident(record: 7, admittedAt: 10, tokens: 1, priority: 0),
        resident(record: 8, admittedAt: 20, tokens: 1, priority: 0),
        resident(record: 9, admittedAt: 30, tokens: 1, priority: 5),
      ],
      capacity: 3
    )
    #expect(LowestPriorityFirst().preempt(view) == PreemptDecision(victim: 1))
    #expect(
      LowestPriorityFirst(restore: .swap).preempt(view)
        == PreemptDecision(victim: 1, restore: .swap)
    )
  }

  @Test func `cheapest preempts whoever is restored soonest, by the shorter way`() {
    var view = memory(
      [
        resident(record: 1, admittedAt: 10, tokens: 1, recomputeTime: 9, swapTime: 5),
        resident(record: 2, admittedAt: 20, tokens: 1, recomputeTime: 4, swapTime: 7),
        resident(record: 3, admittedAt: 30, tokens: 1, recomputeTime: 6, swapTime: 4),
      ],
      capacity: 3
    )
    #expect(CheapestFirst().preempt(view) == PreemptDecision(victim: 2, restore: .swap))
    view.residents[2].swapTime = .never
    #expect(CheapestFirst().preempt(view) == PreemptDecision(victim: 1, restore: .recompute))
    view.residents[1].swapTime = 4
    #expect(CheapestFirst().preempt(view) == PreemptDecision(victim: 1, restore: .recompute))
    #expect(CheapestFirst().signals == .restoreTimes)
  }
}
