import Histogram
import Reporting
import Simulation
import Testing
import Workload

@Suite struct LatencyDistributionTests {
  /// The law of bulk entry: as if every token had been recorded by itself.
  @Test(arguments: 0..<120)
  func `bulk entry equals a loop over tokens`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let first =
      Int128(UInt64.random(in: 1..<(1 << UInt64.random(in: 1..<45)), using: &random)) << 20
    let slope = Int128(Int64.random(in: -(1 << 30)...(1 << 50), using: &random))
    let steps = Int32.random(in: 1...600, using: &random)
    let increment = first + slope * Int128(steps) < 0 ? 0 : slope
    let intervals = TokenIntervals(
      start: 0,
      first: first,
      increment: increment,
      steps: steps,
      requests: Int32.random(in: 1...5, using: &random),
      requestClass: 0
    )
    var (bulk, loop) = (LatencyDistribution(), LatencyDistribution())
    bulk.record(intervals)
    for step in 0..<steps {
      var one = intervals
      one.first = first + increment * Int128(step)
      one.increment = 0
      one.steps = 1
      loop.record(one)
    }
    #expect(bulk.count == UInt64(steps) * UInt64(intervals.requests))
    #expect(bulk == loop)
  }

  @Test func `values that add up to more than 64 bits have a digest`() throws {
    func digest(_ latency: SimTime) throws -> UInt128 {
      var sink = SummarySink(objectives: ServiceObjectives(), window: nil) { [] }
      for _ in 0..<9 {
        var request = completed()
        request.finish = latency
        sink.receive(requests: [request])
      }
      return summary(sink).summaryDigest
    }
    #expect(try digest(1 << 61) != digest(1 << 60))
  }

  @Test func `an interval of a fraction of a nanosecond is entered as its ceiling`() {
    var distribution = LatencyDistribution()
    distribution.record(
      TokenIntervals(
        start: 0,
        first: (7 << 32) + 1,
        increment: 0,
        steps: 1,
        requests: 1,
        requestClass: 0
      )
    )
    #expect(distribution.quantile(percent: 50) == 8)
  }

  @Test func `quantiles are within a thousandth of the exact rank and the mean is exact`() throws {
    var random = SplitMix64(seed: 3)
    var (distribution, sorted) = (LatencyDistribution(), [SimTime]())
    for _ in 0..<20_000 {
      let value = SimTime(random.next() >> UInt64.random(in: 20...60, using: &random))
      distribution.record(value)
      sorted.append(value)
    }
    sorted.sort()
    let sum = sorted.reduce(Int128(0)) { $0 + Int128($1) }
    #expect(distribution.mean == SimTime((2 * sum + 20_000) / 40_000))
    for (percent, rank) in [(50.0, 10_000), (90, 18_000), (99, 19_800), (99.9, 19_980)] {
      let value = try #require(distribution.quantile(percent: percent))
      #expect(value >= sorted[rank - 1])
      #expect(Double(value) <= Double(sorted[rank - 1]) * 1.001 + 1)
    }
  }

  /// Against the histogram package: the buckets, and what is read from them, are the same.
  @Test(arguments: 0..<20)
  func `quantiles are those of an HDR histogram`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var distribution = LatencyDistribution()
    var oracle = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    for _ in 0..<500 {
      let value = SimTime(random.next() >> UInt64.random(in: 2...63, using: &random))
      distribution.record(value)
      oracle.record(UInt64(value))
    }
    for percent in [0, 0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 100] {
      #expect(
        distribution.quantile(percent: percent) == SimTime(oracle.valueAtPercentile(percent))
      )
    }
  }

  @Test func `an empty distribution has neither quantile nor mean`() {
    #expect(LatencyDistribution().quantile(percent: 50) == nil)
    #expect(LatencyDistribution().mean == nil)
  }

  @Test func `a merged distribution equals one that got everything`() {
    var (low, high, both) = (LatencyDistribution(), LatencyDistribution(), LatencyDistribution())
    for value in SimTime(1)...5_000 {
      low.record(value)
      high.record(value * 1_000_003)
      both.record(value)
      both.record(value * 1_000_003)
    }
    low.merge(high)
    #expect(low == both)
  }
}
