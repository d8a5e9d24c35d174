import Testing
import Workload

@Suite struct `Spread ties` {
  private func group(_ arrivals: [SimTime], from record: Int64 = 0) -> RowGroup {
    var group = RowGroup()
    group.arrival = ContiguousArray(arrivals)
    group.record = ContiguousArray(record..<record + Int64(arrivals.count))
    group.promptTokens = ContiguousArray(repeating: 1, count: arrivals.count)
    group.outputTokens = ContiguousArray(repeating: 1, count: arrivals.count)
    return group
  }

  private func spread(_ groups: [RowGroup], over span: SimTime) throws -> [RowGroup] {
    let base = InMemoryTrace(name: "coarse", groups: groups)
    return try InMemoryTrace(reading: SpreadTies(base, over: span)).groups
  }

  @Test func `the k-th of n at t arrives at t + k span ÷ n, rounded down`() throws {
    let found = try spread([group([0, 0, 0, 10, 20, 20])], over: 10)
    #expect(found.map(\.arrival) == [[0, 3, 6, 10, 20, 25]])
  }

  @Test func `a tie is spread as a whole however the groups cut it`() throws {
    let arrivals: [SimTime] = [0, 9, 9, 9, 9, 9, 9, 9, 30, 30, 50]
    let whole = try spread([group(arrivals)], over: 20).flatMap(\.arrival)
    #expect(whole == [0, 9, 11, 14, 17, 20, 23, 26, 30, 40, 50])
    for rows in 1...arrivals.count {
      let groups = stride(from: 0, to: arrivals.count, by: rows).map { start in
        group(Array(arrivals[start..<min(start + rows, arrivals.count)]), from: Int64(start))
      }
      let found = try spread(groups, over: 20)
      #expect(found.map(\.count) == groups.map(\.count))
      #expect(found.flatMap(\.arrival) == whole)
      #expect(found.map(\.record) == groups.map(\.record))
    }
  }

  @Test func `the reader is not far ahead of what it gives`() throws {
    let counted = Counted(
      InMemoryTrace(name: "", groups: (0..<9).map { group([$0 * 5, $0 * 5], from: 2 * $0) })
    )
    let reader = try SpreadTies(counted, over: 4).makeReader()
    for given in 1...9 {
      _ = try reader.next()
      #expect(counted.taken <= given + 1)
    }
    #expect(try reader.next() == nil)
  }

  @Test func `rows that wait for others keep their arrivals, but not before the row in front`()
    throws
  {
    var rows = group([0, 0, 0, 4, 7, 10, 10])
    rows.session = [0, 0, 1, 0, 0, 0, 2]
    rows.edges = [after(0), after(0), after(1), after(3)]
    rows.edgeStart = [0, 0, 1, 1, 2, 3, 4, 4]
    let found = try spread([rows], over: 10)
    #expect(found.map(\.arrival) == [[0, 0, 5, 5, 7, 10, 10]])
    #expect(found.first?.edges == rows.edges)
  }

  @Test func `stamps closer than their ties can be spread are an error that names both`() throws {
    let groups = [group([0, 2_000_000_000, 2_000_000_000, 4_500_000_000])]
    #expect(
      try spread(groups, over: 4_999_999_999).flatMap(\.arrival)
        == [0, 2_000_000_000, 4_499_999_999, 4_500_000_000]
    )
    let error = #expect(throws: TraceError.self) { try spread(groups, over: 5_000_000_000) }
    #expect(error?.file == "coarse")
    for text in ["2 requests arrive at 2 s", "stamp 4.5 s follows", "over 5 s", "less, or not"] {
      #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
    }
  }

  @Test func `a span of nothing and the end of time are errors`() throws {
    for span in [0, -1] as [SimTime] {
      #expect(throws: TraceError.self) { try spread([group([0])], over: span) }
    }
    let error = #expect(throws: TraceError.self) {
      try spread([group([.max - 1, .max - 1])], over: 4)
    }
    #expect(error?.problem.contains("range of time ends") == true)
    #expect(try spread([group([0, 0])], over: .max).flatMap(\.arrival) == [0, .max / 2])
  }

  @Test func `an error of the base comes through, again and again`() throws {
    let folder = try TemporaryFolder()
    let bad = try folder.file("bad", "arrival_seconds,prompt_tokens,output_tokens\n0,1,x\n".utf8)
    let reader = try SpreadTies(TraceFile(path: bad), over: 1).makeReader()
    for _ in 0..<2 { #expect(throws: TraceError.self) { try reader.next() } }
  }

  @Test func `the Mooncake conversation has no ties left, and every row stays in its 3 seconds`()
    throws
  {
    guard let path = Folders.published("mooncake-fast25/conversation_trace.jsonl") else { return }
    let base = try InMemoryTrace(reading: TraceFile(path: path))
    let span = 3 * SimTime.nanosecondsPerSecond
    let found = try InMemoryTrace(reading: SpreadTies(TraceFile(path: path), over: span))
    let (before, after) = (base.groups.flatMap(\.arrival), found.groups.flatMap(\.arrival))
    #expect(after.count == 12_031)
    #expect(Set(after).count == 12_031)
    #expect(Set(before).count == 1_180)
    #expect(zip(after, after.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(before, after).allSatisfy { $0 <= $1 && $1 < $0 + span })
    #expect(found.groups.flatMap(\.record) == base.groups.flatMap(\.record))
    #expect(found.groups.map(\.prefixes) == base.groups.map(\.prefixes))
    #expect(violations(of: found).isEmpty)
  }
}

/// A trace that counts the groups taken from it.
private final class Counted: Trace, @unchecked Sendable {
  private let base: InMemoryTrace
  private(set) var taken = 0

  var name: String { base.name }

  init(_ base: InMemoryTrace) { self.base = base }

  func makeReader() throws(TraceError) -> any TraceReader {
    Reader(self, try base.makeReader())
  }

  private final class Reader: TraceReader {
    private let counted: Counted
    private let base: any TraceReader

    var names: TraceNames { base.names }

    init(_ counted: Counted, _ base: any TraceReader) {
      self.counted = counted
      self.base = base
    }

    func next() throws(TraceError) -> RowGroup? {
      counted.taken += 1
      return try base.next()
    }
  }
}
