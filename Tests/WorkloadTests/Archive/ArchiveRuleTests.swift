import Testing

@testable import Workload

/// What rows have to keep, for whoever writes them and for whoever reads them.
@Suite struct `Rules of an archive` {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What a reader says of groups that the writer did not check.
  private func problem(_ groups: RowGroup..., blockTokens: Int = 512) throws -> String {
    var names = TraceNames()
    names.blockTokens = blockTokens
    let trace = InMemoryTrace(name: "trace", names: names, groups: groups)
    let path = try archive(unchecked: groups.map { ($0, names) }, in: folder)
    let read = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: path))
    }
    let written = #expect(throws: TraceError.self) { try archive(inGroupsOf: trace, in: folder) }
    #expect(written?.problem.contains("cannot be written") == true)
    return read?.problem ?? ""
  }

  private func expectSound(_ groups: RowGroup..., blockTokens: Int = 512) throws {
    var names = TraceNames()
    names.blockTokens = blockTokens
    let trace = InMemoryTrace(name: "trace", names: names, groups: groups)
    let path = try archive(inGroupsOf: trace, in: folder)
    #expect(digest(of: try InMemoryTrace(reading: TraceFile(path: path))) == digest(of: trace))
  }

  @Test func `time starts with the first row`() throws {
    #expect(
      try problem(group(0..<2, at: [7, 9])).contains("column arrival, row 0, holds 7; expected 0")
    )
    #expect(
      try problem(group(0..<2, at: [7, 9], sessions: [1, 2])).contains("holds 7; expected 0")
    )
  }

  @Test func `a deadline is not before the arrival`() throws {
    var rows = group(0..<2, at: [0, 10])
    for deadline: SimTime in [9, -1, .min] {
      rows.deadline = [.never, deadline]
      #expect(
        try problem(rows).contains(
          "column deadline, row 1, holds \(deadline); expected at least the arrival, 10"
        )
      )
    }
    rows.deadline = [0, 10]
    try expectSound(rows)
  }

  @Test func `a session is in one group, and its rows stand together`() throws {
    let other = group(1..<2, at: [10], sessions: [6])
    let first = group(0..<1, at: [0], sessions: [5])
    let again = group(2..<3, at: [20], sessions: [5])
    let expected = "column session, row 0, holds 5; expected the rows of a session together"
    #expect(try problem(first, again).contains(expected))
    #expect(try problem(first, other, again).contains(expected))
    #expect(
      try problem(group(0..<3, at: [0, 1, 2], sessions: [5, 6, 5])).contains("row 2, holds 5")
    )
  }

  @Test func `a record is used once`() throws {
    var rows = group(0..<2, at: [0, 10])
    rows.record = [3, 3]
    #expect(
      try problem(rows).contains("column record, row 1, holds 3; expected each record once")
    )
    rows.record = [3, 1]
    let later = group(3..<4, at: [20])
    #expect(try problem(rows, later).contains("column record, row 0, holds 3; expected each"))
    let large = group(.max - 1 ..< .max, at: [20])
    #expect(try problem(rows, large, large).contains("holds \(Int64.max - 1); expected each"))
  }

  /// A row whose path ends in the last of some nodes, given as id, parent, offset and blocks.
  private func path(
    _ record: Int64,
    blocks: Int32,
    _ nodes: (Int32, Int32, Int32, Int32)...
  ) -> RowGroup {
    var rows = group(record..<record + 1, at: [record])
    for node in nodes {
      rows.prefixes.id.append(node.0)
      rows.prefixes.parent.append(node.1)
      rows.prefixes.offset.append(node.2)
      rows.prefixes.blocks.append(node.3)
    }
    rows.prefixNode = [nodes.last?.0 ?? -1]
    rows.prefixBlocks = [blocks]
    return rows
  }

  @Test func `every group states a node alike`() throws {
    try expectSound(path(0, blocks: 1, (0, -1, 0, 2)), path(1, blocks: 2, (0, -1, 0, 2)))
    for other in [
      path(1, blocks: 2, (0, -1, 0, 3)), path(1, blocks: 1, (5, -1, 0, 1), (0, 5, 1, 2)),
    ] {
      let problem = try problem(path(0, blocks: 1, (0, -1, 0, 2)), other)
      #expect(problem.contains("column node_id, row "))
      #expect(problem.contains("holds 0, which is stated in two ways"))
    }
  }

  @Test func `no block of a path begins behind the prompt`() throws {
    // A prompt of 600 tokens has two blocks of 512, and 600 of one token.
    try expectSound(path(0, blocks: 2, (0, -1, 0, 9)))
    try expectSound(path(0, blocks: 1, (0, -1, 0, 9), (1, 0, 1, 9)))
    try expectSound(path(0, blocks: 600, (0, -1, 0, 600)), blockTokens: 1)
    try expectSound(path(0, blocks: 1, (0, -1, 0, 600)), blockTokens: 600)
    for (rows, blockTokens, blocks) in [
      (path(0, blocks: 3, (0, -1, 0, 9)), 512, 3),
      (path(0, blocks: 2, (0, -1, 0, 9), (1, 0, 1, 9)), 512, 3),
      (path(0, blocks: 601, (0, -1, 0, 601)), 1, 601),
      (path(0, blocks: 2, (0, -1, 0, 2)), 600, 2),
      (path(0, blocks: .max, (0, -1, 0, .max), (1, 0, .max, .max)), 1 << 20, 4_294_967_294),
    ] {
      let problem = try problem(rows, blockTokens: blockTokens)
      #expect(
        problem.contains("as many as begin within the prompt, not of \(blocks)"),
        "\(problem)"
      )
    }
  }

  @Test func `blocks are of a sensible size where there are nodes`() throws {
    try expectSound(path(0, blocks: 1, (0, -1, 0, 1)), blockTokens: 1 << 20)
    try expectSound(group(0..<1, at: [0]), blockTokens: 16)
    let rows = path(0, blocks: 1, (0, -1, 0, 1))
    #expect(try problem(rows, blockTokens: 0).contains("blocks of 0 tokens; expected 1 to 1048576"))
    #expect(try problem(rows, blockTokens: 1 << 20 + 1).contains("block_tokens from 0 to 1048576"))
  }

  @Test func `a group is long only for one session`() throws {
    let most = 1 << 17
    func rows(_ count: Int, _ session: (Int) -> Int32?) -> RowGroup {
      group(
        0..<Int64(count),
        at: [SimTime](repeating: 0, count: count),
        sessions: (0..<count).compactMap(session)
      )
    }
    try expectSound(rows(most) { _ in nil })
    try expectSound(rows(most + 5) { $0 < most - 1 ? -1 : 3 })
    for long in [
      rows(most + 1) { _ in nil }, rows(most + 1) { _ in -1 }, rows(most + 1) { Int32($0) },
      rows(most + 1) { $0 < most ? -1 : 3 },
    ] {
      let problem = try problem(long)
      #expect(problem.contains("has 131073 rows; expected at most 131072, or 1048576 if those"))
    }
    #expect(throws: Never.self) {
      try RowGroupRules.checkLength(rows: 1 << 20, ContiguousArray(repeating: 0, count: 1 << 20))
    }
    #expect(throws: GroupFault.self) {
      try RowGroupRules.checkLength(
        rows: 1 << 20 + 1,
        ContiguousArray(repeating: 0, count: 1 << 20 + 1)
      )
    }
  }

  @Test func `values at the ends of their ranges come back`() throws {
    var rows = group(.max - 3 ..< .max, at: [0, 0, .max - 1], sessions: [.max, .max, .max])
    let most = ContiguousArray<Int32>(repeating: .max, count: 3)
    rows.promptTokens = most
    rows.outputTokens = most
    rows.maxOutputTokens = [0, .max, 1]
    rows.turn = [.max, 0, .max]
    rows.priority = [.min, .max, 0]
    rows.ttftSLO = [.max, 0, 1]
    rows.tpotSLO = [0, .max, 1]
    rows.deadline = [0, .max - 1, .never]
    rows.reasoningTokens = [.max, 0, 1]
    rows.edgeStart = [0, 0, 1, 3]
    rows.edges = [
      after(.max - 3, .max), with(.max - 3, 0), with(.max - 2, .max),
    ]
    rows.prefixNode = [.max, 0, -1]
    rows.prefixBlocks = [1, .max, 0]
    rows.prefixes.id = [0, .max]
    rows.prefixes.parent = [-1, 0]
    rows.prefixes.offset = [0, .max - 1]
    rows.prefixes.blocks = [.max, .max]
    try expectSound(rows, blockTokens: 1)
  }
}
