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

  @Test func `queue-cap counts what was sent since an instance published`() {
    let admit = QueueCap(requestsPerInstance: 2, tokensPerInstance: 1_000)
    let requests = Gauges(count: 2, queued: [3, 0], sent: [0, 1]).view()
    #expect(
      admit.admit(request(), requests)
        == .reject(reason: "the queues hold their cap of requests")
    )
    let tokens = Gauges(count: 2, tokens: [1_999, 0], sentTokens: [0, 1]).view()
    #expect(
      admit.admit(request(), tokens)
        == .reject(reason: "the queues hold their cap of prompt tokens")
    )
  }

  @Test func `hold-at-router accepts while one instance has no more than its backlog`() {
    let admit = HoldAtRouter(busyAboveTokens: 200)
    #expect(admit.admit(request(), Gauges(count: 2, tokens: [201, 200]).view()) == .accept)
    let busy = Gauges(count: 2, tokens: [201, 150], sentTokens: [0, 60]).view()
    #expect(admit.admit(request(), busy) == .hold(review: .never))
  }

  @Test func `hold-at-router holds at a share of busy instances`() {
    let half = HoldAtRouter(busyAboveTokens: 200, busyRatio: 0.5)
    #expect(half.admit(request(), Gauges(count: 2, tokens: [0, 0]).view()) == .accept)
    #expect(
      half.admit(request(), Gauges(count: 2, tokens: [201, 0]).view()) == .hold(review: .never)
    )
    // As a product, 0.07 × 100 is above 7.
    var tokens = [Int](repeating: 0, count: 100)
    for position in 0..<6 { tokens[position] = 201 }
    let share = HoldAtRouter(busyAboveTokens: 200, busyRatio: 0.07)
    #expect(share.admit(request(), Gauges(count: 100, tokens: tokens).view()) == .accept)
    tokens[6] = 201
    #expect(
      share.admit(request(), Gauges(count: 100, tokens: tokens).view()) == .hold(review: .never)
    )
  }

  private let milliseconds: Int64 = 1_000_000
  private let pool = Gauges(count: 1)

  @Test func `token-bucket rejects a prompt of 50 that finds 30 tokens, and takes nothing for it`()
  {
    var admit = TokenBucket(capacityTokens: 100, tokensPerSecond: 1_000)
    #expect(admit.admit(request(contextTokens: 80), pool.view()) == .accept)
    let later = pool.view(now: 10 * milliseconds)
    #expect(
      admit.admit(request(contextTokens: 50), later)
        == .reject(reason: "the token bucket is empty")
    )
    #expect(admit.admit(request(contextTokens: 30), later) == .accept)
    #expect(admit.admit(request(), later) == .reject(reason: "the token bucket is empty"))
  }

  @Test func `token-bucket holds a prompt of 50 that finds 30 tokens until it finds 50`() {
    var admit = TokenBucket(capacityTokens: 100, tokensPerSecond: 1_000, otherwise: .hold)
    #expect(admit.admit(request(contextTokens: 80), pool.view()) == .accept)
    let held = request(contextTokens: 50)
    for now in [10, 17, 29] {
      #expect(
        admit.admit(held, pool.view(now: Int64(now) * milliseconds))
          == .hold(review: .at(30 * milliseconds))
      )
    }
    #expect(admit.admit(held, pool.view(now: 30 * milliseconds)) == .accept)
  }

  @Test func `token-bucket never holds more than its capacity`() {
    var admit = TokenBucket(capacityTokens: 100, tokensPerSecond: 1_000_000_000)
    let late = pool.view(now: .max)
    #expect(admit.admit(request(contextTokens: 100), late) == .accept)
    #expect(admit.admit(request(), late) == .reject(reason: "the token bucket is empty"))
    #expect(
      admit.admit(request(contextTokens: 101), late)
        == .reject(reason: "prompt exceeds the token bucket")
    )
  }

  @Test func `token-bucket gives each tenant a bucket of its own if asked to`() {
    var admit = TokenBucket(capacityTokens: 10, tokensPerSecond: 1, per: .tenant)
    for tenant: UInt16 in [3, 0, .max] {
      let one = request(contextTokens: 7, tenant: tenant)
      #expect(admit.admit(one, pool.view(now: 5)) == .accept)
      #expect(admit.admit(one, pool.view(now: 5)) != .accept)
    }
    var shared = TokenBucket(capacityTokens: 10, tokensPerSecond: 1)
    #expect(shared.admit(request(contextTokens: 7, tenant: 3), pool.view()) == .accept)
    #expect(shared.admit(request(contextTokens: 7, tenant: 0), pool.view()) != .accept)
  }
}
