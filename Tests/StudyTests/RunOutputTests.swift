import Reporting
import Simulation
import Study
import Testing
import Workload

/// What a run writes besides its summary.
@Suite struct RunOutputTests {
  @Test func `a request that was offered is explained, and another is not`() throws {
    var run = try run(evenTrace(requests: 20, spacing: 1_000_000))
    let plain = try run.summary()
    #expect(plain.life == nil)
    run.options.explainedRecord = 7
    let summary = try run.summary()
    #expect(summary.resultDigest == plain.resultDigest)
    let life = try #require(summary.life)
    #expect(life.record.record == 7)
    #expect(life.record.arrival == 7_000_000)
    #expect(life.events.first?.kind == .arrived)
    #expect(life.events.last?.kind == .completed)
    #expect(life.events.last?.time == life.record.finish)
    #expect(life.events.map(\.time) == life.events.map(\.time).sorted())
    run.options.explainedRecord = 20
    #expect(try run.summary().life == nil)
  }

  @Test func `measuring from the start to the end is measuring everything`() throws {
    var run = try run(evenTrace(requests: 300, spacing: 1_000_000))
    let whole = try run.summary()
    run.options.window = MeasureWindow(start: 0, end: .never)
    let measured = try run.summary()
    #expect(measured.resultDigest == whole.resultDigest)
    #expect(measured.overall.offered == 300)
    #expect(measured.overall.itl == whole.overall.itl)
    #expect(measured.overall.e2e == whole.overall.e2e)
    var pools = whole.pools
    for index in pools.indices { pools[index].peakKVShare = nil }
    #expect(measured.pools == pools)
    #expect(measured.goodput == whole.goodput)
    #expect(measured.tokensPerSecond == whole.tokensPerSecond)
  }

  @Test func `windows that adjoin add up, in both engines`() throws {
    var run = try run(evenTrace(requests: 300, spacing: 1_000_000))
    // The run ends while requests are still decoded.
    run.options.horizon = 400_000_000
    let whole = try run.summary()
    #expect(whole.overall.unfinished > 0)
    let edges: [SimTime] = [0, 50_000_000, 123_456_789, .never]
    var (offered, intervals, tokens, good) = (Int64(0), UInt64(0), Int64(0), Int64(0))
    var joules = 0.0
    for (start, end) in zip(edges, edges.dropFirst()) {
      run.options.window = MeasureWindow(start: start, end: end)
      run.options.mode = .fast
      let part = try run.summary()
      run.options.mode = .stepping
      #expect(try run.summary().summaryDigest == part.summaryDigest)
      offered += part.overall.offered
      intervals += part.overall.itl.count
      tokens += try #require(part.measured).tokens
      good += part.overall.good
      joules += part.pools.reduce(0) { $0 + $1.joules }
    }
    #expect(offered == 300)
    #expect(intervals == whole.overall.itl.count)
    #expect(tokens == whole.overall.outputTokens)
    #expect(good == whole.overall.good)
    let expected = whole.pools.reduce(0) { $0 + $1.joules }
    #expect(abs(joules - expected) <= 1e-9 * expected)
  }

  @Test func `a closed loop reports sessions, and a request in none is no session`() throws {
    var options = RunOptions()
    options.loop = .closed
    let sessions = try run(
      evenTrace(requests: 100, spacing: 1_000_000, sessions: true),
      options: options
    )
    .summary()
    #expect(sessions.sessions?.started == 50)
    #expect(sessions.sessions?.outcome(.completed) == 50)
    #expect(sessions.sessions?.completion.count == 50)
    #expect(sessions.sessions?.attainment.counted == 50)
    let singles = try run(evenTrace(requests: 100, spacing: 1_000_000), options: options).summary()
    #expect(singles.overall.completed == 100)
    #expect(singles.sessions?.started == 0)
  }

  @Test func `a rate scale moves the starts of sessions, not the gaps inside`() throws {
    var options = RunOptions()
    options.rateScale = 2
    options.explainedRecord = 5
    let trace = evenTrace(requests: 10, spacing: 1_000_000, sessions: true)
    // The third session starts at 4 ms and its second turn comes a millisecond later.
    let life = try #require(try run(trace, options: options).summary().life)
    #expect(life.record.sessionStart == 2_000_000)
    #expect(life.record.arrival == 3_000_000)
  }
}
