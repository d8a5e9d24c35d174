import Testing

@testable import Workload

@Suite struct `Arrival order` {
  /// Sessions of three rows in groups of 300, the records of a session next to each other.
  private func sessions(_ count: Int, _ arrival: (_ session: Int, _ turn: Int) -> SimTime)
    -> InMemoryTrace
  {
    let groups = stride(from: 0, to: count, by: 100).map { first in
      var rows = RowGroup()
      for session in first..<first + 100 {
        for turn in 0..<3 {
          rows.record.append(Int64(3 * session + turn))
          rows.arrival.append(arrival(session, turn))
          rows.session.append(Int32(session))
        }
      }
      rows.promptTokens = ContiguousArray(repeating: 1, count: rows.count)
      rows.outputTokens = rows.promptTokens
      return rows
    }
    return InMemoryTrace(name: "sessions", groups: groups)
  }

  private func read(
    _ trace: InMemoryTrace,
    memoryBytes: Int = 1 << 28
  ) throws -> (trace: InMemoryTrace, rowsHeld: Int) {
    let reader = ArrivalOrder(try trace.makeReader(), memoryBytes: memoryBytes)
    var result = InMemoryTrace(name: "by arrival", groups: [])
    while let group = try reader.next() { result.groups.append(group) }
    result.names = reader.names
    return (result, reader.mostRowsHeld)
  }

  @Test func `rows of one instant are held only up to the next group's first record`() throws {
    let trace = sessions(3_000) { _, _ in 0 }
    let (found, rowsHeld) = try read(trace)
    #expect(joined(found).record == ContiguousArray(0..<9_000))
    #expect(rowsHeld == 0)
  }

  @Test func `of groups that share an instant no row is lost or out of order`() throws {
    // Every session ends at one instant, which is the start of many others.
    let trace = sessions(3_000) { session, turn in
      SimTime(session / 500 + turn * (session % 2)) * 1_000
    }
    let (found, rowsHeld) = try read(trace)
    #expect(violations(of: found).isEmpty)
    #expect(digest(of: found) == digest(of: trace))
    #expect((1..<3_000).contains(rowsHeld))
  }

  @Test func `rows held take bounded memory, and come out alike`() throws {
    // The last turn of every session comes at the end of the trace.
    var trace = sessions(3_000) { session, turn in
      SimTime(turn < 2 ? session : 10_000 - session) * 10
    }
    trace.names.blockTokens = 16
    trace.names.tools = ["search"]
    for index in trace.groups.indices {
      let count = trace.groups[index].count
      trace.groups[index].prefixes.id = [0, Int32(index + 1)]
      trace.groups[index].prefixes.parent = [-1, 0]
      trace.groups[index].prefixes.offset = [0, 1]
      trace.groups[index].prefixes.blocks = [2, 1]
      trace.groups[index].prefixNode = ContiguousArray(
        repeating: Int32(index + 1),
        count: count
      )
      trace.groups[index].prefixBlocks = ContiguousArray(repeating: 1, count: count)
      if index % 2 == 1 { trace.groups[index].tool = ContiguousArray(repeating: 0, count: count) }
    }
    trace.names.tools.append("")
    let (whole, all) = try read(trace)
    let (bounded, few) = try read(trace, memoryBytes: 40_000)
    #expect(all > 2_500)
    #expect(few < 2_000)
    #expect(violations(of: bounded).isEmpty)
    #expect(digest(of: bounded) == digest(of: trace))
    #expect(joined(bounded) == joined(whole))
  }
}
