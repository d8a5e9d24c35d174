import Hardware
import Policies
import Reporting
import Simulation
import Testing
import Workload

@testable import Study

@Suite struct TraceReadingTests {
  @Test func `a run with choices of reading is reproduced from its manifest`() throws {
    try AgentSessions.withFile { path, out in
      let plan = try Self.plan(path, Self.reading(rate: 0.5, .drop))
      let dataset = try DatasetFolder(path: out)
      let summary = try plan.record(into: dataset, arguments: [], registry: .standard)
      try dataset.complete()
      let manifest = try Manifest(inFolder: out)
      #expect(manifest.plan.trace == plan.trace)
      #expect(manifest.trace.rows == Int64(AgentSessions.requests - 1))
      #expect(manifest.trace == (try TraceIdentity(of: plan.trace)))
      #expect(manifest.plan.options.loop == .closed && !manifest.plan.findsLoop)
      #expect(summary.description.options.loop == .closed)
      #expect(try Verification(folder: out).verdict() == .reproduced)
      // Every choice decides on the content.
      for (rate, failures) in [(0.5, FailurePolicy.keep), (0.25, .drop)] {
        let other = try Self.plan(path, Self.reading(rate: rate, failures))
        #expect(try TraceIdentity(of: other.trace).digest != manifest.trace.digest)
        #expect(try other.summary(in: .standard).resultDigest != summary.resultDigest)
      }
    }
  }

  @Test func `without the choices that a trace needs nothing is run`() throws {
    try AgentSessions.withFile { path, _ in
      for (reading, flag) in [
        (TraceReading(failures: .keep), "--sessions-per-second"),
        (TraceReading(sessionsPerSecond: 1), "--failures keep"),
      ] {
        let plan = try Self.plan(path, reading)
        let error = #expect(throws: TraceError.self) { try plan.summary(in: .standard) }
        #expect(error?.kind == .badData)
        #expect(error?.problem.contains(flag) == true)
      }
    }
  }

  @Test(arguments: [
    (FailurePolicy.keep, FailureCount(kept: 1)), (.drop, FailureCount(dropped: 1)),
  ])
  func `failed requests are counted in the whole trace, however much of it is run`(
    policy: FailurePolicy,
    count: FailureCount
  ) throws {
    try AgentSessions.withFile { path, _ in
      for limit in [1, Int64.max] {
        for mode in LoopMode.allCases {
          var plan = try Self.plan(path, Self.reading(rate: 0.5, policy))
          plan.findsLoop = false
          plan.options.loop = mode
          plan.options.limit = limit
          #expect(plan.trace.failures == nil)
          _ = try plan.summary(in: .standard)
          #expect(plan.trace.failures == count)
        }
      }
    }
    let source = TraceSource(path: TestTraces.bundledChat.path)
    _ = try TraceIdentity(of: source)
    #expect(source.failures == nil)
  }

  @Test func `what was found in a trace makes it no other trace`() throws {
    try AgentSessions.withFile { path, _ in
      let source = TraceSource(path: path, reading: Self.reading(rate: 0.5, .drop))
      _ = try TraceIdentity(of: source)
      #expect(source.failures != nil)
      #expect(source == TraceSource(path: path, reading: Self.reading(rate: 0.5, .drop)))
      #expect(source != TraceSource(path: path, reading: Self.reading(rate: 0.5, .keep)))
      #expect(source != TraceSource(path: path, reading: source.reading, spreadTies: 1))
    }
  }

  @Test func `the loop is closed where turns wait for others, and open elsewhere`() throws {
    try AgentSessions.withFile { path, _ in
      var plan = try Self.plan(path, Self.reading(rate: 0.5, .drop))
      let found = try plan.summary(in: .standard)
      #expect(found.description.options.loop == .closed)
      #expect(found.sessions?.started == Int64(AgentSessions.sessions))
      plan.findsLoop = false
      plan.options.loop = .closed
      #expect(try plan.summary(in: .standard).summaryDigest == found.summaryDigest)
      plan.options.loop = .open
      let open = try plan.summary(in: .standard)
      #expect(open.sessions == nil && open.summaryDigest != found.summaryDigest)
    }
    #expect(try TraceSource(path: TestTraces.bundledChat.path).recordedLoop() == .closed)
    #expect(throws: TraceError.self) { try TraceSource(path: "/nonexistent").recordedLoop() }
  }

  @Test func `each trace of a study has the loop that it was made for`() throws {
    try AgentSessions.withFile { path, out in
      let source = TraceSource(path: path, reading: Self.reading(rate: 0.5, .drop))
      let matrix = try StudyMatrix(
        traces: [source],
        fleets: [try FleetText("b200-pd")],
        policies: [.defaults],
        seeds: [0, 1]
      )
      func plans(findsLoop: Bool) throws -> [RunPlan] {
        try matrix.plans(
          objectives: ServiceObjectives(),
          options: RunOptions(),
          load: 0.5,
          findsLoop: findsLoop
        )
      }
      #expect(try plans(findsLoop: true).map(\.options.loop) == [.closed, .closed])
      #expect(try plans(findsLoop: false).map(\.options.loop) == [.open, .open])
      let output = Comparison.Output(
        folder: try StudyFolder(path: out),
        arguments: []
      ) { path, body in
        let folder = try DatasetFolder(path: path)
        let summary = try body(folder)
        try folder.complete()
        return summary
      }
      func cells(_ plans: [RunPlan]) throws -> [Comparison.Cell] {
        try Comparison(plans, threads: 2, output: output).cells()
      }
      let first = try cells(plans(findsLoop: true))
      #expect(first.allSatisfy { $0.summary != nil })
      // What is there stays, as long as loop and choices are the same.
      let again = try cells(plans(findsLoop: true))
      #expect(again.allSatisfy { $0.summary == nil })
      #expect(again.map(\.rows) == first.map(\.rows))
      var other = try plans(findsLoop: true)
      other[0].trace.reading.charactersPerToken = 3
      let error = #expect(throws: StudyError.self) { try cells(other) }
      #expect(error?.description.contains("with other trace.charactersPerToken; ") == true)
      let open = #expect(throws: StudyError.self) { try cells(plans(findsLoop: false)) }
      #expect(open?.description.contains("with other options.loop; ") == true)
    }
  }

  private static func reading(rate: Double, _ failures: FailurePolicy) -> TraceReading {
    TraceReading(sessionsPerSecond: rate, failures: failures)
  }

  /// A run whose loop is to be found.
  private static func plan(_ path: String, _ reading: TraceReading) throws -> RunPlan {
    RunPlan(
      trace: TraceSource(path: path, reading: reading),
      fleet: try FleetText("b200-pd"),
      policy: .defaults,
      findsLoop: true
    )
  }
}
