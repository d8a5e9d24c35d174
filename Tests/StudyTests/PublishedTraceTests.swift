import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// What users do first: a published trace, at its recorded rate, on each fleet.
@Suite struct `Published traces on every fleet` {
  /// How many requests stepping is compared on: all of them would take minutes in a debug build.
  static let steppedRequests: Int64 = 4_000

  static let files: [(name: String, requests: Int64)] = [
    (TestTraces.azureChat, 19_366), (TestTraces.azureCode, 8_819), (TestTraces.mooncake, 12_031),
  ]

  @Test(arguments: files, Fleets.names)
  func `nearly all requests complete, the others say why, and all are counted`(
    trace: (name: String, requests: Int64),
    fleet: String
  ) throws {
    guard let file = TestTraces.published(trace.name) else { return }
    let summary = try run(file, fleet).summary()
    let all = summary.overall
    #expect(all.offered == trace.requests)
    #expect(Double(all.completed) >= 0.99 * Double(all.offered), "\(all.completed)")
    #expect(
      all.offered == all.completed + all.rejected + all.failed + all.cancelled + all.unfinished
    )
    #expect(all.unfinished == 0 && all.cancelled == 0)
    #expect(summary.reasons.reduce(0) { $0 + $1.count } == all.rejected + all.failed)
    #expect(summary.reasons.allSatisfy { !$0.reason.isEmpty })
    #expect(all.e2e.count == UInt64(all.completed))
    #expect(summary.stability.isStable)
  }

  @Test(arguments: files.map(\.name), Fleets.names)
  func `both engines give the same digests`(file: String, fleet: String) throws {
    guard let file = TestTraces.published(file) else { return }
    var run = try run(file, fleet)
    run.options.limit = Self.steppedRequests
    let fast = try run.summary()
    run.options.mode = .stepping
    let stepping = try run.summary()
    #expect(fast.overall.offered == Self.steppedRequests)
    #expect(fast.resultDigest == stepping.resultDigest)
    #expect(fast.summaryDigest == stepping.summaryDigest)
    #expect(stepping.boundariesVisited == stepping.engineSteps)
    #expect(fast.engineSteps == stepping.engineSteps)
    #expect(fast.boundariesVisited < fast.engineSteps)
  }

  @Test func `at the recorded rate fast-forward visits a tenth of the decode steps at most`()
    throws
  {
    guard let file = TestTraces.published(TestTraces.azureChat) else { return }
    let run = try run(file, "trn3-cs3")
    var nobody = NoSink()
    let result = try Engine.run(
      try file.makeReader(),
      fleet: run.fleet,
      policies: run.policies,
      options: run.options,
      sink: &nobody
    )
    let roles = run.fleet.pools.flatMap { repeatElement($0.role, count: $0.count) }
    let decoding = zip(roles, result.instances).filter { $0.0 == .decode }.map(\.1)
    let steps = decoding.reduce(0) { $0 + $1.steps }
    let visited = decoding.reduce(0) { $0 + $1.boundaries }
    #expect(steps > 0 && visited > 0)
    #expect(visited * 10 < steps, "\(visited) of \(steps)")
  }

  private func run(_ trace: any Trace, _ fleet: String) throws -> Run {
    Run(
      trace: trace,
      fleet: try Fleets.named(fleet),
      policies: try PolicyChoice.defaults.resolve(in: .standard),
      policyName: "default"
    )
  }
}

/// Wants no records.
private struct NoSink: RecordSink {
  func receive(requests: borrowing ContiguousArray<RequestRecord>) {}
  func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}
}
