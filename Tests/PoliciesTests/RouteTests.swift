import Policies
import Simulation
import Testing

struct RouteTests {
  @Test func `round-robin takes five requests to positions 0, 1, 2, 0, 1`() {
    var router = RoundRobin()
    let pool = Gauges(count: 3).view()
    let routes = (0..<5).map { _ in router.route(request(), pool) }
    #expect(routes == [0, 1, 2, 0, 1])
  }

  @Test func `round-robin goes on among fewer instances when a prompt fits only some`() {
    var router = RoundRobin()
    let all = Gauges(count: 3).view()
    let some = Gauges(count: 2).view()
    let routes = [
      router.route(request(), all), router.route(request(), all), router.route(request(), some),
      router.route(request(), all),
    ]
    #expect(routes == [0, 1, 0, 1])
  }

  @Test func `least-requests for prompts adds queued and running, and a tie goes to the lower`() {
    let pool = Gauges(count: 3, queued: [2, 4, 1], running: [3, 0, 3]).view()
    #expect(LeastPrefillRequests().route(request(), pool) == 1)
  }

  @Test func `least-tokens takes the fewest tokens left, and a tie goes to the lower`() {
    let pool = Gauges(count: 3, tokens: [900, 300, 300]).view()
    #expect(LeastTokens().route(request(), pool) == 1)
  }

  @Test func `least-requests and least-tokens add what was sent since, unless told not to`() {
    let pool = Gauges(
      count: 3,
      queued: [2, 4, 1],
      tokens: [900, 300, 300],
      running: [3, 0, 3],
      sent: [0, 1, 0],
      sentTokens: [0, 100, 0]
    ).view()
    #expect(LeastPrefillRequests().route(request(), pool) == 2)
    #expect(LeastPrefillRequests(isCorrected: false).route(request(), pool) == 1)
    #expect(LeastTokens().route(request(), pool) == 2)
    #expect(LeastTokens(isCorrected: false).route(request(), pool) == 1)
  }

  @Test func `least-requests for decode adds what was sent since, unless told not to`() {
    let pool = Gauges(count: 3, running: [8, 5, 6], inbound: [0, 4, 1], sent: [0, 0, 2]).view()
    #expect(LeastDecodeRequests().route(request(), pool) == 0)
    #expect(LeastDecodeRequests(isCorrected: false).route(request(), pool) == 2)
  }

  @Test func `least-kv adds what was sent since only if told to`() {
    let pool = Gauges(count: 2, kv: [10, 20], sentUnits: [30, 0]).view()
    #expect(LeastKV().route(request(), pool) == 0)
    #expect(LeastKV(isCorrected: true).route(request(), pool) == 1)
  }

  @Test func `power-of-two adds what was sent since, unless told not to`() {
    let pool = Gauges(count: 2, queued: [1, 2], sent: [3, 0]).view()
    #expect(PowerOfTwo().route(request(), pool) == 1)
    #expect(PowerOfTwo(isCorrected: false).route(request(), pool) == 0)
  }

  @Test func `least-requests for decode adds running and inbound`() {
    let pool = Gauges(count: 3, running: [8, 5, 6], inbound: [0, 4, 1]).view()
    #expect(LeastDecodeRequests().route(request(), pool) == 2)
  }

  @Test func `least-kv compares shares, not amounts`() {
    let pool = Gauges(count: 2, inboundUnits: [10, 3], kv: [30, 45], capacity: [100, 150]).view()
    #expect(LeastKV().route(request(), pool) == 1)
  }

  @Test func `least-kv gives a tie of shares to the lower, also between unlike instances`() {
    let pool = Gauges(count: 3, kv: [60, 40, 20], capacity: [100, 100, 50]).view()
    #expect(LeastKV().route(request(), pool) == 1)
  }

  @Test func `least-kv tells apart shares that are equal as doubles`() {
    let capacity: Int64 = 1 << 60
    let pool = Gauges(
      count: 2,
      kv: [capacity / 2 - 1, capacity / 2 - 2],
      capacity: [capacity, capacity - 1]
    ).view()
    #expect(LeastKV().route(request(), pool) == 1)
    #expect(
      Double(capacity / 2 - 1) / Double(capacity) == Double(capacity / 2 - 2) / Double(capacity - 1)
    )
  }

  @Test func `power-of-two compares both of two instances, and a tie goes to the lower`() {
    let pool = Gauges(count: 2, queued: [4, 0], running: [0, 1]).view()
    let even = Gauges(count: 2).view()
    for record in 0..<100 {
      #expect(PowerOfTwo().route(request(record: Int64(record)), pool) == 1)
      #expect(PowerOfTwo().route(request(record: Int64(record)), even) == 0)
    }
  }

  @Test func `power-of-two draws every pair, and never picks the worst of all`() {
    let pool = Gauges(count: 4, queued: [0, 1, 2, 3]).view()
    var picks = [0, 0, 0, 0]
    for record in 0..<6_000 {
      picks[PowerOfTwo().route(request(record: Int64(record)), pool)] += 1
    }
    // Of the six pairs, three have position 0 as their better one, two position 1, one position 2.
    #expect(picks[3] == 0)
    #expect(abs(picks[0] - 3_000) < 200)
    #expect(abs(picks[1] - 2_000) < 200)
    #expect(abs(picks[2] - 1_000) < 200)
  }

  @Test func `power-of-two draws by seed and request alone`() {
    let pool = Gauges(count: 16, queued: (0..<16).map { 16 - $0 }).view()
    let first = (0..<50).map { PowerOfTwo().route(request(record: $0), pool) }
    let backwards = (0..<50).reversed().map { PowerOfTwo().route(request(record: $0), pool) }
    let otherSeed = (0..<50).map { PowerOfTwo().route(request(record: $0, seed: 2), pool) }
    #expect(first == backwards.reversed())
    #expect(first != otherSeed)
  }
}
