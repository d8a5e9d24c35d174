import Reporting
import Simulation
import Testing
import Workload

@Suite struct SessionTests {
  @Test func `a session is met only if all its turns completed within their SLOs`() {
    let sink = sink(
      turns: [
        turn(of: 0), turn(of: 0),
        // One late turn spoils the session.
        turn(of: 1), turn(of: 1, ttft: 2 * second),
        // A rejected turn ends its session.
        turn(of: 2), turn(of: 2, .rejected),
      ],
      sessions: [ended(0), ended(1), ended(2, .rejected)]
    )
    #expect(sink.sessions?.attainment.met == 1)
    #expect(sink.sessions?.attainment.counted == 3)
    #expect(sink.sessions?.started == 3)
    #expect(sink.sessions?.outcome(.completed) == 2)
    #expect(sink.sessions?.outcome(.rejected) == 1)
  }

  @Test func `an unfinished session counts only once one of its turns has missed`() {
    let sink = sink(
      turns: [
        turn(of: 0),
        turn(of: 1, ttft: 2 * second), turn(of: 2),
        late(of: 3), early(of: 4),
      ],
      // A session that the run ended has a record, which says so; nothing depends on it.
      sessions: [ended(0, .unfinished), ended(1, .unfinished)]
    )
    // Sessions 1 and 3 have missed; 0, 2 and 4 could still meet everything.
    #expect(sink.sessions?.attainment.met == 0)
    #expect(sink.sessions?.attainment.counted == 2)
    #expect(sink.sessions?.outcome(.unfinished) == 5)
  }

  @Test func `a session without SLOs is in no denominator`() {
    let sink = sink(turns: [turn(of: 0)], sessions: [ended(0)], slo: [])
    #expect(sink.sessions?.attainment.counted == 0)
    #expect(sink.sessions?.attainment.share == nil)
    #expect(sink.sessions?.outcome(.completed) == 1)
  }

  @Test func `the order of requests and sessions does not matter`() {
    let turns = [turn(of: 0), turn(of: 1, ttft: 2 * second), turn(of: 2)]
    let sessions = [ended(0), ended(1), ended(2)]
    let forth = sink(turns: turns, sessions: sessions)
    var back = SummarySink(objectives: forth.objectives, countsSessions: true) { [] }
    back.receive(sessions: ContiguousArray(sessions.reversed()))
    back.receive(requests: ContiguousArray(turns.reversed()))
    #expect(back.digest == forth.digest)
    #expect(back.sessions?.attainment.met == 2)
  }

  @Test func `completion runs from the first arrival to the last end, of completed sessions`() {
    let sink = sink(
      turns: [],
      sessions: [ended(0, start: 3, finish: 10), ended(1, .failed, start: 0, finish: 1_000)]
    )
    #expect(sink.sessions?.completion.count == 1)
    #expect(sink.sessions?.completion.mean == 7)
  }

  @Test func `a window measures the sessions that start inside it`() {
    let window = MeasureWindow(start: 5, end: 9)
    var sink = SummarySink(
      objectives: ServiceObjectives(),
      window: window,
      countsSessions: true
    ) { [] }
    sink.receive(sessions: [ended(0, start: 4, finish: 6), ended(1, start: 5, finish: 20)])
    #expect(sink.sessions?.started == 1)
    #expect(sink.sessions?.completion.mean == 15)
  }

  @Test func `a session may have any number, and a request in none is no session`() {
    let sink = sink(
      turns: [turn(of: .max), turn(of: -1)],
      sessions: [ended(.max), ended(-1), ended(-1, .failed)]
    )
    #expect(sink.sessions?.started == 1)
    #expect(sink.sessions?.attainment.met == 1)
    #expect(sink.sessions?.completion.count == 1)
    #expect(sink.hasSessions)
  }

  @Test func `a closed loop without sessions says nothing of them`() {
    let summary = summary(sink(turns: [turn(of: -1)], sessions: []))
    #expect(summary.lacksSessions)
    #expect(!summary.text.contains("session"))
    #expect(!ComparisonReport([summary, summary]).text.contains("session"))
    #expect(!ReportingTests.summary(sink(turns: [], sessions: [])).lacksSessions)
  }

  @Test func `sessions outside the window are sessions all the same`() {
    var sink = SummarySink(
      objectives: ServiceObjectives(),
      window: MeasureWindow(start: 5, end: 9),
      countsSessions: true
    ) { [] }
    var early = turn(of: 3)
    early.sessionStart = 0
    sink.receive(requests: [early])
    #expect(!summary(sink).lacksSessions)
    #expect(!summary(sink).text.contains("session"))
  }

  @Test func `an open loop has requests in sessions, and no outcomes of sessions`() throws {
    let summary = summary(try ReportingTests.sink([turn(of: 0)]))
    #expect(summary.sessions == nil)
    #expect(!summary.text.contains("sessions"))
  }

  @Test func `the text shows outcomes, attainment and completion times`() throws {
    let text = summary(sink(turns: [turn(of: 0)], sessions: [ended(0)])).text
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      lines.contains(
        "sessions started completed rejected failed cancelled unfinished all turns met"
      )
    )
    #expect(lines.contains("all 1 1 0 0 0 0 100.0 %"))
    #expect(lines.contains { $0.hasPrefix("session 10.0 s") })
  }

  private func sink(
    turns: [RequestRecord],
    sessions: [SessionRecord],
    slo: [String] = ["ttft=1s"]
  ) -> SummarySink {
    let objectives = (try? ServiceObjectives(parsing: slo)) ?? ServiceObjectives()
    var sink = SummarySink(objectives: objectives, countsSessions: true) { [] }
    sink.receive(requests: ContiguousArray(turns))
    sink.receive(sessions: ContiguousArray(sessions))
    return sink
  }

  private func turn(
    of session: Int32,
    _ outcome: Outcome = .completed,
    ttft: SimTime = second
  ) -> RequestRecord {
    var request = completed(ttft: ttft)
    request.session = session
    request.outcome = outcome
    return request
  }

  /// Without a token at the horizon, past its target.
  private func late(of session: Int32) -> RequestRecord {
    var request = unfinished(firstToken: -1, emitted: 0, horizon: 2 * second)
    request.session = session
    return request
  }

  private func early(of session: Int32) -> RequestRecord {
    var request = unfinished(firstToken: -1, emitted: 0, horizon: second)
    request.session = session
    return request
  }

  private func ended(
    _ session: Int32,
    _ outcome: Outcome = .completed,
    start: SimTime = 0,
    finish: SimTime = 10 * second
  ) -> SessionRecord {
    SessionRecord(
      session: session,
      start: start,
      finish: finish,
      requests: 2,
      offered: 2,
      completed: 2,
      outcome: outcome
    )
  }
}
