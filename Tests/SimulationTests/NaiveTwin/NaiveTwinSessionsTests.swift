import Hardware
import Simulation
import Testing
import Workload

/// Closed loops worked out by hand. On an idle mixed instance a request for one token takes 100 ns.
@Suite struct `The naive twin's sessions` {
  private typealias Edge = (parent: Int64, delay: SimTime, trigger: TurnEdge.Trigger)

  private func session(arrivals: [SimTime], _ edges: [[Edge]]) -> RowGroup {
    var rows = TwinScene.trace(arrivals: arrivals, outputTokens: 1)
    rows.session = ContiguousArray(arrivals.map { _ in 0 })
    rows.edgeStart = [0]
    for list in edges {
      for edge in list {
        rows.edges.append(
          TurnEdge(parentRecord: edge.parent, delay: edge.delay, trigger: edge.trigger)
        )
      }
      rows.edgeStart.append(Int32(rows.edges.count))
    }
    return rows
  }

  /// A chain of two, and a third that waits for the second and for the first's dispatch.
  private var join: RowGroup {
    session(
      arrivals: [1_000, 1_010, 1_500],
      [[], [(0, 30, .completion)], [(1, 0, .completion), (0, 500, .dispatch)]]
    )
  }

  private func run(
    _ rows: RowGroup,
    _ loop: LoopMode,
    change: (inout RunOptions) -> Void = { _ in }
  ) -> TwinResult {
    var scene = TwinScene(pools: [TwinScene.pool(.mixed)])
    scene.options.loop = loop
    change(&scene.options)
    return scene.run(rows)
  }

  @Test func `waits for all parents of a turn`() {
    let result = run(join, .closed)
    #expect(result.records.map(\.arrival) == [1_000, 1_130, 1_500])
    #expect(result.records.map(\.finish) == [1_100, 1_230, 1_600])
    #expect(result.records.map(\.sessionStart) == [1_000, 1_000, 1_000])
    // The last waited longest for the dispatch of the first, then took 100 ns.
    var path = SessionPath()
    path.otherGap = 500
    path.prefill = 100
    let session = SessionRecord(
      session: 0,
      start: 1_000,
      finish: 1_600,
      requests: 3,
      offered: 3,
      completed: 3,
      outcome: .completed,
      path: path,
      promptTokens: 60,
      outputTokens: 3
    )
    #expect(result.sessions == [session])
  }

  @Test func `lets a turn without delay arrive at the instant of its parent's end`() {
    let rows = session(arrivals: [1_000, 1_001], [[], [(0, 0, .completion)]])
    #expect(run(rows, .closed).records.map(\.prefillStart) == [1_000, 1_100])
  }

  @Test func `lets turns arrive as recorded in an open loop`() {
    let result = run(join, .open)
    #expect(result.records.map(\.arrival) == [1_000, 1_010, 1_500])
    #expect(result.sessions == [])
  }

  @Test func `scales the starts of sessions, and no delays`() {
    let closed = run(join, .closed) { $0.rateScale = 2 }
    #expect(closed.records.map(\.arrival) == [500, 630, 1_000])
    let open = run(join, .open) { $0.rateScale = 2 }
    #expect(open.records.map(\.arrival) == [500, 510, 1_000])
    #expect(open.records.map(\.sessionStart) == [500, 500, 500])
  }

  @Test func `cancels all that wait for a request that was rejected`() {
    var rows = session(
      arrivals: [1_000, 1_001, 1_002, 1_003],
      [[], [(0, 0, .completion)], [(1, 0, .dispatch)], [(0, 40, .dispatch)]]
    )
    rows.promptTokens[0] = 2_000
    let result = run(rows, .closed)
    #expect(result.records.map(\.outcome) == [.rejected, .cancelled, .cancelled, .completed])
    #expect(result.records.map(\.arrival) == [1_000, 1_000, 1_000, 1_040])
    #expect(result.records.map(\.finish) == [1_000, 1_000, 1_000, 1_140])
    #expect(result.sessions.map(\.outcome) == [.rejected])
    #expect(result.sessions.map(\.offered) == [4])
    #expect(result.sessions.map(\.completed) == [1])
  }

  @Test func `does not offer what is not due by the horizon`() {
    let result = run(join, .closed) { $0.horizon = 1_099 }
    #expect(result.records.map(\.outcome) == [.unfinished])
    #expect(result.notDue == 2)
    #expect(result.sessions.map(\.outcome) == [.unfinished])
    #expect(result.sessions.map(\.finish) == [1_099])
  }
}
