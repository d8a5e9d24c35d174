import Testing

@testable import Workload

/// Files whose lines are no rows as they stand, read with next to no memory for rows.
@Suite struct `Bounded reading` {
  private func read(
    _ text: String,
    _ format: TraceFormat,
    memoryBytes: Int
  ) throws -> InMemoryTrace {
    let folder = try TemporaryFolder()
    let lines = LineReader(try plainBytes(of: FileBytes(path: folder.file("trace", text.utf8))))
    let reader = try format.open(lines, ReadOptions(memoryBytes: memoryBytes))
    var groups: [RowGroup] = []
    while let group = try reader.next() { groups.append(group) }
    return InMemoryTrace(name: "", names: reader.names, groups: groups)
  }

  /// A CSV of interleaved sessions in which each row waits for an older or a newer one.
  private func csv(_ rows: Int, sessions: Int) -> [String] {
    var random = SplitMix64(seed: 31)
    let session = (0..<rows).map { _ in Int(random.next() % UInt64(sessions)) }
    var last: [Int: Int] = [:]
    let parents = (0..<rows).map { row -> String in
      defer { last[session[row]] = row }
      return last[session[row]].map { "\($0):0.\(row % 9 + 1)" } ?? ""
    }
    return (0..<rows).map { "\($0 / 7),1,\($0 % 5 + 1),\(session[$0]),\($0),\(parents[$0])" }
  }

  private func text(_ rows: [String]) -> String {
    (["arrival_seconds,prompt_tokens,output_tokens,session,turn,parents"] + rows)
      .joined(separator: "\n")
  }

  @Test func `linked rows are the same whether they fit into memory or not`() throws {
    let text = text(csv(3_000, sessions: 40))
    let whole = try read(text, .csv, memoryBytes: 1 << 28)
    let bounded = try read(text, .csv, memoryBytes: 4_000)
    #expect(bounded.groups == whole.groups)
    #expect(violations(of: bounded).isEmpty)
  }

  @Test func `sorted sessions are the same whether they fit into memory or not`() throws {
    let lines = (0..<2_000).map { row in
      row % 3 == 0
        ? #"{"session_id": \#(row / 3), "timestamp": \#((row * 7_919) % 5_000), "#
          + #""input_length": 600, "output_length": 1, "hash_ids": [0, \#(row + 1)]}"#
        : #"{"session_id": \#(row / 3), "delay": \#(row % 900), "input_length": 600, "#
          + #""output_length": 1, "hash_ids": [0, \#(row + 1)]}"#
    }
    let text = lines.joined(separator: "\n")
    let whole = try read(text, .mooncake, memoryBytes: 1 << 28)
    let bounded = try read(text, .mooncake, memoryBytes: 4_000)
    #expect(bounded.groups == whole.groups)
    #expect(violations(of: bounded).isEmpty)
  }

  @Test(arguments: [
    ("65539", "65539, which belongs to session 9; expected another record of session 0"),
    ("65541", "65541, which belongs to no session; expected another record of session 0"),
    ("70000", "70000, which the trace does not have; expected another record of session 0"),
  ])
  func `a parent that is far away is an error of its line all the same`(
    parent: String,
    problem: String
  ) throws {
    // Session 0 fills the first group, the others come behind it.
    var rows = (0..<65_542).map { "\($0),1,1,\($0 < 65_536 ? 0 : 9),0," }
    rows[65_541] = "65541,1,1,,0,"
    rows[7] = "7,1,1,0,0,\(parent)"
    for memoryBytes in [1 << 20, 1 << 28] {
      let error = #expect(throws: TraceError.self) {
        try read(text(rows), .csv, memoryBytes: memoryBytes)
      }
      #expect(error?.line == 9)
      #expect(error?.column == 11)
      #expect(error?.problem == "parents names record \(problem)")
    }
  }
}
