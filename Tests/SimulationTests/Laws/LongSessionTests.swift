import Hardware
import Policies
import Simulation
import Testing
import Workload

/// Sessions as deep, and delays as long, as a trace may have them.
@Suite struct LongSessionTests {
  /// A session of equal turns, each of which waits for the one before it.
  private func session(turns: Int, firstPrompt: Int32 = 100, delay: SimTime) -> InMemoryTrace {
    var rows = RowGroup()
    for turn in 0..<turns {
      rows.record.append(Int64(turn))
      rows.arrival.append(SimTime(turn))
      rows.promptTokens.append(turn == 0 ? firstPrompt : 100)
      rows.outputTokens.append(2)
      rows.session.append(0)
      rows.turn.append(Int32(turn))
      rows.edgeStart.append(Int32(max(0, turn - 1)))
      if turn > 0 {
        rows.edges.append(
          TurnEdge(parentRecord: Int64(turn - 1), delay: delay, trigger: .completion)
        )
      }
    }
    rows.edgeStart.append(Int32(max(0, turns - 1)))
    return InMemoryTrace(name: "one session", groups: [rows])
  }

  private func run(
    _ trace: InMemoryTrace,
    horizon: SimTime = .never
  ) throws -> (result: RunResult, sink: Sink) {
    var options = RunOptions()
    options.loop = .closed
    options.horizon = horizon
    var sink = Sink()
    let result = try Engine.run(
      trace,
      fleet: try Fleets.named("b200-mixed"),
      policies: try PolicyChoice().resolve(),
      options: options,
      sink: &sink
    )
    return (result, sink)
  }

  private struct Sink: RecordSink {
    var records: [RequestRecord] = []
    var sessions: [SessionRecord] = []

    mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
      for index in requests.indices { records.append(requests[index]) }
    }

    mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}

    mutating func receive(sessions: borrowing ContiguousArray<SessionRecord>) {
      for index in sessions.indices { self.sessions.append(sessions[index]) }
    }
  }

  @Test func `a hundred thousand turns are cancelled with the first`() throws {
    let (result, sink) = try run(session(turns: 100_000, firstPrompt: .max, delay: 0))
    #expect(result.outcome(.rejected) == 1)
    #expect(result.outcome(.cancelled) == 99_999)
    #expect(sink.sessions.map(\.outcome) == [.rejected])
  }

  @Test func `turns follow each other however long they wait`() throws {
    let (_, sink) = try run(session(turns: 20, delay: SimTime.max / 64))
    let records = sink.records.sorted { $0.record < $1.record }
    for (earlier, later) in zip(records, records.dropFirst()) {
      #expect(later.arrival == earlier.finish + SimTime.max / 64)
    }
  }

  @Test func `a turn due beyond the range of time is an error, or not due by the horizon`() throws {
    let trace = session(turns: 4, delay: SimTime.max / 4)
    let error = #expect(throws: TraceError.self) { try run(trace) }
    #expect("\(try #require(error))".contains("146 years"))
    let (result, sink) = try run(trace, horizon: SimTime.max / 3)
    #expect(result.offered == 2)
    #expect(result.notDue == 2)
    #expect(sink.sessions.map(\.outcome) == [.unfinished])
  }
}
