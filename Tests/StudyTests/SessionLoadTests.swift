import Hardware
import Simulation
import Study
import Testing
import Workload

/// The load of traces whose sessions start faster or slower, while their turns do not.
@Suite struct SessionLoadTests {
  /// Sessions of two turns that start a millisecond apart.
  private func trace(secondTurnAfter delay: SimTime) -> InMemoryTrace {
    var rows: [(arrival: SimTime, session: Int32)] = []
    for session in 0..<Int32(40) {
      let start = SimTime(session) * 1_000_000
      rows += [(start, session), (start + delay, session)]
    }
    rows.sort { ($0.arrival, $0.session) < ($1.arrival, $1.session) }
    var group = RowGroup()
    for (record, row) in rows.enumerated() {
      group.record.append(Int64(record))
      group.arrival.append(row.arrival)
      group.session.append(row.session)
      group.promptTokens.append(1_000)
      group.outputTokens.append(50)
    }
    return InMemoryTrace(name: "turns", groups: [group])
  }

  @Test func `how long sessions last does not matter to the rate at which they start`() throws {
    let fleet = try Fleets.named("b200-pd")
    let short = try TargetLoad(load: 0.5, of: trace(secondTurnAfter: 10), on: fleet)
    let long = try TargetLoad(load: 0.5, of: trace(secondTurnAfter: 90_000_000_000), on: fleet)
    #expect(short == long)
    let twice = try TargetLoad(load: 1, of: trace(secondTurnAfter: 10), on: fleet)
    #expect(twice.rateScale == 2 * short.rateScale)
  }

  @Test func `requests without sessions count as one each`() throws {
    let fleet = try Fleets.named("b200-pd")
    let target = try TargetLoad(load: 0.5, of: trace(secondTurnAfter: 10), on: fleet)
    // Two requests per millisecond, as the sessions bring them.
    let even = try TargetLoad(
      load: 0.5,
      of: evenTrace(requests: 79, spacing: 500_000),
      on: fleet
    )
    #expect(abs(target.rateScale / even.rateScale - 1) < 1e-12)
    // Another order of operations rounds differently.
    for (one, other) in zip(target.utilization, even.utilization) {
      #expect(abs(one / other - 1) < 1e-12)
    }
  }

  @Test func `sessions that all start at once have no rate`() throws {
    let fleet = try Fleets.named("b200-pd")
    var rows = trace(secondTurnAfter: 10).groups[0]
    rows.truncate(to: 2)
    let single = InMemoryTrace(name: "one session", groups: [rows])
    #expect(throws: StudyError.self) { try TargetLoad(load: 0.5, of: single, on: fleet) }
  }
}
