import Testing

@testable import Workload

/// Names whose indices in the file have gaps, or differ from group to group.
@Suite struct `Names of an archive` {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reading(_ groups: [(rows: RowGroup, names: TraceNames)]) throws -> InMemoryTrace {
    try InMemoryTrace(reading: TraceFile(path: archive(unchecked: groups, in: folder)))
  }

  private func problem(_ groups: [(rows: RowGroup, names: TraceNames)]) throws -> String? {
    #expect(throws: TraceError.self) { try reading(groups) }?.problem
  }

  /// The class of each row.
  private func classes(_ trace: InMemoryTrace) -> [String] {
    trace.groups.flatMap { group in
      let column = group.requestClass
      return column.isEmpty
        ? group.record.map { _ in "" } : column.map { trace.names.classes[Int($0)] }
    }
  }

  /// Three groups; the second uses a name of an index that the first leaves out.
  private func gaps() -> InMemoryTrace {
    var trace = InMemoryTrace(name: "gaps", names: classNames("aa", "bb", "cc", "zz"), groups: [])
    for (number, indices) in ([[0, 1, 3, 0], [2, 0, 2, 3], [1, 2]] as [[UInt16]]).enumerated() {
      let first = Int64(number * 4)
      let records = first..<first + Int64(indices.count)
      var rows = group(
        records,
        at: records.map { $0 * 1_000 },
        sessions: records.map { Int32($0) }
      )
      rows.requestClass = ContiguousArray(indices)
      trace.groups.append(rows)
    }
    return trace
  }

  @Test func `names never change once they are there`() throws {
    let trace = gaps()
    let reader = try TraceArchive(path: archive(inGroupsOf: trace, in: folder)).makeSessionReader()
    for (expected, known) in zip(trace.groups, [["aa", "bb", "zz"], ["aa", "bb", "zz", "cc"]]) {
      let rows = try #require(try reader.next())
      #expect(reader.names.classes == known)
      #expect(SpelledRows(rows, reader.names) == SpelledRows(expected, trace.names))
    }
    _ = try reader.next()
    #expect(try reader.next() == nil)
    #expect(reader.names.classes == ["aa", "bb", "zz", "cc"])
  }

  @Test func `groups with other names each keep them in CSV, in a merger and in an archive`() throws
  {
    let trace = gaps()
    let file = try TraceArchive(path: archive(inGroupsOf: trace, in: folder))
    let expected = classes(trace)
    #expect(classes(try InMemoryTrace(reading: file)) == expected)
    let csv = folder.path("trace.csv")
    try TraceExport.csv.write(file, to: TextFileWriter(path: csv, compression: .none))
    let back = try InMemoryTrace(reading: TraceFile(path: csv))
    #expect(classes(back) == expected)
    #expect(digest(of: back) == file.header.digest)
    let merged = try InMemoryTrace(reading: MergedTrace([file, trace], offsets: [0, 1_000_000]))
    #expect(classes(merged) == expected + expected)
    let again = try archive(InMemoryTrace(reading: file), in: folder)
    #expect(again.header.digest == file.header.digest)
  }

  @Test func `a sorted trace of several groups keeps its names in CSV`() throws {
    // The first session has a class of its own in its last row, far behind another new class.
    let rows = 140_000
    var whole = group(
      0..<Int64(rows),
      at: (0..<rows).map { SimTime($0) * 1_000 },
      sessions: (0..<rows).map { Int32($0) }
    )
    whole.session[rows - 1] = 0
    whole.requestClass = ContiguousArray((0..<rows).map { $0 < 100_000 ? UInt16($0 % 2) : 2 })
    whole.requestClass[rows - 1] = 3
    let trace = InMemoryTrace(
      name: "trace",
      names: classNames("aa", "bb", "cc", "zz"),
      groups: [whole]
    )
    let file = try archive(trace, in: folder)
    #expect(file.index.count == 3)
    let csv = folder.path("trace.csv")
    try TraceExport.csv.write(file, to: TextFileWriter(path: csv, compression: .none))
    #expect(digest(of: try InMemoryTrace(reading: TraceFile(path: csv))) == digest(of: trace))
  }

  @Test func `an index has one name, whichever comes first`() throws {
    for (first, second) in [("aa", "bb"), ("", "bb"), ("aa", ""), ("é", "e\u{301}")] {
      var groups = [group(0..<2, at: [0, 1]), group(2..<3, at: [2])]
      groups[0].requestClass = [1, 1]
      groups[1].requestClass = [1]
      let names = [classNames("x", first), classNames("x", second)]
      let problem = try problem(Array(zip(groups, names)).map { (rows: $0, names: $1) })
      #expect(
        problem?.contains("calls index 1 '\(second)', which an earlier group calls '\(first)'")
          == true
      )
    }
  }

  @Test func `two indices of one name are one name, and equal strings of other bytes are two`()
    throws
  {
    var rows = group(0..<4, at: [0, 1, 2, 3])
    rows.requestClass = [3, 0, 2, 1]
    let trace = try reading([(rows, classNames("chat", "é", "e\u{301}", "chat"))])
    #expect(
      trace.names.classes.map { Array($0.utf8) }
        == ["chat", "é", "e\u{301}"].map { Array($0.utf8) }
    )
    #expect(trace.groups[0].requestClass == [0, 0, 2, 1])
  }

  @Test(arguments: [true, false])
  func `rows of groups without a column of names have the empty name`(isFirst: Bool) throws {
    // The sessions overlap, so that rows of both groups come out together.
    var groups = [
      group(0..<2, at: [0, 9], sessions: [0, 0]), group(2..<4, at: [1, 10], sessions: [1, 1]),
    ]
    groups[isFirst ? 0 : 1].requestClass = [0, 1]
    let path = try archive(
      unchecked: groups.map { ($0, classNames("chat", "code")) },
      in: folder
    )
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    #expect(joined(trace).record == [0, 2, 1, 3])
    #expect(
      classes(trace) == (isFirst ? ["chat", "", "code", ""] : ["", "chat", "", "code"])
    )
    #expect(digest(of: trace) == (try TraceArchive(path: path).header.digest))
  }

  @Test func `a part whose rows have no name has no column of values`() throws {
    let text = try read(
      """
      arrival_seconds,prompt_tokens,output_tokens,session,tenant
      0,1,1,0,acme
      5,1,1,1,
      6,1,1,1,
      """
    )
    let file = try archive(text, in: folder)
    let part = CutTrace(file, to: 5_000_000_000 ..< .never)
    #expect(try !TraceCensus(reading: part).holds(.tenant))
    let again = try archive(InMemoryTrace(reading: part), in: folder)
    #expect(try !TraceCensus(reading: again).holds(.tenant))
    #expect(try InMemoryTrace(reading: again).names.tenants == [""])
  }
}
