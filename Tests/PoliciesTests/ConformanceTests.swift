import Policies
import Simulation
import Testing
import Workload

/// What every policy of the registry must keep to, whatever it decides.
struct ConformanceTests {
  /// Their choice is of a position, not of the best instance, so permuting positions changes it.
  private static func isPositional(_ spec: String) -> Bool {
    spec.hasPrefix("round-robin") || spec.hasPrefix("power-of-two")
  }

  private struct Router {
    let name: String
    let route: (RequestView, borrowing PoolView) -> Int
  }

  /// A fresh router of every spec for both routing hooks.
  private func routers() throws -> [Router] {
    var routers: [Router] = []
    for spec in specs(for: .routePrefill) {
      var policy = try policies(spec, for: .routePrefill).routePrefill
      routers.append(Router(name: spec) { policy.route($0, $1) })
    }
    for spec in specs(for: .routeDecode) {
      var policy = try policies(spec, for: .routeDecode).routeDecode
      routers.append(Router(name: spec) { policy.route($0, $1) })
    }
    return routers
  }

  @Test func `a route to one candidate is position 0`() throws {
    let pool = Gauges(count: 1, queued: [9], tokens: [9], running: [9], kv: [9]).view()
    for router in try routers() {
      for _ in 0..<3 { #expect(router.route(request(), pool) == 0, "\(router.name)") }
    }
  }

  @Test func `a route among equals is the lowest position, unless it goes by position`() throws {
    let pool = Gauges(count: 5).view()
    for router in try routers() where !Self.isPositional(router.name) {
      #expect(router.route(request(), pool) == 0, "\(router.name)")
    }
  }

  @Test func `a route over extreme gauges is a position of the pool`() throws {
    let large = Int.max / 4
    let pools = [
      Gauges(count: 3, capacity: [1, 1, 1]),
      Gauges(
        count: 3,
        queued: [large, 0, large],
        tokens: [large, large, 0],
        running: [0, large, 0],
        inbound: [large, 0, 0],
        inboundUnits: [0, Int64(large), 1],
        kv: [Int64(large), 0, Int64(large)],
        capacity: [Int64(large), 1, .max],
        sent: [0, large, 0],
        sentTokens: [0, large, large],
        sentUnits: [Int64(large), 0, Int64(large)]
      ),
    ]
    for router in try routers() {
      for gauges in pools {
        let position = router.route(request(record: .max, contextTokens: large), gauges.view())
        #expect((0..<3).contains(position), "\(router.name)")
      }
    }
  }

  @Test func `the same questions get the same routes`() throws {
    func answers() throws -> [[Int]] {
      try routers().map { router in
        var random = SplitMix64(seed: 3)
        return (0..<100).map { (record: Int64) in
          let gauges = Gauges(count: 7, below: 20, using: &random)
          return router.route(request(record: record), gauges.view())
        }
      }
    }
    #expect(try answers() == answers())
  }

  @Test func `a unique best instance is picked wherever it stands`() throws {
    var random = SplitMix64(seed: 4)
    for router in try routers() where !Self.isPositional(router.name) {
      for count in 2...9 {
        // Gauges below a billion do not tie in so few draws, so the best is unique.
        let gauges = Gauges(count: count, below: 1_000_000_000, using: &random)
        let picked = router.route(request(), gauges.view())
        for _ in 0..<20 {
          let order = Array(0..<count).shuffled(using: &random)
          #expect(order[router.route(request(), gauges.view(order))] == picked, "\(router.name)")
        }
      }
    }
  }

  @Test func `power-of-two among two picks the better wherever it stands`() {
    var random = SplitMix64(seed: 5)
    for record in 0..<200 {
      let gauges = Gauges(count: 2, below: 1_000_000_000, using: &random)
      let one = request(record: Int64(record))
      let straight = PowerOfTwo().route(one, gauges.view())
      let swapped = PowerOfTwo().route(one, gauges.view([1, 0]))
      #expect(straight == 1 - swapped)
    }
  }

  @Test func `an empty pool of any size admits, and permuting a pool changes no admission`() throws
  {
    var random = SplitMix64(seed: 6)
    for spec in specs(for: .admit) {
      var policy = try policies(spec, for: .admit).admit
      for count in 1...5 {
        #expect(policy.admit(request(), Gauges(count: count).view()) == .accept, "\(spec)")
        let gauges = Gauges(count: count, below: 150_000, using: &random)
        let order = Array(0..<count).shuffled(using: &random)
        let straight = policy.admit(request(), gauges.view())
        #expect(policy.admit(request(), gauges.view(order)) == straight, "\(spec)")
      }
    }
  }

  @Test func `an admission that holds asks for a later moment, and for no step`() throws {
    var random = SplitMix64(seed: 13)
    var held = 0
    for spec in specs(for: .admit) {
      var policy = try policies(spec, for: .admit).admit
      var now: SimTime = 0
      for _ in 0..<500 {
        now += .random(in: 0...100_000_000, using: &random)
        let gauges = Gauges(count: 3, below: 300_000, using: &random)
        let one = request(contextTokens: .random(in: 1...9_000, using: &random))
        guard case .hold(let review) = policy.admit(one, gauges.view(now: now)) else { continue }
        held += 1
        switch review {
        case .never: break
        case .at(let time): #expect(time > now, "\(spec)")
        case .afterSteps: Issue.record("\(spec) counts the steps of a gateway")
        }
      }
    }
    #expect(held > 100)
  }

  @Test func `an arrival never overtakes requests that the same policy holds`() throws {
    var gauges = Gauges(count: 2)
    gauges.heldAhead = 1
    for spec in ["hold-at-router", "token-bucket:otherwise=hold"] {
      var admit = try policies(spec, for: .admit).admit
      #expect(admit.admit(request(), gauges.view()) == .hold(review: .never), "\(spec)")
    }
  }

  @Test func `a key is a number, and changes with time iff the order says so`() throws {
    for entry in PolicyRegistry.standard.entries(for: .order) {
      let order = try policies(entry.name, for: .order).orderPrefill
      for tokens in [0, 1, 100, .max] {
        let one = request(queuedAt: 10, contextTokens: tokens)
        #expect(!order.key(one, now: 10).isNaN, "\(entry.name)")
        #expect(!order.key(one, now: .max).isNaN, "\(entry.name)")
      }
      let one = request(queuedAt: 10, contextTokens: 100)
      let changes = order.key(one, now: 10) != order.key(one, now: 1_000_000_000)
      #expect(changes == order.dependsOnTime, "\(entry.name)")
      #expect(order.reviewsAreExact == !order.dependsOnTime, "\(entry.name)")
    }
  }

  @Test func `a batch makes progress, or says when it will`() throws {
    var random = SplitMix64(seed: 10)
    for entry in PolicyRegistry.standard.entries(for: .batch) {
      var policy = try policies(entry.name, for: .batch).formBatch
      for _ in 0..<2_000 {
        let now = SimTime.random(in: 0...100_000_000, using: &random)
        let view = batch(
          now: now,
          queued: .random(in: 0...6, using: &random),
          oldest: .random(in: 0...now, using: &random),
          partial: .random(in: 0...1, using: &random),
          running: .random(in: 0...1, using: &random) * .random(in: 0...300, using: &random),
          stepsSincePrefill: .random(in: 0...12, using: &random)
        )
        let decision = policy.form(view)
        #expect(decision == policy.form(view), "\(entry.name)")
        #expect(decision.promptTokens >= 0, "\(entry.name)")
        switch decision.review {
        case .never: #expect(decision.promptTokens > 0, "\(entry.name)")
        case .at(let time): #expect(time > now, "\(entry.name)")
        case .afterSteps(let steps): #expect(steps >= 1, "\(entry.name)")
        }
        if view.partialRequests > 0 { #expect(decision.promptTokens > 0, "\(entry.name)") }
      }
    }
  }

  @Test func `decode admission does not depend on the order of the residents`() throws {
    var random = SplitMix64(seed: 11)
    for spec in specs(for: .decodeAdmit) {
      var policy = try policies(spec, for: .decodeAdmit).decodeAdmit
      for _ in 0..<300 {
        let residents = (0..<5).map { record in
          resident(
            record: record,
            tokens: .random(in: 1...50, using: &random),
            limit: .random(in: 1...50, using: &random),
            isDecoding: .random(using: &random)
          )
        }
        let newcomer = request(contextTokens: 10, maxOutputTokens: 20)
        let step = SimTime.random(in: 0...100_000_000, using: &random)
        let view = memory(residents, capacity: 250, stepTimeIfAdmitted: step)
        let straight = policy.admit(newcomer, view)
        var shuffled = view
        shuffled.residents.shuffle(using: &random)
        #expect(policy.admit(newcomer, shuffled) == straight, "\(spec)")
        if case .wait(.afterSteps(let steps)) = straight { #expect(steps >= 1, "\(spec)") }
      }
    }
  }

  @Test func `the victim is the same request wherever it stands`() throws {
    var random = SplitMix64(seed: 12)
    for spec in specs(for: .preempt) {
      var policy = try policies(spec, for: .preempt).preempt
      for count in 1...6 {
        let residents = (0..<count).map { record in
          resident(
            record: Int64(record),
            admittedAt: .random(in: 0...2, using: &random),
            tokens: record + 1,
            priority: .random(in: -1...1, using: &random),
            recomputeTime: .random(in: 1...4, using: &random),
            swapTime: .random(in: 1...4, using: &random)
          )
        }
        let decision = policy.preempt(memory(residents, capacity: 1))
        for _ in 0..<20 {
          let others = residents.shuffled(using: &random)
          let other = policy.preempt(memory(others, capacity: 1))
          #expect(others[other.victim].record == residents[decision.victim].record, "\(spec)")
          #expect(other.restore == decision.restore, "\(spec)")
        }
      }
    }
  }
}
