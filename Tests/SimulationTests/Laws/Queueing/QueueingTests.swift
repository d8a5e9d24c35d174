import Simulation
import Testing
import Workload

/// Law 8: where the fleet is a queue of the textbooks, so are its mean waits.
///
/// The closed form lies inside a 95 % interval whose half-width is at most 2 % of the mean. At a load
/// of .95 a plain mean would need some ten million requests for that; see `RegenerativeEstimate` and
/// `QueueCustomers` for how fewer do. Seeds are fixed, because one in twenty intervals misses by
/// chance.
@Suite struct QueueingTests {
  static let loads = [0.5, 0.8, 0.95]

  @Test(arguments: loads)
  func `constant prompts on one instance wait as in M-D-1`(load: Double) throws {
    let trace = PoissonTrace(
      count: 60_000,
      gap: 1 / load,
      sizes: .constant,
      tokens: 100_000,
      in: .prompt,
      seed: 1
    )
    let records = try QueueFleets.run(
      trace,
      on: QueueFleets.prefill,
      batch: "prefill-priority:tokens=1"
    )
    let estimate = RegenerativeEstimate(QueueCustomers.waits(records, of: trace, servers: 1))
    check(estimate, against: load / (2 * (1 - load)), "M/D/1 at \(load)")
  }

  @Test(arguments: loads)
  func `exponential prompts on one instance wait as in M-M-1`(load: Double) throws {
    let trace = PoissonTrace(
      count: 150_000,
      gap: 1 / load,
      sizes: .exponential,
      tokens: 100_000,
      in: .prompt,
      seed: 2
    )
    let records = try QueueFleets.run(
      trace,
      on: QueueFleets.prefill,
      batch: "prefill-priority:tokens=1"
    )
    let estimate = RegenerativeEstimate(QueueCustomers.waits(records, of: trace, servers: 1))
    check(estimate, against: load / (1 - load), "M/M/1 at \(load)")
  }

  @Test(arguments: loads)
  func `exponential outputs in a batch of c wait as in M-M-c`(load: Double) throws {
    let servers = 3
    // At a low load few wait, and the mean is that of a rare event.
    let trace = PoissonTrace(
      count: load < 0.6 ? 240_000 : 150_000,
      gap: 1 / (load * Double(servers)),
      sizes: .exponential,
      tokens: 100_000,
      in: .output,
      seed: 3
    )
    let records = try QueueFleets.run(
      trace,
      on: QueueFleets.batch(of: servers),
      batch: "chunked"
    )
    let estimate = RegenerativeEstimate(QueueCustomers.waits(records, of: trace, servers: servers))
    let expected = erlangC(servers: servers, load: load) / (Double(servers) * (1 - load))
    check(estimate, against: expected, "M/M/\(servers) at \(load)")
  }

  @Test(arguments: loads)
  func `hand-offs on a shared link stay as in M-G-1 with processor sharing`(load: Double) throws {
    let trace = PoissonTrace(
      count: 50_000,
      gap: 1 / load,
      sizes: .exponential,
      tokens: PoissonTrace.service,
      in: .prompt,
      seed: 4
    )
    let records = try QueueFleets.run(
      trace,
      on: QueueFleets.link,
      batch: "chunked:tokens=1000000000"
    )
    let estimate = RegenerativeEstimate(QueueCustomers.sojourns(records, of: trace))
    check(estimate, against: 1 / (1 - load), "M/G/1-PS at \(load)")
  }

  @Test(arguments: [2.0, 6, 14])
  func `sessions that think stay in a server as in the interactive system`(
    thinking: Double
  ) throws {
    let trace = InteractiveTrace(sessions: 8, turns: 6_000, thinking: thinking, seed: 5)
    let records = try QueueFleets.run(
      trace,
      on: QueueFleets.prefill,
      batch: "prefill-priority:tokens=1"
    )
    let customers = QueueCustomers.stays(records, of: trace)
    #expect(customers.count > 30_000)
    let estimate = RegenerativeEstimate(customers)
    let expected = trace.meanStay
    check(estimate, against: expected, "M/M/1//\(trace.sessions) thinking \(thinking)")
  }

  /// The probability that a customer of M/M/c waits. Source: Kleinrock, "Queueing Systems" I, 3.41.
  private func erlangC(servers: Int, load: Double) -> Double {
    let offered = load * Double(servers)
    var (term, sum) = (1.0, 0.0)
    for customers in 0..<servers {
      sum += term
      term *= offered / Double(customers + 1)
    }
    let waiting = term / (1 - load)
    return waiting / (sum + waiting)
  }

  private func check(_ estimate: RegenerativeEstimate, against expected: Double, _ queue: String) {
    let relative = estimate.halfWidth / estimate.mean
    print("\(queue): \(estimate.mean) ± \(estimate.halfWidth), expected \(expected), \(relative)")
    #expect(relative <= 0.02, "\(queue)")
    #expect(abs(estimate.mean - expected) <= estimate.halfWidth, "\(queue): \(estimate)")
  }
}
