import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// Equal requests at equal distances, every other one in a session with its predecessor.
func evenTrace(requests: Int, spacing: SimTime, sessions: Bool = false) -> InMemoryTrace {
  var rows = RowGroup()
  for index in 0..<requests {
    rows.record.append(Int64(index))
    rows.arrival.append(SimTime(index) * spacing)
    rows.promptTokens.append(1_000)
    rows.outputTokens.append(50)
    if sessions { rows.session.append(Int32(index / 2)) }
  }
  return InMemoryTrace(name: "even", groups: [rows])
}

func run(
  _ trace: any Trace,
  policy: String = "default",
  options: RunOptions = RunOptions()
) throws -> Run {
  Run(
    trace: trace,
    fleet: try Fleets.named("b200-pd"),
    policies: try PolicyChoice.parse(policy).resolve(in: .standard),
    policyName: policy,
    objectives: try ServiceObjectives(parsing: ["ttft=1s,tpot=50ms"]),
    options: options
  )
}

@Suite struct StudyTests {
  @Test func `offered requests are the sum of their outcomes`() throws {
    var options = RunOptions()
    options.horizon = 2_000_000_000
    let summary = try run(evenTrace(requests: 400, spacing: 5_000_000), options: options).summary()
    let all = summary.overall
    #expect(all.offered == 400)
    #expect(
      all.offered
        == all.completed + all.rejected + all.failed + all.cancelled + all.unfinished
    )
    #expect(all.completed > 0)
  }

  @Test func `fast-forward and stepping give the same digests`() throws {
    let trace = evenTrace(requests: 300, spacing: 1_000_000)
    var options = RunOptions()
    let fast = try run(trace, options: options).summary()
    options.mode = .stepping
    let stepping = try run(trace, options: options).summary()
    #expect(fast.resultDigest == stepping.resultDigest)
    #expect(fast.summaryDigest == stepping.summaryDigest)
    #expect(fast.boundariesVisited < stepping.boundariesVisited)
    #expect(stepping.boundariesVisited == stepping.engineSteps)
  }
}

@Suite struct TargetLoadTests {
  @Test func `the busiest pool gets the load that was asked for`() throws {
    let fleet = try Fleets.named("b200-pd")
    for load in [0.1, 0.8, 1.5] {
      let target = try TargetLoad(load: load, of: evenTrace(requests: 11, spacing: 7), on: fleet)
      #expect(abs((target.utilization.max() ?? 0) - load) < 1e-9)
    }
  }

  @Test func `twice the recorded rate halves the scale`() throws {
    let fleet = try Fleets.named("b200-pd")
    let slow = try TargetLoad(load: 0.5, of: evenTrace(requests: 9, spacing: 2_000), on: fleet)
    let fast = try TargetLoad(load: 0.5, of: evenTrace(requests: 9, spacing: 1_000), on: fleet)
    #expect(abs(slow.rateScale / fast.rateScale - 2) < 1e-9)
    #expect(slow.utilization == fast.utilization)
  }

  @Test func `the limit counts sessions, as a run does`() throws {
    let fleet = try Fleets.named("b200-pd")
    let trace = evenTrace(requests: 40, spacing: 1_000, sessions: true)
    let limited = try TargetLoad(load: 0.5, of: trace, on: fleet, limit: 5)
    let whole = try TargetLoad(load: 0.5, of: evenTrace(requests: 10, spacing: 1_000), on: fleet)
    // Another order of operations rounds differently.
    #expect(abs(limited.rateScale / whole.rateScale - 1) < 1e-12)
    for (one, other) in zip(limited.utilization, whole.utilization) {
      #expect(abs(one / other - 1) < 1e-12)
    }
    var options = RunOptions()
    options.limit = 5
    #expect(try run(trace, options: options).summary().overall.offered == 10)
  }

  @Test(arguments: [0, 1, 5])
  func `a trace that spans no time has no rate`(requests: Int) throws {
    let fleet = try Fleets.named("b200-pd")
    let trace = evenTrace(requests: requests, spacing: 0)
    #expect(throws: StudyError.noRate(trace: "even", requests: Int64(requests))) {
      try TargetLoad(load: 0.8, of: trace, on: fleet)
    }
  }
}
