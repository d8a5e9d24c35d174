import Testing
import Workload

@Suite struct `Session graph` {
  /// Rows of records 100, 101, … that arrive a second apart, and their edges.
  private func trace(
    sessions: [Int32],
    edges: [Int: [TurnEdge]],
    groupRows: Int = 3
  ) -> InMemoryTrace {
    let groups = stride(from: 0, to: sessions.count, by: groupRows).map { start in
      let rows = start..<min(start + groupRows, sessions.count)
      var group = RowGroup()
      group.record = ContiguousArray(rows.map { Int64($0 + 100) })
      group.arrival = ContiguousArray(rows.map { SimTime($0) * .nanosecondsPerSecond })
      group.promptTokens = ContiguousArray(repeating: 1, count: rows.count)
      group.outputTokens = ContiguousArray(repeating: 1, count: rows.count)
      group.session = ContiguousArray(sessions[rows])
      group.edgeStart = [0]
      for row in rows {
        group.edges += edges[row] ?? []
        group.edgeStart.append(Int32(group.edges.count))
      }
      return group
    }
    return InMemoryTrace(name: "hand-made", groups: groups)
  }

  private func children(_ graph: SessionGraph) -> [[ChildTurn]] {
    (0..<graph.count).map { Array(graph.children(of: $0)) }
  }

  @Test func `children, parents and sessions are by position in the trace`() throws {
    let sessions: [Int32] = [7, -1, 2_000_000_000, 7, 7, -1, 2_000_000_000]
    let edges = [0: [after(104, 3)], 3: [with(100, 5)], 6: [after(102)]]
    let graph = try SessionGraph(trace(sessions: sessions, edges: edges))
    #expect(graph.count == 7)
    #expect(graph.session == [0, 1, 2, 0, 0, 3, 2])
    #expect(graph.sessionCount == 4)
    #expect(graph.sessionRows == [3, 1, 2, 1])
    #expect(graph.sessionStart == [0, 1_000_000_000, 2_000_000_000, 5_000_000_000])
    #expect((0..<7).map(graph.recordedSession(of:)) == sessions)
    #expect((0..<7).map(graph.group(of:)) == [0, 0, 0, 1, 1, 1, 2])
    #expect((0..<7).map(graph.row(of:)) == [0, 1, 2, 0, 1, 2, 0])
    #expect(graph.parentCount == [1, 0, 0, 1, 0, 0, 1])
    let found = children(graph)
    #expect(found[0].map(\.child) == [3])
    #expect(found[0].first?.trigger == .dispatch && found[0].first?.delay == 5)
    #expect(found[2].map(\.child) == [6])
    #expect(found[4].map(\.child) == [0])
    #expect(found[4].first?.trigger == .completion && found[4].first?.delay == 3)
    #expect(found[1].isEmpty && found[3].isEmpty && found[5].isEmpty && found[6].isEmpty)
  }

  @Test func `a trace without sessions and edges is as many sessions as rows`() throws {
    let graph = try SessionGraph(InMemoryTrace(reading: ChatGenerator()))
    #expect(graph.sessionCount == 20_000)
    #expect(graph.session.elementsEqual(0..<20_000))
    #expect(graph.parentCount.allSatisfy { $0 == 0 })
    #expect(graph.children.isEmpty && graph.children(of: 19_999).isEmpty)
    #expect(SessionGraph().count == 0)
  }

  @Test func `drawn graphs agree with dictionaries`() throws {
    var random = SplitMix64(seed: 31)
    for _ in 0..<50 {
      let sessions = (0..<60).map { _ in Int32.random(in: -1...5, using: &random) }
      var edges: [Int: [TurnEdge]] = [:]
      for row in sessions.indices where sessions[row] >= 0 {
        let earlier = (0..<row).filter { sessions[$0] == sessions[row] }
        edges[row] = earlier.shuffled(using: &random).prefix(Int(random.next() % 4)).map {
          after(Int64($0 + 100), SimTime(random.next() % 1_000))
        }
      }
      let graph = try SessionGraph(trace(sessions: sessions, edges: edges, groupRows: 7))
      for (position, found) in children(graph).enumerated() {
        let expected = sessions.indices.flatMap { row in
          (edges[row] ?? []).filter { $0.parentRecord == Int64(position + 100) }
            .map { (row, $0.delay) }
        }
        #expect(found.map { Int($0.child) } == expected.map(\.0))
        #expect(found.map(\.delay) == expected.map(\.1))
        #expect(Int(graph.parentCount[position]) == edges[position]?.count ?? 0)
      }
    }
  }

  @Test(arguments: [
    ([1: [after(7)]], "record 101 of session 4 names record 7, which the trace does not have"),
    ([1: [after(101)]], "record 101 of session 4 names record 101, which is itself"),
    ([1: [after(100), with(100)]], "names record 100 twice"),
    ([3: [after(100)]], "record 103 of session 5 names record 100, which belongs to session 4"),
    ([2: [after(100)]], "record 102 of no session names record 100"),
    ([1: [after(102)]], "names record 102, which belongs to no session"),
    ([1: [after(100, -1)]], "with a negative delay"),
    (
      [0: [after(104)], 4: [after(101)], 1: [after(100)]],
      "record 101 of session 4 names record 100, which waits for it in turn: "
        + "100 waits for 104 waits for 101; expected no cycle"
    ),
  ])
  func `edges that break a rule are an error`(edges: [Int: [TurnEdge]], problem: String) throws {
    let broken = trace(sessions: [4, 4, -1, 5, 4], edges: edges)
    let error = #expect(throws: TraceError.self) { try SessionGraph(broken) }
    #expect(error?.file == "hand-made")
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [[0, 0, 1], [0, 2, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]] as [[Int32]])
  func `columns of edges that do not fit their rows are an error`(starts: [Int32]) throws {
    var broken = trace(sessions: [4, 4, 4], edges: [1: [after(100)]])
    _ = try SessionGraph(broken)
    broken.groups[0].edgeStart = ContiguousArray(starts)
    let error = #expect(throws: TraceError.self) { try SessionGraph(broken) }
    #expect(error?.problem.contains("edgeStart") == true)
  }

  @Test func `a record that stands twice is an error where edges name records`() throws {
    var broken = trace(sessions: [4, 4, 4], edges: [1: [after(100)]])
    broken.groups[0].record[2] = 100
    let error = #expect(throws: TraceError.self) { try SessionGraph(broken) }
    #expect(error?.problem.contains("has record 100 twice") == true)
  }

  @Test func `a long chain named backwards is no cycle, and closing it is one`() throws {
    let count = 20_000
    let sessions = [Int32](repeating: 0, count: count)
    var edges = Dictionary(
      uniqueKeysWithValues: (0..<count - 1).map { ($0, [after(Int64($0) + 101)]) }
    )
    let chain = try SessionGraph(trace(sessions: sessions, edges: edges, groupRows: count))
    #expect(chain.children(of: count - 1).map(\.child) == [Int32(count) - 2])
    edges[count - 1] = [after(100)]
    let error = #expect(throws: TraceError.self) {
      try SessionGraph(trace(sessions: sessions, edges: edges, groupRows: count))
    }
    #expect(error?.problem.contains("waits for 107 waits for …; expected no cycle") == true)
  }

  @Test func `a higher rate brings sessions closer and leaves the time within them`() throws {
    let graph = try SessionGraph(trace(sessions: [0, 1, 0, -1, 1, 0], edges: [2: [after(100)]]))
    let recorded = [0, 1, 2, 3, 4, 5].map { $0 * SimTime.nanosecondsPerSecond }
    #expect(try graph.openArrivals(rateScale: 1).elementsEqual(recorded))
    #expect(
      try graph.openArrivals(rateScale: 3) == [
        0, 333_333_333, 2_000_000_000, 1_000_000_000, 3_333_333_333, 5_000_000_000,
      ]
    )
    #expect(try graph.openArrivals(rateScale: 0.5)[4] == 5_000_000_000)
  }

  @Test func `arrivals beyond the range of time are an error`() throws {
    var late = trace(sessions: [0, 1, 1], edges: [:])
    for scale in [1e-18, 1e-300] {
      let error = #expect(throws: TraceError.self) {
        try SessionGraph(late).openArrivals(rateScale: scale)
      }
      #expect(error?.problem.contains("record 101 arrives more than 146 years") == true)
    }
    late.groups[0].arrival[2] = .max / 2 + 1
    #expect(throws: TraceError.self) { try SessionGraph(late).openArrivals(rateScale: 1) }
  }
}
