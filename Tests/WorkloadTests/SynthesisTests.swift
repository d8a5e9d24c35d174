import Foundation
import Testing
import Workload

@Suite struct `Random variates` {
  @Test(arguments: [0.05, 0.5, 0.87, 1, 3, 40])
  func `gamma variates have mean 1 and variance 1 / shape`(shape: Double) {
    var random = SplitMix64(seed: 41)
    let sample = (0..<40_000).map { _ in random.gamma(shape: shape) }
    let (mean, variance) = moments(sample)
    // Four standard errors; the fourth central moment of Gamma gives that of the variance.
    #expect(abs(mean - 1) < 4 * (1 / shape / 40_000).squareRoot())
    let spread = ((2 + 6 / shape) / 40_000).squareRoot()
    #expect(abs(variance * shape - 1) < 4 * spread)
    #expect(sample.allSatisfy { $0 >= 0 && $0.isFinite })
  }

  @Test func `normal and lognormal variates have their moments`() {
    var random = SplitMix64(seed: 42)
    let normal = moments((0..<40_000).map { _ in random.normal() })
    #expect(abs(normal.mean) < 4 * 0.005)
    #expect(abs(normal.variance - 1) < 4 * 0.0071)
    let logs = (0..<40_000).map { _ in Foundation.log(random.lognormal(mean: 1_000, sigma: 0.8)) }
    let (mean, variance) = moments(logs)
    #expect(abs(mean - (Foundation.log(1_000) - 0.32)) < 4 * 0.004)
    #expect(abs(variance - 0.64) < 4 * 0.0045)
  }

  @Test func `uniform variates lie inside the interval and fill it`() {
    var random = SplitMix64(seed: 43)
    var counts = [Int](repeating: 0, count: 100)
    let sample = (0..<100_000).map { _ in random.uniform() }
    #expect(sample.allSatisfy { $0 > 0 && $0 < 1 })
    for u in sample { counts[Int(u * 100)] += 1 }
    // χ² with 99 degrees of freedom exceeds 149 once in a thousand seeds.
    let chiSquare = counts.reduce(0.0) { $0 + pow(Double($1) - 1_000, 2) / 1_000 }
    #expect(chiSquare < 149)
  }

  private func moments(_ sample: [Double]) -> (mean: Double, variance: Double) {
    let mean = sample.reduce(0, +) / Double(sample.count)
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count)
    return (mean, variance)
  }
}

@Suite struct `Chat generator` {
  @Test func `arrivals are whole microseconds with the rate and variation asked for`() throws {
    var generator = ChatGenerator()
    generator.requests = 70_000
    generator.requestsPerSecond = 250_000
    let trace = try InMemoryTrace(reading: generator)
    #expect(violations(of: trace).isEmpty)
    #expect(trace.groups.map(\.count) == [65_536, 4_464])
    let arrivals = trace.groups.flatMap(\.arrival)
    #expect(arrivals.allSatisfy { $0 % 1_000 == 0 })
    let seconds = Double(try #require(arrivals.last)) / 1e9
    #expect(abs(seconds * 250_000 / 70_000 - 1) < 4 * (1 / 0.87 / 70_000).squareRoot())
  }

  @Test func `lengths are clipped and one distribution leaves the other columns alone`() throws {
    let base = try #require(try InMemoryTrace(reading: ChatGenerator()).groups.first)
    var generator = ChatGenerator()
    generator.prompt = LengthDistribution(mean: 1_000, sigma: 3, bounds: 10...2_000)
    generator.requestsPerSecond = 3
    let changed = try #require(try InMemoryTrace(reading: generator).groups.first)
    #expect(changed.outputTokens == base.outputTokens)
    #expect(changed.promptTokens.min() == 10 && changed.promptTokens.max() == 2_000)
    #expect(changed.arrival != base.arrival)
    generator.seed = 2
    let other = try #require(try InMemoryTrace(reading: generator).groups.first)
    #expect(other.outputTokens != base.outputTokens)
  }

  @Test func `parameters out of range are errors`() {
    let changes: [(inout ChatGenerator) -> Void] = [
      { $0.requests = 0 }, { $0.requestsPerSecond = 0 }, { $0.requestsPerSecond = .nan },
      { $0.requestsPerSecond = 2e6 }, { $0.arrivalShape = 0 }, { $0.arrivalShape = .infinity },
      { $0.prompt.mean = 0 }, { $0.output.sigma = -1 }, { $0.output.bounds = 0...4 },
    ]
    for change in changes {
      var generator = ChatGenerator()
      change(&generator)
      #expect(throws: TraceError.self) { try generator.makeReader() }
    }
  }

  @Test func `a trace that outlasts its clock is an error`() throws {
    var generator = ChatGenerator()
    generator.requestsPerSecond = 1e-9
    #expect(throws: TraceError.self) { try InMemoryTrace(reading: generator) }
  }
}
