import Policies
import Simulation
import Testing
import Workload

/// Token buckets that hold, behind a gateway that serves its queue in order of arrival.
struct GatewayTests {
  /// What becomes of every prompt: when it was accepted, or −1 if it was rejected.
  private typealias Fates = [SimTime]

  @Test func `a held request is accepted at the first nanosecond at which the bucket holds enough`()
  {
    var random = SplitMix64(seed: 14)
    var (held, rejected) = (0, 0)
    for _ in 0..<300 {
      let gateway = Gateway(using: &random)
      let expected = gateway.countedFates()
      // Asked at its reviews only, and at every nanosecond.
      #expect(gateway.fates { false } == expected)
      #expect(gateway.fates { true } == expected)
      let asksAtRandom = { Int.random(in: 0..<3, using: &random) == 0 }
      #expect(gateway.fates(asksAnyway: asksAtRandom) == expected)
      for (fate, arrival) in zip(expected, gateway.arrivals) {
        if fate > arrival { held += 1 }
        if fate < 0 { rejected += 1 }
      }
    }
    #expect(held > 500)
    #expect(rejected > 100)
  }

  /// Some arrivals, by time, and the bucket that they meet.
  private struct Gateway {
    let capacity: Int
    let rate: Int
    let arrivals: [SimTime]
    let prompts: [Int]

    init(using random: inout SplitMix64) {
      capacity = .random(in: 1...40, using: &random)
      // Between a tenth of a token and some tokens a nanosecond, so that levels are fractions.
      rate = .random(in: 100_000_000...3_000_000_000, using: &random)
      let count = Int.random(in: 1...12, using: &random)
      arrivals = (0..<count).map { _ in .random(in: 0...60, using: &random) }.sorted()
      prompts = (0..<count).map { [capacity] _ in .random(in: 0...capacity + 3, using: &random) }
    }

    /// Drives the policy as the engine does: the head is asked when its review is due, when an
    /// arrival was held, and when `asksAnyway` says so.
    func fates(asksAnyway: () -> Bool) -> Fates {
      var policy = TokenBucket(capacityTokens: capacity, tokensPerSecond: rate, otherwise: .hold)
      var fates = Fates(repeating: -1, count: arrivals.count)
      var queue: [Int] = []
      var due = SimTime.never
      var next = 0
      for now in SimTime(0)...2_000 {
        if now >= due || asksAnyway() {
          serve(&queue, at: now, with: &policy, &fates, &due)
        }
        while next < arrivals.count, arrivals[next] == now {
          switch decision(of: &policy, next, now: now, heldAhead: queue.count) {
          case .accept: fates[next] = now
          case .reject: break
          case .hold:
            queue.append(next)
            serve(&queue, at: now, with: &policy, &fates, &due)
          }
          next += 1
        }
      }
      return fates
    }

    private func serve(
      _ queue: inout [Int],
      at now: SimTime,
      with policy: inout TokenBucket,
      _ fates: inout Fates,
      _ due: inout SimTime
    ) {
      due = .never
      while let head = queue.first {
        if case .hold(let review) = decision(of: &policy, head, now: now, heldAhead: 0) {
          if case .at(let time) = review { due = time }
          return
        }
        fates[head] = now
        queue.removeFirst()
      }
    }

    private func decision(
      of policy: inout TokenBucket,
      _ index: Int,
      now: SimTime,
      heldAhead: Int
    ) -> AdmitDecision {
      var gauges = Gauges(count: 1)
      gauges.heldAhead = heldAhead
      let one = request(record: Int64(index), contextTokens: prompts[index])
      return policy.admit(one, gauges.view(now: now))
    }

    /// The same by counting: a level that rises every nanosecond, and prompts taken in order.
    func countedFates() -> Fates {
      var fates = Fates(repeating: -1, count: arrivals.count)
      let full = capacity * 1_000_000_000
      var level = full
      var waiting = prompts.indices.filter { prompts[$0] <= capacity }[...]
      for now in SimTime(0)...2_000 {
        while let head = waiting.first, arrivals[head] <= now,
          level >= prompts[head] * 1_000_000_000
        {
          level -= prompts[head] * 1_000_000_000
          fates[head] = now
          waiting.removeFirst()
        }
        level = min(full, level + rate)
      }
      return fates
    }
  }
}
