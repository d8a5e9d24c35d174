import Foundation
import Hardware
import Reporting
import Simulation
import Testing
import Workload

@Suite struct WindowTests {
  /// The law of splitting: as if every token had been looked at by itself.
  @Test(arguments: 0..<200)
  func `a window takes the tokens that a loop over all of them finds inside`(seed: UInt64) throws {
    var random = SplitMix64(seed: SplitMix64.mix(seed))
    let intervals = Self.randomIntervals(&random)
    let ends = Self.ends(of: intervals)
    let last = try #require(ends.last)
    for _ in 0..<20 {
      let start = SimTime.random(in: 0...last + 2, using: &random)
      // Often on a step's end itself, where one nanosecond decides.
      let edges = [SimTime.random(in: start + 1...last + 4, using: &random), .never] + ends
      let end = try #require(edges.filter { $0 > start }.randomElement(using: &random))
      let window = MeasureWindow(start: start, end: end)
      var sink = SummarySink(objectives: ServiceObjectives(), window: window) { [] }
      sink.receive(intervals: [intervals])
      var expected = LatencyDistribution()
      for (step, end) in ends.enumerated() where window.contains(end) {
        var one = intervals
        one.first += one.increment * Int128(step)
        one.increment = 0
        one.steps = 1
        expected.record(one)
      }
      #expect(sink.overall.itl == expected, "\(window) of \(intervals)")
    }
  }

  @Test func `windows that adjoin share no token and lose none`() {
    var random = SplitMix64(seed: 5)
    let intervals = Self.randomIntervals(&random)
    let ends = Self.ends(of: intervals)
    var parts = LatencyDistribution()
    let edges = [0] + Set(ends).sorted() + [SimTime.never]
    for (start, end) in zip(edges, edges.dropFirst()) {
      let window = MeasureWindow(start: start, end: end)
      var sink = SummarySink(objectives: ServiceObjectives(), window: window) { [] }
      sink.receive(intervals: [intervals])
      parts.merge(sink.overall.itl)
    }
    var whole = LatencyDistribution()
    whole.record(intervals)
    #expect(parts == whole)
  }

  @Test func `requests are measured if their session starts inside, the end excluded`() throws {
    let window = MeasureWindow(start: 10, end: 20)
    var sink = SummarySink(objectives: ServiceObjectives(), window: window) { [] }
    let starts: [SimTime] = [9, 10, 19, 20]
    sink.receive(
      requests: ContiguousArray(
        starts.map { start in
          var request = completed(start)
          request.sessionStart = start
          // A later turn arrives after the window and is measured all the same.
          request.arrival = start + 100
          return request
        }
      )
    )
    #expect(sink.overall.offered == 2)
    #expect(sink.overall.e2e.count == 2)
    #expect(sink.offered == 4)
  }

  @Test func `rates and shares are of the window, and the summary says so`() throws {
    var sink = SummarySink(
      objectives: ServiceObjectives(),
      window: MeasureWindow(start: 60 * second, end: 600 * second)
    ) { [] }
    var (inside, outside) = (completed(0), completed(1))
    inside.sessionStart = 60 * second
    outside.sessionStart = 0
    sink.receive(requests: [inside, outside])
    var (whole, part) = (InstanceTotals(), InstanceTotals())
    whole.busy = Int128(90 * second) << 32
    part.busy = Int128(20 * second) << 32
    var result = RunResult()
    result.end = 100 * second
    result.instances = [whole, whole]
    result.windowInstances = [part, part]
    result.windowLength = 40 * second
    let summary = summary(sink, result: result)
    #expect(summary.pools.first?.busyShare == 0.5)
    #expect(summary.goodput == 1 / 40.0)
    #expect(summary.offered == 2)
    #expect(summary.text.contains("measured  1 of 2 requests, 60 s..600 s\n"))
    let object = try JSONSerialization.jsonObject(with: Data(summary.json.document.utf8))
    let measured = try #require((object as? [String: Any])?["measured"] as? [String: Any])
    #expect((object as? [String: Any])?["offered"] as? Int == 1)
    #expect(measured["offeredInAll"] as? Int == 2)
    #expect(measured["requests"] == nil)
    #expect(measured["fromSeconds"] as? Double == 60)
    #expect(measured["simulatedSeconds"] as? Double == 40)
    // What was in memory at its highest is known of the whole run only.
    let pool = try #require(((object as? [String: Any])?["pools"] as? [[String: Any]])?.first)
    #expect(pool["peakKVShare"] is NSNull)
  }

  @Test func `output is what came in the window, and goodput what started in it`() throws {
    var sink = SummarySink(
      objectives: ServiceObjectives(),
      window: MeasureWindow(start: 10 * second, end: 20 * second)
    ) { [] }
    // Starts before the window, with its first token and one more inside.
    var early = completed(0, ttft: 11 * second)
    early.sessionStart = 0
    // Starts inside, with its first token at the end of the window, which is outside.
    var late = completed(1)
    (late.sessionStart, late.arrival) = (12 * second, 12 * second)
    (late.firstToken, late.finish) = (20 * second, 29 * second)
    sink.receive(requests: [early, late])
    for first: SimTime in [11, 20] {
      sink.receive(intervals: [
        TokenIntervals(
          start: Int128(first * second) << 32,
          first: Int128(5 * second) << 32,
          increment: 0,
          steps: 9,
          requests: 1,
          requestClass: 0
        )
      ])
    }
    var result = RunResult()
    result.end = 65 * second
    result.windowLength = 10 * second
    let summary = summary(sink, result: result)
    #expect(summary.measured?.tokens == 2)
    #expect(summary.tokensPerSecond == 0.2)
    #expect(summary.overall.outputTokens == 10)
    #expect(summary.goodput == 0.1)
  }

  @Test func `the digest covers first tokens of requests that are not measured`() {
    func digest(firstToken: SimTime) -> UInt128 {
      let window = MeasureWindow(start: 10, end: 20)
      var sink = SummarySink(objectives: ServiceObjectives(), window: window) { [] }
      var request = completed()
      (request.sessionStart, request.firstToken) = (0, firstToken)
      sink.receive(requests: [request])
      return sink.digest
    }
    #expect(digest(firstToken: 15) != digest(firstToken: 25))
    #expect(digest(firstToken: 15) == digest(firstToken: 19))
  }

  @Test func `the digest covers the window`() {
    func digest(_ window: MeasureWindow?) -> UInt128 {
      var sink = SummarySink(objectives: ServiceObjectives(), window: window) { [] }
      var request = completed()
      request.sessionStart = 5
      sink.receive(requests: [request])
      return sink.digest
    }
    let all = digest(MeasureWindow(start: 0, end: .never))
    #expect(all != digest(nil))
    #expect(all != digest(MeasureWindow(start: 0, end: 100)))
  }

  private static func randomIntervals(_ random: inout SplitMix64) -> TokenIntervals {
    let steps = Int32.random(in: 1...300, using: &random)
    // From a fraction above 1 ns to some milliseconds, and slopes that shrink steps too.
    let scale = UInt64.random(in: 1..<22, using: &random)
    let first = Int128(UInt64.random(in: 1..<(1 << scale), using: &random)) << 32
    let fraction = Int128(UInt32.random(in: 0...UInt32.max, using: &random))
    let slope = Int128(Int64.random(in: -(1 << 34)...(1 << 40), using: &random))
    let shortest = first + fraction + slope * Int128(steps)
    return TokenIntervals(
      start: Int128(UInt64.random(in: 0..<(1 << 50), using: &random)),
      first: first + fraction,
      increment: shortest < 1 << 32 ? 0 : slope,
      steps: steps,
      requests: Int32.random(in: 1...3, using: &random),
      requestClass: 0
    )
  }

  /// The visible times at which the steps end, by adding one step at a time.
  private static func ends(of intervals: TokenIntervals) -> [SimTime] {
    var (time, step) = (intervals.start, intervals.first)
    return (0..<intervals.steps).map { _ in
      time += step
      step += intervals.increment
      return SimTime((time + 0xFFFF_FFFF) >> 32)
    }
  }
}
